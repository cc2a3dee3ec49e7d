/* The badge of the line: whether this console reaches its agent, what waits here, when it last did. */
import type { JSX } from "preact";

import { lastReached, reachable } from "../core/api";
import { t } from "../core/language";
import { queue, refusedCount, waiting } from "../core/queue";
import { sinceText } from "../core/times";

export function Connection(): JSX.Element {
	const on = reachable.value;
	return (
		<>
			<span class={on ? "jb-line" : "jb-line jb-line-off"} role="status">
				<span aria-hidden="true">{on ? "●" : "○"} </span>
				{on ? t("shell.online") : t("shell.offline")}
				{!on && lastReached.value && `, ${t("shell.lastSync", { when: sinceText(lastReached.value) })}`}
			</span>
			{queue.value.length > 0 && (
				<a class="jb-header-link" href="/antrean">
					{waiting.value > 0 && t("shell.queued", { n: waiting.value })}
					{waiting.value > 0 && refusedCount.value > 0 && ", "}
					{refusedCount.value > 0 && t("shell.refused", { n: refusedCount.value })}
				</a>
			)}
		</>
	);
}
