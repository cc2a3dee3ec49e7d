/*
 * Diminta dari kami: what partners ask of a clinic, a training centre or a prison, by kind of request and
 * deadline; and who is to be released, where that is ours to tell.
 */
import type { JSX } from "preact";

import { address } from "../core/api";
import { say, t } from "../core/language";
import { useLoad } from "../core/load";
import { daysText } from "../core/times";
import type { List, Thread } from "../core/types";
import { EmptyState, Shown } from "../parts/Lists";
import { Page, Section } from "../parts/Page";
import { Table } from "../parts/Table";
import { ThreadTable } from "../parts/ThreadTable";
import type { Reminder } from "./today-types";

const RELEASE = "prison.release.notice";

type Group = { key: string; title: string; threads: Thread[] };

const dueOf = ({ deadline }: Thread): string => deadline?.due ?? "9999";

/* Requests of one kind together: by service where one was named, else by the type of thread. */
function groupsOf(threads: readonly Thread[]): Group[] {
	const groups = new Map<string, Group>();
	for (const thread of threads.filter(({ state }) => !state.ended)) {
		const key = `${thread.type} ${thread.service.code}`;
		const title = [say(thread.type_words), say(thread.service.words)].filter(Boolean).join(": ");
		const group = groups.get(key) ?? { key, title, threads: [] };
		group.threads.push(thread);
		groups.set(key, group);
	}
	for (const { threads: some } of groups.values()) some.sort((a, b) => (dueOf(a) < dueOf(b) ? -1 : 1));
	return [...groups.values()].sort((a, b) => a.title.localeCompare(b.title));
}

function GroupOf({ group }: { group: Group }): JSX.Element {
	const waiting = group.threads.filter(({ deadline }) => deadline?.ours).length;
	return (
		<Section title={t("asked.group", { what: group.title, n: group.threads.length })}>
			{waiting > 0 && <p class="jb-body">{t("asked.answer", { n: waiting })}</p>}
			<ThreadTable caption={group.title} partner={t("work.from")} threads={group.threads} />
		</Section>
	);
}

function Releases(): JSX.Element | null {
	const reminders = useLoad<List<Reminder>>("/v1/reminders?limit=200");
	const releases = (reminders.data?.items ?? []).filter(({ kind }) => kind === RELEASE);
	if (!releases.length) return null;
	return (
		<Section title={t("asked.releases")}>
			<p class="jb-body">{t("asked.releasesWhat")}</p>
			<Table
				caption={t("asked.releases")}
				captionHidden
				rows={releases}
				keyOf={({ n }) => n}
				columns={[
					{ title: t("asked.person"), lead: true, show: ({ person }) => person.number ?? "" },
					{
						title: t("asked.letter"),
						show: ({ kind, words, person }) => (
							<a class="jb-link" href={address("/rujukan/baru", { kind, person: person.id })}>{say(words)}</a>
						),
					},
					{
						title: t("asked.due"),
						show: ({ due, due_local, days, late }) => (
							<>
								<time dateTime={due}>{say(due_local)}</time> <span class="jb-soft">{daysText(days, late)}</span>
							</>
						),
					},
				]}
			/>
		</Section>
	);
}

export default function Asked(): JSX.Element {
	const threads = useLoad<List<Thread>>("/v1/referrals?box=in&limit=200");
	return (
		<Page title={t("asked.title")}>
			<p class="jb-body">{t("asked.lead")}</p>
			<Releases />
			<Shown of={threads}>
				{({ items, next }) => {
					const groups = groupsOf(items);
					return (
						<>
							{groups.map((group) => <GroupOf key={group.key} group={group} />)}
							{!groups.length && <EmptyState text={t("asked.nothing")} />}
							{next && <p class="jb-body">{t("asked.more")}</p>}
						</>
					);
				}}
			</Shown>
		</Page>
	);
}
