/*
 * One thread: where it stands, what is waited for, what can come next, its letters and files. The number in
 * its address says nothing about anybody.
 */
import type { JSX } from "preact";

import { language, say, t } from "../core/language";
import { useLoad } from "../core/load";
import type { ScreenProps } from "../routes";
import { kindOf, useCatalogue, type Catalogue } from "../forms/catalogue";
import { Banner } from "../parts/Banner";
import { Button, ButtonLink, Buttons } from "../parts/Button";
import { Written } from "../parts/LetterView";
import { Shown, SummaryList } from "../parts/Lists";
import { LoadingPage, Page, Section } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";
import { DueText, StateTag, UrgencyTag } from "../parts/ThreadTable";
import { Attachments } from "./thread-files";
import { Letters } from "./thread-letters";
import { Next } from "./thread-next";
import { Write } from "./thread-write";
import type { Named, WholeThread } from "./thread-types";

function Person({ person }: { person: NonNullable<WholeThread["person"]> }): JSX.Element {
	const name = [person.name, person.number].filter(Boolean).join(", ");
	return person.id && person.number ? (
		<a class="jb-link" href={`/orang/${person.id}`}><Written text={name} /></a>
	) : (
		<Written text={name} />
	);
}

function Related({ thread }: { thread: WholeThread }): JSX.Element | null {
	const { parent, child, replaces } = thread;
	const link = (named: Named, key: "thread.parent" | "thread.child" | "thread.replaces"): JSX.Element | null =>
		named && <div><a class="jb-link" href={`/rujukan/${named.number}`}>{t(key, { number: named.number })}</a></div>;
	if (!parent && !child && !replaces) return null;
	return <>{link(parent, "thread.parent")}{link(child, "thread.child")}{link(replaces, "thread.replaces")}</>;
}

function carrierText({ carrier, code }: WholeThread): string | null {
	if (carrier === "paper") return t("thread.paper", { code });
	return carrier === "own" ? t("thread.own") : null;
}

function Facts({ thread }: { thread: WholeThread }): JSX.Element {
	const { partner, person, side } = thread;
	const related = thread.parent || thread.child || thread.replaces;
	return (
		<SummaryList
			facts={[
				{
					name: t("thread.state"),
					value: <><StateTag state={thread.state} /> <UrgencyTag urgency={thread.urgency} /></>,
				},
				{
					name: side === "performer" ? t("thread.from") : t("thread.to"),
					value: (
						<>
							{say(partner.name)}
							{partner.phone && <>, <a class="jb-link" href={`tel:${partner.phone}`}>{partner.phone}</a></>}
						</>
					),
				},
				person && { name: t("thread.client"), value: <Person person={person} /> },
				{ name: t("thread.service"), value: say(thread.service.words) },
				{ name: t("thread.appointment"), value: say(thread.appointment_local) },
				{ name: t("thread.opened"), value: say(thread.opened_local) },
				{ name: t("thread.carrier"), value: carrierText(thread) },
				related && { name: t("thread.related"), value: <Related thread={thread} /> },
			]}
		/>
	);
}

function Clocks({ thread }: { thread: WholeThread }): JSX.Element | null {
	if (!thread.deadlines.length) return null;
	return (
		<Section title={t("thread.clocks")}>
			<Table
				caption={t("thread.clocks")}
				captionHidden
				rows={thread.deadlines}
				keyOf={({ what }) => what}
				columns={[
					{ title: t("thread.what"), lead: true, show: ({ words }) => say(words) },
					{ title: t("thread.who"), show: ({ ours, owner }) => (ours ? t("thread.us") : say(owner.name)) },
					{
						title: t("thread.until"),
						show: (due) => (due.paused ? <Tag tone="neutral" text={t("thread.paused")} /> : <DueText due={due} />),
					},
				]}
			/>
		</Section>
	);
}

function Warnings({ thread }: { thread: WholeThread }): JSX.Element {
	return (
		<>
			{thread.data_stopped && <Banner tone="bad" title={t("thread.stopped")} />}
			{thread.cancel_asked_local && !thread.state.ended && (
				<Banner title={t("thread.cancelAsked")}><p class="jb-body">{say(thread.cancel_asked_local)}</p></Banner>
			)}
		</>
	);
}

function Writing({ thread, catalogue, name, reported, onDone }: {
	thread: WholeThread;
	catalogue: Catalogue;
	name: string;
	reported: boolean;
	onDone: () => void;
}): JSX.Element {
	const found = kindOf(catalogue, name);
	const possible = (reported ? thread.reportable : thread.next).some(({ kind }) => kind === name);
	if (!found || !possible) return <Banner title={t("thread.noAnswer")} />;
	return (
		<Write
			key={`${name}${reported}`}
			thread={thread}
			catalogue={catalogue}
			type={found.type}
			kind={found.kind}
			reported={reported}
			onDone={onDone}
		/>
	);
}

function Whole({ thread, query, onDone }: {
	thread: WholeThread;
	query: URLSearchParams;
	onDone: () => void;
}): JSX.Element {
	const catalogue = useCatalogue(thread.type);
	const name = query.get("kind");
	const reported = query.get("reported") === "1";
	const type = catalogue.data?.threads[0] ?? null;
	return (
		<>
			<Warnings thread={thread} />
			<Facts thread={thread} />
			{name ? (
				<Shown of={catalogue}>
					{(data) => <Writing thread={thread} catalogue={data} name={name} reported={reported} onDone={onDone} />}
				</Shown>
			) : (
				<div class="jb-no-print"><Next thread={thread} type={type} /></div>
			)}
			<Clocks thread={thread} />
			<Section title={t("thread.letters")}><Letters thread={thread} onDone={onDone} /></Section>
			<Attachments files={thread.attachments} />
			<Buttons>
				{thread.carrier === "paper" && (
					<ButtonLink kind="secondary" href={`/rujukan/${thread.number}/cetak`}>{t("thread.printLetter")}</ButtonLink>
				)}
				<Button kind="secondary" onClick={() => print()}>{t("thread.print")}</Button>
			</Buttons>
		</>
	);
}

export default function ThreadPage({ params, query }: ScreenProps): JSX.Element {
	void language.value;
	const loaded = useLoad<WholeThread>(`/v1/referrals/${encodeURIComponent(params["number"] ?? "")}`, "once");
	const thread = loaded.data;
	if (!thread && !loaded.error) return <LoadingPage />;
	const what = thread ? say(thread.type_words) : "";
	const number = thread?.number ?? "";
	const inbound = thread?.side === "performer";
	return (
		<Page
			title={thread ? t("thread.titleOf", { what, number }) : t("thread.letters")}
			back={inbound ? { href: "/surat/masuk", text: t("thread.toInbox") } : { href: "/surat/keluar", text: t("thread.toOutbox") }}
		>
			<Shown of={loaded}>{(data) => <Whole thread={data} query={query} onDone={loaded.reload} />}</Shown>
		</Page>
	);
}
