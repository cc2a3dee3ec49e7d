/* Step 1: whom the letter is about, for which service, and how urgent it is. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { address, api } from "../core/api";
import { useForm } from "../core/form";
import { say, t } from "../core/language";
import { session } from "../core/session";
import type { List, Person } from "../core/types";
import { openingKinds, useWholeCatalogue } from "../forms/catalogue";
import { Button } from "../parts/Button";
import { FormBox } from "../parts/ErrorSummary";
import { Radios, TextField } from "../parts/Field";
import { Written } from "../parts/LetterView";
import { EmptyState, Shown } from "../parts/Lists";
import { Table } from "../parts/Table";
import { asksService, SERVICE, URGENCY, type Opening } from "./refer-types";

/* The words travel in a body only. */
export function FindClient({ kind, about }: { kind: string; about: string | null }): JSX.Element {
	const form = useForm({ words: "" });
	const [found, setFound] = useState<Person[] | null>(null);
	const search = async (): Promise<void> => {
		setFound((await api.post<List<Person>>("/v1/people/search", { words: form.text("words").trim() })).items);
	};
	return (
		<>
			<FormBox form={form} onSubmit={search}>
				<TextField form={form} name="words" label={t("refer.who")} hint={t("refer.whoHint")} width={20} />
				<Button type="submit" busy={form.busy.value}>{t("refer.find")}</Button>
			</FormBox>
			<div aria-live="polite">
				{found && !found.length && <EmptyState text={t("refer.nobody")} />}
				{found && found.length > 0 && (
					<Table
						caption={t("refer.found")}
						rows={found}
						keyOf={({ id }) => id}
						columns={[
							{
								title: t("refer.client"),
								lead: true,
								show: ({ id, name, number }) => (
									<a class="jb-link" href={address("/rujukan/baru", { kind, person: id, about })}>
										<Written text={`${name}, ${number}`} />
									</a>
								),
							},
						]}
					/>
				)}
			</div>
		</>
	);
}

function OtherLetters({ person, about }: { person: string | null; about: string | null }): JSX.Element {
	const catalogue = useWholeCatalogue();
	const now = session.value;
	return (
		<Shown of={catalogue}>
			{(data) => (
				<ul class="jb-list">
					{openingKinds(data, now?.account.role ?? "", now?.agency.kind ?? "").map(({ kind, words }) => (
						<li key={kind}>
							<a class="jb-link" href={address("/rujukan/baru", { kind, person, about })}>{say(words)}</a>
						</li>
					))}
				</ul>
			)}
		</Shown>
	);
}

export function ClientStep({ opening }: { opening: Opening }): JSX.Element {
	const { form, catalogue, kind, person, about } = opening;
	const [others, setOthers] = useState(false);
	return (
		<>
			{asksService(kind) && (
				<Radios
					form={form}
					name={SERVICE}
					label={t("refer.service")}
					choices={catalogue.services.map(({ code, words }) => ({ value: code, label: say(words) }))}
				/>
			)}
			<Radios
				form={form}
				name={URGENCY}
				label={t("refer.urgency")}
				choices={[
					{ value: "routine", label: t("refer.routine") },
					{ value: "urgent", label: t("refer.urgent") },
					{ value: "asap", label: t("refer.asap") },
					{ value: "stat", label: t("refer.stat") },
				]}
			/>
			{others ? (
				<OtherLetters person={person?.id ?? null} about={about} />
			) : (
				<Button kind="plain" onClick={() => setOthers(true)}>{t("refer.otherLetters")}</Button>
			)}
		</>
	);
}
