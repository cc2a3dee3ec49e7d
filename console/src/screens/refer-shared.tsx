/*
 * Step 3: what the worker adds, and exactly what would be shared, asked of the agent while it is typed;
 * where only the client's consent is missing it is given here.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ApiError } from "../core/api";
import { useForm } from "../core/form";
import { say, t } from "../core/language";
import { present } from "../core/times";
import { wordsOf } from "../forms/catalogue";
import { KindForm, surroundings } from "../forms/KindForm";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";
import { DateField } from "../parts/DateField";
import { Details } from "../parts/Details";
import { FormBox } from "../parts/ErrorSummary";
import { Checkboxes } from "../parts/Field";
import { Written } from "../parts/LetterView";
import { Section } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";
import { toast } from "../shell/Toasts";
import { lacksConsent, preview, TO, type Opening, type Preview, type PreviewField } from "./refer-types";

const TYPING_MS = 700;

/* Asks anew when what would be sent has changed, a moment after the last key. */
export function usePreview(opening: Opening): { shown: Preview | null; error: ApiError | null; ask: () => void } {
	const [shown, setShown] = useState<Preview | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const [asked, setAsked] = useState(0);
	const values = opening.form.values.value;
	useEffect(() => {
		let wanted = true;
		const timer = setTimeout(() => {
			preview(opening).then(
				(answer) => wanted && (setShown(answer), setError(null)),
				(why: unknown) => {
					if (!(why instanceof ApiError)) throw why;
					if (wanted) setError(why);
				},
			);
		}, shown ? TYPING_MS : 0);
		return () => {
			wanted = false;
			clearTimeout(timer);
		};
	}, [values, asked]);
	return { shown, error, ask: () => setAsked((n) => n + 1) };
}

function Fields({ caption, fields }: { caption: string; fields: readonly PreviewField[] }): JSX.Element {
	return (
		<div class="jb-shared">
			<Table
				caption={caption}
				captionHidden
				rows={fields.map((field, n) => ({ ...field, n }))}
				keyOf={({ n }) => n}
				columns={[
					{ title: t("refer.field"), lead: true, show: ({ words }) => say(words) },
					{ title: t("refer.reads"), show: ({ reads }) => <Written text={say(reads)} /> },
					{
						title: t("refer.why"),
						show: ({ goes, why, label }) => (
							<>
								<Tag tone={goes ? "good" : "attention"} text={t(goes ? "refer.goes" : "refer.stays")} />
								<span class="jb-soft"> {[label && say(label.words), say(why)].filter(Boolean).join(": ")}</span>
							</>
						),
					},
				]}
			/>
		</div>
	);
}

function inAYear(): string {
	const then = present();
	then.setFullYear(then.getFullYear() + 1);
	return then.toISOString().slice(0, 10);
}

export function GiveConsent({ opening, shown, onGiven }: {
	opening: Opening;
	shown: Preview;
	onGiven: () => void;
}): JSX.Element {
	const { catalogue, kind, person } = opening;
	const needed = [...new Set(shown.fields.flatMap(({ label }) => (label ? [label.label] : [])))];
	const form = useForm({ labels: needed, valid_to: inAYear() });
	const partner = say(shown.reader.agency.name);
	const purpose = say(wordsOf(catalogue.purposes, shown.purpose));
	const give = async (key: string): Promise<void> => {
		const clause = {
			recipient: opening.form.text(TO),
			purpose: shown.purpose,
			labels: form.list("labels"),
			valid_to: form.text("valid_to"),
		};
		await api.post(`/v1/people/${person?.id}/consents`, { clauses: [clause] }, key);
		toast(t("refer.consentGiven"));
		onGiven();
	};
	return (
		<Banner title={t("refer.consent")}>
			<p class="jb-body">{t("refer.consentWhat", { partner, purpose })}</p>
			<FormBox form={form} onSubmit={give}>
				<Checkboxes
					form={form}
					name="labels"
					label={t("refer.consentLabels")}
					choices={catalogue.labels
						.filter(({ code }) => kind.labels.includes(code))
						.map(({ code, words }) => ({ value: code, label: say(words) }))}
				/>
				<DateField form={form} name="valid_to" label={t("refer.consentUntil")} />
				<Button type="submit" busy={form.busy.value}>{t("refer.consentGive")}</Button>
			</FormBox>
		</Banner>
	);
}

export function Basis({ shown }: { shown: Preview }): JSX.Element | null {
	const { clause, rule } = shown;
	if (clause)
		return (
			<p class="jb-body">
				{t("refer.clause", { purpose: say(clause.purpose_words), until: say(clause.valid_to_local) })}
			</p>
		);
	return rule && <p class="jb-body">{t("refer.rule", { rule: `${rule.id} ${rule.article}`.trim() })}</p>;
}

export function SharedFields({ shown }: { shown: Preview }): JSX.Element {
	const partner = say(shown.reader.agency.name);
	return (
		<Section title={t("refer.shared")} id="shared">
			<p class="jb-body">{t("refer.sharedWith", { partner, reader: `(${say(shown.reader.words)})` })}</p>
			<Basis shown={shown} />
			<Fields caption={t("refer.shared")} fields={shown.fields} />
			{shown.withheld.length > 0 && (
				<Details summary={t("refer.withheld", { n: shown.withheld.length })}>
					<Fields caption={t("refer.withheld", { n: shown.withheld.length })} fields={shown.withheld} />
				</Details>
			)}
		</Section>
	);
}

export function ContentFields({ opening }: { opening: Opening }): JSX.Element {
	const { form, catalogue, kind, person } = opening;
	return (
		<KindForm
			form={form}
			kind={kind}
			around={surroundings(catalogue, kind, { person: person?.id })}
			without={kind.fields.filter(({ from }) => from === "service").map(({ name }) => name)}
		/>
	);
}

/* Below the form: what would be shared, or what is missing for it. */
export function Sharing({ opening }: { opening: Opening }): JSX.Element {
	const { shown, error, ask } = usePreview(opening);
	return (
		<div aria-busy={!shown && !error}>
			{shown && lacksConsent(shown) && <GiveConsent opening={opening} shown={shown} onGiven={ask} />}
			{shown ? <SharedFields shown={shown} /> : !error && <p class="jb-body" role="status">{t("refer.checking")}</p>}
			{error && !shown && !error.fields.length && <Banner tone="bad" title={say(error.words)} />}
		</div>
	);
}
