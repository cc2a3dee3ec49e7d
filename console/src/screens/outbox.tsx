import type { JSX } from "preact";

import { Letters } from "./letters";

export default function Outbox(): JSX.Element {
	return (
		<Letters
			title="nav.outbox"
			partner="work.to"
			showsSent
			boxes={[
				{ id: "out", words: "work.all" },
				{ id: "waiting", words: "work.waiting" },
			]}
		/>
	);
}
