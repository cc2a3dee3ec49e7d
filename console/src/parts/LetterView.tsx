/*
 * What a letter says: its answers by name, its tables, and the remarks that its reader must see with them.
 * Whatever somebody wrote is shown as text, in its own direction.
 */
import type { JSX } from "preact";

import { say, t } from "../core/language";
import type { Both } from "../core/language";
import { SummaryList } from "./Lists";
import { Table } from "./Table";

export type Answer = { field: string; type: string; value: unknown; words: Both; text: Both };
export type LetterTable = { group: string; words: Both; rows: Answer[][] };
export type Remark = { group: string; row: number; words: Both };

export function Written({ text }: { text: string }): JSX.Element {
	return <span class="jb-written" dir="auto">{text}</span>;
}

/* Several answers of one field stand below each other under its name once. */
export function Answers({ answers }: { answers: readonly Answer[] }): JSX.Element | null {
	const names = [...new Set(answers.map(({ field }) => field))];
	if (!names.length) return null;
	return (
		<SummaryList
			facts={names.map((name) => {
				const those = answers.filter(({ field }) => field === name);
				return {
					name: say(those[0]?.words),
					value: those.map((one, i) => <div key={i}><Written text={say(one.text)} /></div>),
				};
			})}
		/>
	);
}

const columnOf = (field: string): string => field.replace(/^.*\]\./, "");

export function AnswerTable({ table }: { table: LetterTable }): JSX.Element | null {
	const all = table.rows.flat();
	const columns = [...new Set(all.map(({ field }) => columnOf(field)))];
	if (!columns.length) return null;
	return (
		<Table<{ row: Answer[]; n: number }>
			caption={say(table.words)}
			rows={table.rows.map((row, n) => ({ row, n }))}
			keyOf={({ n }) => n}
			columns={columns.map((column, i) => ({
				title: say(all.find(({ field }) => columnOf(field) === column)?.words),
				lead: i === 0,
				show: ({ row }) => (
					<Written text={row.filter(({ field }) => columnOf(field) === column).map(({ text }) => say(text)).join(", ")} />
				),
			}))}
		/>
	);
}

export function Remarks({ remarks }: { remarks: readonly Remark[] }): JSX.Element | null {
	if (!remarks.length) return null;
	return (
		<div class="jb-warning-text">
			<span class="jb-warning-text__icon" aria-hidden="true">!</span>
			<div class="jb-warning-text__text">
				<span class="jb-visually-hidden">{t("thread.note")}</span>
				{remarks.map(({ group, row, words }) => (
					<p class="jb-remark" key={`${group}${row}${words.en}`}>
						{row > 0 && `${t("thread.row", { n: row })} `}{say(words)}
					</p>
				))}
			</div>
		</div>
	);
}
