/*
 * A table of a letter. What each row must say stands in one line of a grid, filled by keyboard alone; what
 * it may say besides is opened where it is needed. On a phone's width the cells stand below each other.
 */
import type { JSX } from "preact";

import { fieldId, type Form } from "../core/form";
import { say, t } from "../core/language";
import { Button } from "../parts/Button";
import { Details } from "../parts/Details";
import { FieldError } from "../parts/Field";
import { rowForm, Rows } from "../parts/Rows";
import { AnswerField, type Surroundings } from "./AnswerField";
import type { FieldSpec, GroupSpec } from "./catalogue";

/* A row of more than this is no line of a grid. */
const MOST_COLUMNS = 4;
/* Types that fit into a cell. */
const NARROW = ["text", "code", "integer", "decimal", "quantity", "rupiah", "phone"];

type Props = { form: Form; group: GroupSpec; around: Surroundings };

const nameAt = (group: GroupSpec, row: number, column: string): string => `${group.name}[${row + 1}].${column}`;

function Extra({ form, group, row, fields, around }: Props & { row: number; fields: FieldSpec[] }): JSX.Element | null {
	if (!fields.length) return null;
	const used = fields.some(
		({ name }) => form.raw(nameAt(group, row, name)) !== undefined || form.problemOf(nameAt(group, row, name)),
	);
	return (
		<Details summary={t("form.more", { n: row + 1 })} open={used}>
			{fields.map((spec) => (
				<AnswerField key={spec.name} form={form} name={nameAt(group, row, spec.name)} spec={spec} around={around} />
			))}
		</Details>
	);
}

function Grid({ form, group, around, columns, extra }: Props & { columns: FieldSpec[]; extra: FieldSpec[] }): JSX.Element {
	const rows = form.rows(group.name);
	return (
		<>
			<p class="jb-hint">{t("form.gridHint")}</p>
			<table class="jb-table jb-grid">
				<caption class="jb-visually-hidden">{say(group.words)}</caption>
				<thead class="jb-table__head">
					<tr class="jb-table__row">
						<th scope="col" class="jb-table__header"><span class="jb-visually-hidden">{say(group.words)}</span>#</th>
						{columns.map(({ name, words }) => <th key={name} scope="col" class="jb-table__header">{say(words)}</th>)}
						<td class="jb-table__cell" />
					</tr>
				</thead>
				<tbody class="jb-table__body">
					{rows.map((_, i) => {
						const one = rowForm(form, group.name, i);
						return (
							<tr class="jb-table__row" key={i}>
								<th scope="row" class="jb-table__header">
									<span class="jb-grid-row">{t("form.rows", { n: i + 1 })}</span>
								</th>
								{columns.map((spec) => (
									<td class="jb-table__cell" key={spec.name}>
										<AnswerField form={one} name={nameAt(group, i, spec.name)} spec={spec} around={around} compact />
									</td>
								))}
								<td class="jb-table__cell">
									<Extra form={one} group={group} row={i} fields={extra} around={around} />
									{rows.length > Math.max(1, group.least) && (
										<Button
											kind="plain"
											about={t("form.rows", { n: i + 1 })}
											onClick={() => form.set(group.name, rows.filter((__, at) => at !== i))}
										>
											{t("shell.removeRow")}
										</Button>
									)}
								</td>
							</tr>
						);
					})}
				</tbody>
			</table>
			{rows.length < group.most && (
				<Button kind="secondary" about={say(group.words)} onClick={() => form.set(group.name, [...rows, {}])}>
					{t("shell.addRow")}
				</Button>
			)}
		</>
	);
}

export function Group({ form, group, around }: Props): JSX.Element {
	const columns = group.fields.filter(({ required, type, many }) => required && !many && NARROW.includes(type));
	const extra = group.fields.filter((spec) => !columns.includes(spec));
	const asGrid = columns.length > 0 && columns.length <= MOST_COLUMNS && !extra.some(({ required }) => required);
	return (
		<section class="jb-section" id={fieldId(group.name)} tabIndex={-1}>
			<h3 class="jb-heading-s">{say(group.words)}</h3>
			<FieldError name={group.name} wrong={say(form.problemOf(group.name))} />
			{asGrid ? (
				<Grid form={form} group={group} around={around} columns={columns} extra={extra} />
			) : (
				<Rows form={form} name={group.name} label={say(group.words)} least={Math.max(1, group.least)} most={group.most}>
					{(one, field) =>
						group.fields.map((spec) => (
							<AnswerField key={spec.name} form={one} name={field(spec.name)} spec={spec} around={around} />
						))
					}
				</Rows>
			)}
		</section>
	);
}
