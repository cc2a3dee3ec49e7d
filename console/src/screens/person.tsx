/* One page for one person: where they stand, who may have what, what happened, what comes. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Clauses, ConsentChips } from "../consent/Clauses";
import { api } from "../core/api";
import { say, t } from "../core/language";
import { useLoad } from "../core/load";
import { go } from "../core/router";
import { may } from "../core/session";
import type { ScreenProps } from "../routes";
import { Button, ButtonLink, Buttons } from "../parts/Button";
import { Confirm } from "../parts/Confirm";
import { EmptyState, Shown, SummaryList } from "../parts/Lists";
import { Page } from "../parts/Page";
import { StageBar } from "../parts/StageBar";
import { Table } from "../parts/Table";
import { Tabs, type TabItem } from "../parts/Tabs";
import { ThreadTable } from "../parts/ThreadTable";
import { Letters, Months } from "../person/Letters";
import { Timeline } from "../person/Timeline";
import type { CasePage } from "../person/types";

/* The NIK is masked until somebody says what it is needed for, which is recorded. */
function Nik({ person }: { person: CasePage }): JSX.Element {
	const [whole, setWhole] = useState("");
	const [asking, setAsking] = useState(false);
	const reveal = async (key: string, reason: string): Promise<void> => {
		const { nik } = await api.post<{ nik: string }>(`/v1/people/${person.id}/reveal`, { reason }, key);
		setWhole(nik);
	};
	return (
		<>
			<span class="jb-nik">{whole || person.nik}</span>{" "}
			{!whole && person.nik && (
				<Button kind="plain" onClick={() => setAsking(true)}>{t("person.showNik")}</Button>
			)}
			{asking && (
				<Confirm
					title={t("person.showNikTitle")}
					action={t("person.showNik")}
					reason={t("person.showNikReason")}
					onDo={reveal}
					onClose={() => setAsking(false)}
				>
					<p class="jb-body">{t("person.showNikWhat")}</p>
				</Confirm>
			)}
		</>
	);
}

function Data({ person }: { person: CasePage }): JSX.Element {
	return (
		<SummaryList
			facts={[
				{ name: t("person.name"), value: <bdi>{person.name}</bdi> },
				{ name: t("person.number"), value: person.number },
				person.nik !== "" && { name: t("person.nik"), value: <Nik person={person} /> },
				{ name: t("person.birthDate"), value: person.birth_date },
				{ name: t("person.address"), value: person.address && <bdi>{person.address}</bdi> },
				{ name: t("person.region"), value: person.region },
				{ name: t("person.guardian"), value: person.guardian && <bdi>{person.guardian}</bdi> },
				{ name: t("person.caseManager"), value: person.case_manager },
				{ name: t("person.since"), value: say(person.created_local) },
			]}
		/>
	);
}

function Contact({ person: { contact } }: { person: CasePage }): JSX.Element {
	return (
		<SummaryList
			facts={[
				{ name: t("person.mayCall"), value: say(contact.words) },
				{ name: t("person.phone"), value: contact.phone },
				{ name: t("person.whoKnows"), value: contact.who_knows && <bdi>{contact.who_knows}</bdi> },
			]}
		/>
	);
}

function Documents({ person: { documents } }: { person: CasePage }): JSX.Element {
	if (!documents.length) return <EmptyState text={t("person.noDocuments")} />;
	return (
		<Table
			caption={t("person.documents")}
			captionHidden
			rows={documents}
			keyOf={({ number }) => number}
			columns={[
				{
					title: t("person.document"),
					lead: true,
					show: ({ number, title, coming, state }) =>
						coming && state === "here" ? (
							<a class="jb-link" href={`/v1/attachments/${number}/content`} download><bdi>{title}</bdi></a>
						) : (
							<bdi>{title}</bdi>
						),
				},
				{ title: t("person.partner"), show: ({ partner }) => say(partner.name) },
				{ title: t("person.documentState"), show: ({ words }) => say(words) },
				{
					title: t("person.thread"),
					show: ({ thread }) => thread && <a class="jb-link" href={`/rujukan/${thread}`}>{thread}</a>,
				},
			]}
		/>
	);
}

