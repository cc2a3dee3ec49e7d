/*
 * Waiting times as bars: for each pair of agencies the median time until something happened. The value
 * stands in words at the end of its bar, and all of them in a table.
 */
import type { JSX } from "preact";

import { say, t, type Label } from "../core/language";
import type { Median, Pair } from "./types";

const ROW = 30;
const BAR = { x: 4, height: 18, most: 420 } as const;
const WIDTH = 640;

export type Measure = "accept" | "arrival" | "outcome";

export const MEASURES: readonly { id: Measure; words: Label }[] = [
	{ id: "accept", words: "chains.untilAccepted" },
	{ id: "arrival", words: "chains.untilArrived" },
	{ id: "outcome", words: "chains.untilOutcome" },
];

export function pairName({ from, to }: Pair): string {
	return `${say(from?.name)} → ${say(to?.name)}`;
}

type Shown = { pair: Pair; median: Median };

export function measured(pairs: readonly Pair[], measure: Measure): Shown[] {
	return pairs
		.flatMap((pair) => {
			const median = pair[measure];
			return median ? [{ pair, median }] : [];
		})
		.sort((a, b) => b.median.ms - a.median.ms);
}

export function Bars({ pairs, measure }: { pairs: readonly Pair[]; measure: Measure }): JSX.Element {
	const rows = measured(pairs, measure);
	const longest = Math.max(1, ...rows.map(({ median }) => median.ms));
	if (!rows.length) return <p class="jb-body">{t("chains.nothingMeasured")}</p>;
	return (
		<div class="jb-tree" tabIndex={0} role="region" aria-label={t("chains.barsAlt")}>
			<svg width={WIDTH} height={rows.length * 2 * ROW} role="img" aria-label={t("chains.barsAlt")}>
				{rows.map(({ pair, median }, i) => {
					const y = i * 2 * ROW;
					const length = Math.max(2, (median.ms / longest) * BAR.most);
					return (
						<g key={pairName(pair)}>
							<text x={BAR.x} y={y + 20} class="jb-tree-text">{pairName(pair)}</text>
							<rect x={BAR.x} y={y + ROW} width={length} height={BAR.height} class="jb-bar" />
							<text x={BAR.x + length + 8} y={y + ROW + 14} class="jb-tree-text">{say(median.words)}</text>
						</g>
					);
				})}
			</svg>
		</div>
	);
}
