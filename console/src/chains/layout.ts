/*
 * Where the boxes of a chain's tree stand: a column for each step away from the agency that began, a row
 * for each leaf, and parents at the height of their first child. A box is an agency that was asked; the
 * one that began has a box of its own.
 */
import type { ChainReferral } from "./types";

export const BOX = { width: 232, height: 76, across: 56, down: 20, margin: 4 } as const;

/* `referral` null: the agency that began. `parent` is a place in the list of boxes. */
export type Box = { referral: ChainReferral | null; name: ChainReferral["from"]; x: number; y: number; parent: number | null };
export type Layout = { boxes: Box[]; width: number; height: number };

function place(column: number, row: number): { x: number; y: number } {
	return {
		x: BOX.margin + column * (BOX.width + BOX.across),
		y: BOX.margin + row * (BOX.height + BOX.down),
	};
}

export function layOut(tree: readonly ChainReferral[]): Layout {
	const boxes: Box[] = [];
	const childrenOf = (parent: string): ChainReferral[] => tree.filter((one) => one.parent === parent);
	const known = new Set(tree.map(({ id }) => id));
	let rows = 0;
	let columns = 0;

	const add = (referral: ChainReferral, column: number, parent: number): void => {
		const at = boxes.length;
		const row = rows;
		boxes.push({ referral, name: referral.to, ...place(column, row), parent });
		columns = Math.max(columns, column + 1);
		const children = childrenOf(referral.id);
		children.forEach((child) => add(child, column + 1, at));
		if (!children.length) rows++;
	};

	/* A referral whose parent nobody told of begins a tree of its own. */
	for (const root of tree.filter(({ parent }) => parent === null || !known.has(parent))) {
		const same = boxes.findIndex(({ referral, name }) => !referral && name.id === root.from.id);
		const start = same >= 0 ? same : boxes.length;
		if (same < 0) boxes.push({ referral: null, name: root.from, ...place(0, rows), parent: null });
		add(root, 1, start);
	}
	return {
		boxes,
		width: 2 * BOX.margin + columns * BOX.width + Math.max(0, columns - 1) * BOX.across,
		height: 2 * BOX.margin + rows * BOX.height + Math.max(0, rows - 1) * BOX.down,
	};
}

/* As much of a text as fits into a line of the box; the whole stands in the table below the drawing. */
export function fit(text: string, characters: number): string {
	const all = [...text];
	return all.length <= characters ? text : `${all.slice(0, characters - 1).join("").trimEnd()}…`;
}