function Referrals({ person }: { person: CasePage }): JSX.Element {
	return (
		<>
			{person.referrals.length ? (
				<ThreadTable caption={t("person.openReferrals")} partner={t("person.partner")} threads={person.referrals} />
			) : (
				<EmptyState text={t("person.noReferrals")} />
			)}
			{may("send") && <ButtonLink href={`/rujukan/baru?person=${person.id}`}>{t("person.refer")}</ButtonLink>}
		</>
	);
}

function tabsOf(person: CasePage, reload: () => void): TabItem[] {
	return [
		{ id: "timeline", title: t("person.timeline"), show: () => <Timeline person={person.id} /> },
		{ id: "referrals", title: t("person.openReferrals"), show: () => <Referrals person={person} /> },
		{
			id: "consents",
			title: t("consent.title"),
			show: () => <Clauses person={person.id} clauses={person.consents} onChanged={reload} />,
		},
		{
			id: "findings",
			title: t("person.findings"),
			show: () => <Letters letters={person.findings} empty={t("person.noFindings")} />,
		},
		{ id: "plan", title: t("person.plan"), show: () => <Letters letters={person.plan} empty={t("person.noPlan")} /> },
		{ id: "documents", title: t("person.documents"), show: () => <Documents person={person} /> },
		{
			id: "aftercare",
			title: t("person.aftercare"),
			show: () =>
				person.aftercare ? <Months aftercare={person.aftercare} /> : <EmptyState text={t("person.noAftercare")} />,
		},
		{ id: "data", title: t("person.data"), show: () => <Data person={person} /> },
	];
}

function Stages({ person: { scheme, stage, stages } }: { person: CasePage }): JSX.Element | null {
	if (!scheme || !stage) return null;
	return (
		<>
			<StageBar
				label={say(scheme.words)}
				at={stage.stage}
				stages={stages.map((one) => ({ key: one.stage, title: say(one.words), when: say(one.reached_local) }))}
			/>
			<p class="jb-body">{t("person.stageNow", { stage: say(stage.words), n: stage.days })}</p>
		</>
	);
}

function Shows({ person, tab, reload }: { person: CasePage; tab: string; reload: () => void }): JSX.Element {
	return (
		<>
			<Stages person={person} />
			<ConsentChips clauses={person.consents} />
			<Contact person={person} />
			<Buttons>
				{may("send") && <ButtonLink href={`/rujukan/baru?person=${person.id}`}>{t("person.refer")}</ButtonLink>}
				<Button kind="secondary" onClick={() => window.print()}>{t("person.print")}</Button>
			</Buttons>
			<Tabs
				label={t("person.parts")}
				chosen={tab}
				onChoose={(id) => go(`/orang/${person.id}?tab=${id}`, "replace")}
				tabs={tabsOf(person, reload)}
			/>
		</>
	);
}

/* The window's title names nobody. */
export default function OnePerson({ params, query }: ScreenProps): JSX.Element {
	const loaded = useLoad<CasePage>(`/v1/people/${params["id"] ?? ""}`);
	const person = loaded.data;
	return (
		<Page
			title={person ? person.name : t("nav.person")}
			windowTitle={person ? person.number : t("nav.person")}
			{...(person ? { caption: [person.number, person.age !== null ? t("person.years", { n: person.age }) : ""].filter(Boolean).join(" · ") } : {})}
			back={{ href: "/orang", text: t("nav.people") }}
		>
			<Shown of={loaded}>
				{(shown) => <Shows person={shown} tab={query.get("tab") ?? "timeline"} reload={loaded.reload} />}
			</Shown>
		</Page>
	);
}
