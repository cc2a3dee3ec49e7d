/* A chain as a drawing. What it shows stands in the table below it too, so readers of the screen get that. */
import type { JSX } from "preact";

import { say, t } from "../core/language";
import { BOX, fit, layOut, type Box } from "./layout";
import type { ChainReferral } from "./types";

const LINE_CHARACTERS = 27;

function standing({ open, waiting, doubts }: ChainReferral): string {
	if (doubts.length) return t("chains.markDisagree");
	if (waiting?.late) return t("chains.markLate");
	return open ? t("chains.markOpen") : t("chains.markEnded");
}

function boxClass({ referral }: Box): string {
	if (!referral) return "jb-tree-box jb-tree-start";
	if (referral.doubts.length) return "jb-tree-box jb-tree-doubt";
	if (referral.waiting?.late) return "jb-tree-box jb-tree-late";
	return referral.open ? "jb-tree-box jb-tree-open" : "jb-tree-box";
}

function BoxShape({ box }: { box: Box }): JSX.Element {
	const { referral, name, x, y } = box;
	const line = (n: number, text: string, kind: string): JSX.Element => (
		<text x={x + 12} y={y + 4 + 21 * n} class={kind}>{fit(text, LINE_CHARACTERS)}</text>
	);
	return (
		<g>
			<title>{say(name.name)}</title>
			<rect x={x} y={y} width={BOX.width} height={BOX.height} rx="4" class={boxClass(box)} />
			{line(1, say(name.name), "jb-tree-name")}
			{line(2, referral ? say(referral.state.words) : t("chains.began"), "jb-tree-text")}
			{referral && line(3, standing(referral), "jb-tree-text")}
		</g>
	);
}

/* From the middle of the parent's right side to the middle of the child's left one. */
function Edge({ from, to }: { from: Box; to: Box }): JSX.Element {
	const x1 = from.x + BOX.width;
	const y1 = from.y + BOX.height / 2;
	const y2 = to.y + BOX.height / 2;
	const middle = x1 + BOX.across / 2;
	return <path class="jb-tree-edge" d={`M${x1} ${y1}H${middle}V${y2}H${to.x - 8}`} marker-end="url(#jb-tree-arrow)" />;
}

export function Tree({ tree, label }: { tree: readonly ChainReferral[]; label: string }): JSX.Element {
	const { boxes, width, height } = layOut(tree);
	return (
		<div class="jb-tree" tabIndex={0} role="region" aria-label={label}>
			<svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t("chains.treeAlt")}>
				<defs>
					<marker id="jb-tree-arrow" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" orient="auto">
						<path d="M0 0L8 4L0 8Z" class="jb-tree-head" />
					</marker>
				</defs>
				{boxes.map((box, i) => {
					const from = box.parent === null ? undefined : boxes[box.parent];
					return from && <Edge key={i} from={from} to={box} />;
				})}
				{boxes.map((box, i) => <BoxShape key={i} box={box} />)}
			</svg>
		</div>
	);
}
