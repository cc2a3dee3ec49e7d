/*
 * The form of any kind of letter, drawn from the catalogue. What the agent knows already (fields with a
 * `from`) is not asked again; it stands closed below, for who must say it differently this time.
 */
import type { JSX } from "preact";

import { wrongField } from "../core/api";
import type { Form } from "../core/form";
import { both, say, t } from "../core/language";
import { Details } from "../parts/Details";
import { AnswerField, type Surroundings } from "./AnswerField";
import type { Catalogue, FieldSpec, KindSpec } from "./catalogue";
import { Group } from "./Group";
import type { About } from "./upload";
import { withoutTime } from "./values";

export function surroundings(catalogue: Catalogue, kind: KindSpec, about: About): Surroundings {
	return {
		about,
		labels: kind.needs_consent ? catalogue.labels.filter(({ code }) => kind.labels.includes(code)) : [],
	};
}

/* Throws what the console itself finds wrong, as the agent would say it. */
export function checkForm(form: Form, kind: KindSpec): void {
	const field = withoutTime(kind, form.values.value)[0];
	if (field) throw wrongField(field, both("form.needsTime"));
}

export function KindForm({ form, kind, around, without = [] }: {
	form: Form;
	kind: KindSpec;
	around: Surroundings;
	/* Fields that are asked elsewhere. */
	without?: readonly string[];
}): JSX.Element {
	const wanted = kind.fields.filter(({ name }) => !without.includes(name));
	const known = wanted.filter(({ from }) => from !== "");
	const asked = wanted.filter(({ from }) => from === "");
	/* Tables stand behind what must be answered, before what may be. */
	const tables = kind.groups.length ? asked.reduce((at, { required }, i) => (required ? i + 1 : at), 0) : asked.length;
	const draw = (spec: FieldSpec): JSX.Element => (
		<AnswerField key={spec.name} form={form} name={spec.name} spec={spec} around={around} />
	);
	const open = known.some(({ name }) => form.problemOf(name) || form.raw(name) !== undefined);
	return (
		<>
			{asked.slice(0, tables).map(draw)}
			{kind.groups.map((group) => <Group key={group.name} form={form} group={group} around={around} />)}
			{asked.slice(tables).map(draw)}
			{known.length > 0 && (
				<Details
					open={open}
					summary={t("form.fromRecord", { fields: known.map(({ words }) => say(words)).join(", ") })}
				>
					<p class="jb-hint">{t("form.fromRecordWhat")}</p>
					{known.map((spec) => (
						<AnswerField key={spec.name} form={form} name={spec.name} spec={{ ...spec, required: false }} around={around} />
					))}
				</Details>
			)}
		</>
	);
}
