/* A code or a key that is shown this once: to be written down or handed over, and gone with the page. */
import type { JSX } from "preact";

import { t } from "../core/language";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";

export function Secret({ title, text, what, onClose }: {
	title: string;
	text: string;
	what: string;
	onClose: () => void;
}): JSX.Element {
	return (
		<Banner tone="good" title={title}>
			<p class="jb-body">{what}</p>
			<p class="jb-secret"><code>{text}</code></p>
			<Button kind="secondary" onClick={onClose}>{t("admin.secretSeen")}</Button>
		</Banner>
	);
}
