/*
 * Persetujuan: what the client agrees to, in plain words that are read aloud, printed and signed. The
 * sentence below the form is what is recorded, one clause for each recipient.
 */
import type { JSX } from "preact";

import { codeText, useConsentWords, type ConsentWords } from "../consent/words";
import { api } from "../core/api";
import { useForm, type Form } from "../core/form";
import { language, say, t } from "../core/language";
import { useLoad } from "../core/load";
import { go } from "../core/router";
import { session } from "../core/session";
import { present } from "../core/times";
import type { Agency, List } from "../core/types";
import type { ScreenProps } from "../routes";
import { Inset } from "../parts/Banner";
import { Button, Buttons } from "../parts/Button";
import { DateField } from "../parts/DateField";
import { FormBox } from "../parts/ErrorSummary";
import { Checkboxes, Radios, Select } from "../parts/Field";
import { Shown } from "../parts/Lists";
import { Page } from "../parts/Page";

type Partner = Agency & { self: boolean; active: boolean };

const MONTHS = 6;

/* The day half a year from now: long enough for a course of treatment, and then it is asked again. */
function defaultUntil(): string {
	const day = present();
	day.setMonth(day.getMonth() + MONTHS);
	return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}

function dateWords(value: string): string {
	const date = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T12:00:00`) : null;
	if (!date || Number.isNaN(date.getTime())) return "…";
	return new Intl.DateTimeFormat(language.value === "id" ? "id-ID" : "en-GB", { dateStyle: "long" }).format(date);
}

function Sentence({ form, words, partners }: { form: Form; words: ConsentWords; partners: readonly Partner[] }): JSX.Element {
	const who = form.text("to") === "agency"
		? say(partners.find(({ id }) => id === form.text("recipient"))?.name)
		: codeText(words.agency_kinds, form.text("recipient_kind"));
	return (
		<Inset>
			<p class="jb-body" id="consent-sentence">
				{t("consent.sentence", {
					agency: say(session.value?.agency.name),
					who: who || "…",
					labels: form.list("labels").map((label) => codeText(words.labels, label)).join(", ") || "…",
					purpose: form.text("purpose") ? codeText(words.purposes, form.text("purpose")) : "…",
					until: dateWords(form.text("valid_to")),
				})}
			</p>
			<p class="jb-body">{t("consent.rights")}</p>
		</Inset>
	);
}

function clauseOf(form: Form): Record<string, unknown> {
	const whole = form.text("to") === "agency"
		? { recipient: form.text("recipient") }
		: { recipient_kind: form.text("recipient_kind"), recipient_region: session.value?.agency.region ?? "" };
	return { ...whole, purpose: form.text("purpose"), labels: form.list("labels"), valid_to: form.text("valid_to") };
}

function Ask({ form, words, partners }: { form: Form; words: ConsentWords; partners: readonly Partner[] }): JSX.Element {
	const choices = (codes: ConsentWords["labels"]): { value: string; label: string }[] =>
		codes.map(({ code, words: text }) => ({ value: code, label: say(text) }));
	return (
		<>
			<Radios
				form={form}
				name="to"
				label={t("consent.toWhom")}
				choices={[
					{ value: "agency", label: t("consent.toAgency") },
					{ value: "kind", label: t("consent.toKind"), hint: t("consent.toKindHint") },
				]}
			/>
			{form.text("to") === "agency" ? (
				<Select
					form={form}
					name="recipient"
					label={t("consent.recipient")}
					choices={partners.filter(({ self }) => !self).map(({ id, name }) => ({ value: id, label: say(name) }))}
				/>
			) : (
				<Select form={form} name="recipient_kind" label={t("consent.kind")} choices={choices(words.agency_kinds)} />
			)}
			<Select form={form} name="purpose" label={t("consent.purpose")} choices={choices(words.purposes)} />
			<Checkboxes form={form} name="labels" label={t("consent.labels")} choices={choices(words.labels)} />
			<DateField form={form} name="valid_to" label={t("consent.until")} hint={t("consent.untilHint")} />
		</>
	);
}

/* The agent names what is wrong in a clause by its own member; "clauses[0].labels" is our "labels". */
function GiveForm({ person, words, partners }: {
	person: string;
	words: ConsentWords;
	partners: readonly Partner[];
}): JSX.Element {
	const form = useForm(
		{ to: "agency", recipient: "", recipient_kind: "", purpose: "", labels: [], valid_to: defaultUntil() },
		`consent:${person}`,
	);
	return (
		<FormBox
			form={form}
			onSubmit={async (key) => {
				await api.post(`/v1/people/${person}/consents`, { clauses: [clauseOf(form)] }, key);
				go(`/orang/${person}?tab=consents`, "replace");
			}}
		>
			<Ask form={form} words={words} partners={partners} />
			<h2 class="jb-heading-m">{t("consent.readAloud")}</h2>
			<Sentence form={form} words={words} partners={partners} />
			<Buttons>
				<Button type="submit" busy={form.busy.value}>{t("consent.record")}</Button>
				<Button kind="secondary" onClick={() => window.print()}>{t("consent.print")}</Button>
			</Buttons>
			<p class="jb-print-only">{t("consent.signature")}</p>
		</FormBox>
	);
}

export default function GiveConsent({ params }: ScreenProps): JSX.Element {
	const person = params["id"] ?? "";
	const words = useConsentWords();
	const partners = useLoad<List<Partner>>("/v1/partners?limit=200");
	return (
		<Page title={t("nav.consent")} back={{ href: `/orang/${person}`, text: t("person.back") }}>
			<p class="jb-body">{t("consent.intro")}</p>
			<Shown of={words}>
				{(known) => (
					<Shown of={partners}>
						{({ items }) => <GiveForm person={person} words={known} partners={items} />}
					</Shown>
				)}
			</Shown>
		</Page>
	);
}
