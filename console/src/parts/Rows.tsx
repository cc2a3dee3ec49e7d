/*
 * The rows of a table that is filled in: each row a fieldset of its own fields, with "add" and "remove".
 * Field names are NAME[1].COLUMN as the agent names them in its problems.
 */
import type { ComponentChildren, JSX } from "preact";

import type { Form } from "../core/form";
import { t } from "../core/language";
import { Button } from "./Button";

/* The form as the fields of one row see it: `column` instead of NAME[row].column. */
export function rowForm(form: Form, name: string, row: number): Form {
	const column = (field: string): string => field.slice(`${name}[${row + 1}].`.length);
	const value = (field: string): unknown => form.rows(name)[row]?.[column(field)];
	return Object.assign(Object.create(form) as Form, {
		raw: value,
		text: (field: string) => String(value(field) ?? ""),
		list: (field: string) => (Array.isArray(value(field)) ? (value(field) as unknown[]).map(String) : []),
		set: (field: string, next: unknown) =>
			form.set(name, form.rows(name).map((one, i) => (i === row ? { ...one, [column(field)]: next } : one))),
	});
}

export function Rows({ form, name, label, most = 50, least = 0, children }: {
	form: Form;
	name: string;
	label: string;
	least?: number;
	most?: number;
	/* Draws the fields of one row; `field("code")` is the name that a column's field takes. */
	children: (form: Form, field: (column: string) => string, row: number) => ComponentChildren;
}): JSX.Element {
	const rows = form.rows(name);
	return (
		<div class="jb-rows">
			{rows.map((_, i) => (
				<fieldset class="jb-fieldset jb-row" key={i}>
					<legend class="jb-fieldset__legend jb-fieldset__legend--s">
						{t("shell.rowOf", { label, n: i + 1 })}
					</legend>
					{children(rowForm(form, name, i), (column) => `${name}[${i + 1}].${column}`, i)}
					{rows.length > least && (
						<Button
							kind="secondary"
							about={t("shell.rowOf", { label, n: i + 1 })}
							onClick={() => form.set(name, rows.filter((__, at) => at !== i))}
						>
							{t("shell.removeRow")}
						</Button>
					)}
				</fieldset>
			))}
			{rows.length < most && (
				<Button kind="secondary" about={label} onClick={() => form.set(name, [...rows, {}])}>
					{t("shell.addRow")}
				</Button>
			)}
		</div>
	);
}
