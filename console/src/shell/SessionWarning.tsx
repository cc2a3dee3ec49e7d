/* A few minutes before the session ends: stay, or sign out. What is typed stays in either case. */
import type { JSX } from "preact";

import { t } from "../core/language";
import { endsAt, recallSession } from "../core/session";
import { now } from "../core/times";
import { Button } from "../parts/Button";

const WARN_MS = 3 * 60_000;

export function SessionWarning(): JSX.Element | null {
	const left = endsAt.value - now.value;
	if (left > WARN_MS) return null;
	return (
		<div class="jb-session-warning" role="alert">
			<p class="jb-body">{t("shell.sessionEnds", { n: Math.max(1, Math.ceil(left / 60_000)) })}</p>
			<Button kind="secondary" onClick={() => void recallSession().catch(() => undefined)}>
				{t("shell.stay")}
			</Button>
		</div>
	);
}
