import type { JSX } from "preact";

import { t } from "../core/language";

export type Stage = { key: string; title: string; when?: string };

/* How far somebody has come: stages in their order, those that are done, the one that runs. */
export function StageBar({ label, stages, at }: {
	label: string;
	stages: readonly Stage[];
	at: string;
}): JSX.Element {
	const now = stages.findIndex(({ key }) => key === at);
	const status = (i: number): string => {
		if (i < now) return t("shell.stageDone");
		return i === now ? t("shell.stageNow") : t("shell.stageAhead");
	};
	return (
		<ol class="jb-stages" aria-label={label}>
			{stages.map(({ key, title, when }, i) => (
				<li
					key={key}
					class={i < now ? "jb-stage jb-stage-done" : i === now ? "jb-stage jb-stage-now" : "jb-stage"}
					aria-current={i === now ? "step" : undefined}
				>
					<span class="jb-stage-title">{title}</span>
					<span class="jb-visually-hidden">: {status(i)}</span>
					{when && <span class="jb-stage-when">{when}</span>}
				</li>
			))}
		</ol>
	);
}
