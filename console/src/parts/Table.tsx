/*
 * A table with a caption. A column that is `lead` holds what the row is about and becomes its header;
 * on a phone's width each row is shown as a block, every cell after its column's name.
 */
import type { ComponentChildren, JSX } from "preact";

export type Column<Row> = {
	title: string;
	show: (row: Row) => ComponentChildren;
	lead?: boolean;
	numeric?: boolean;
};

export function Table<Row>({ caption, captionHidden, columns, rows, keyOf }: {
	caption: string;
	captionHidden?: boolean;
	columns: readonly Column<Row>[];
	rows: readonly Row[];
	keyOf: (row: Row) => string | number;
}): JSX.Element {
	const cell = (column: Column<Row>, row: Row): JSX.Element => {
		const inner = (
			<>
				<span class="jb-cell-title" aria-hidden="true">{column.title}</span>
				<span>{column.show(row)}</span>
			</>
		);
		if (column.lead) return <th scope="row" class="jb-table__header" key={column.title}>{inner}</th>;
		return (
			<td
				key={column.title}
				class={column.numeric ? "jb-table__cell jb-table__cell--numeric" : "jb-table__cell"}
			>
				{inner}
			</td>
		);
	};
	return (
		<table class="jb-table jb-table-cards">
			<caption class={captionHidden ? "jb-visually-hidden" : "jb-table__caption jb-table__caption--m"}>
				{caption}
			</caption>
			<thead class="jb-table__head">
				<tr class="jb-table__row">
					{columns.map(({ title, numeric }) => (
						<th
							key={title}
							scope="col"
							class={numeric ? "jb-table__header jb-table__header--numeric" : "jb-table__header"}
						>
							{title}
						</th>
					))}
				</tr>
			</thead>
			<tbody class="jb-table__body">
				{rows.map((row) => (
					<tr class="jb-table__row" key={keyOf(row)}>{columns.map((column) => cell(column, row))}</tr>
				))}
			</tbody>
		</table>
	);
}
