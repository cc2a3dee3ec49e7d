/* Penerimaan awal: a new client, in the form that the agent's catalogue has. */
import type { JSX } from "preact";

import { api } from "../core/api";
import { useForm } from "../core/form";
import { t } from "../core/language";
import { go } from "../core/router";
import { AnswerField } from "../forms/AnswerField";
import { useCatalogueWords, type FieldSpec } from "../forms/catalogue";
import { answerOf } from "../forms/values";
import { Button } from "../parts/Button";
import { FormBox } from "../parts/ErrorSummary";
import { Shown } from "../parts/Lists";
import { Page } from "../parts/Page";

const NOTHING = { about: {}, labels: [] };

/* Whoever has no answer leaves a field empty: a record has no "declined". */
function IntakeForm({ fields }: { fields: readonly FieldSpec[] }): JSX.Element {
	const form = useForm({}, "intake");
	return (
		<FormBox
			form={form}
			onSubmit={async (key, typed) => {
				const given = fields.flatMap((spec) => {
					const answer = answerOf(spec, typed[spec.name]);
					return answer === undefined ? [] : [[spec.name, answer] as const];
				});
				const { id } = await api.post<{ id: string }>("/v1/people", Object.fromEntries(given), key);
				go(`/orang/${id}`, "replace");
			}}
		>
			{fields.map((spec) => (
				<AnswerField
					key={spec.name}
					form={form}
					name={spec.name}
					spec={{ ...spec, personal: false }}
					around={NOTHING}
				/>
			))}
			<Button type="submit" busy={form.busy.value}>{t("person.record")}</Button>
		</FormBox>
	);
}

export default function Intake(): JSX.Element {
	return (
		<Page title={t("nav.intake")} back={{ href: "/orang", text: t("nav.people") }}>
			<Shown of={useCatalogueWords()}>{({ forms }) => <IntakeForm fields={forms.intake} />}</Shown>
		</Page>
	);
}
