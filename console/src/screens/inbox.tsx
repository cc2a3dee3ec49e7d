import type { JSX } from "preact";

import { Letters } from "./letters";

export default function Inbox(): JSX.Element {
	return (
		<Letters
			title="nav.inbox"
			partner="work.from"
			boxes={[
				{ id: "in", words: "work.all" },
				{ id: "needs-answer", words: "work.needsAnswer" },
			]}
		/>
	);
}
