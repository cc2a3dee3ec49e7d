/* A few minutes before the session ends: stay, where that is possible. What is typed stays in any case. */
import type { JSX } from "preact";

import { t } from "../core/language";
import { canStay, restMs, touch } from "../core/idle";
import { Button } from "../parts/Button";

const WARN_MS = 3 * 60_000;

export function SessionWarning(): JSX.Element | null {
	const left = restMs.value;
	if (left > WARN_MS) return null;
	const n = Math.max(1, Math.ceil(left / 60_000));
	return (
		<div class="jb-session-warning" role="alert">
			<p class="jb-body">{canStay.value ? t("shell.sessionEnds", { n }) : t("shell.sessionMustEnd", { n })}</p>
			{canStay.value && <Button kind="secondary" onClick={touch}>{t("shell.stay")}</Button>}
		</div>
	);
}
