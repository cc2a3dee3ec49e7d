/* Pengaturan: how this agent stands (line, queue, backup, versions), and the way to what an admin changes. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Backup, QueueRow, Status } from "../admin/types";
import { api, ApiError } from "../core/api";
import { say, t, type Both, type Title } from "../core/language";
import { useLoad } from "../core/load";
import { may, type May } from "../core/session";
import type { List } from "../core/types";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";
import { Shown, SummaryList } from "../parts/Lists";
import { Page, Section } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";

const PLACES: readonly { href: string; title: Title; needs: May }[] = [
	{ href: "/atur/akun", title: "nav.accounts", needs: "reset" },
	{ href: "/atur/kunci", title: "nav.keys", needs: "keys" },
	{ href: "/mitra", title: "nav.partners", needs: "status" },
	{ href: "/atur/tenggat", title: "nav.rules", needs: "status" },
	{ href: "/pemeriksaan", title: "nav.verify", needs: "verify" },
	{ href: "/jejak", title: "nav.looks", needs: "looks" },
];

const MIB = 1024 * 1024;

function mib(bytes: number): string {
	return t("admin.mib", { size: (bytes / MIB).toFixed(1) });
}

function Line({ status }: { status: Status }): JSX.Element {
	return (
		<SummaryList
			facts={[
				{
					name: t("admin.hub"),
					value: status.hub.connected ? (
						<Tag tone="good" text={t("admin.connected")} />
					) : (
						<Tag tone="bad" text={t("admin.notConnected")} />
					),
				},
				{ name: t("admin.since"), value: say(status.hub.since_local) },
				{
					name: t("admin.directory"),
					value: t("admin.directoryIs", {
						network: status.directory.network,
						version: status.directory.version,
						when: say(status.directory.expires_local),
					}),
				},
				{
					name: t("admin.ledger"),
					value: t("admin.ledgerIs", {
						people: status.ledger.people,
						entries: status.ledger.entries,
						size: mib(status.ledger.bytes),
					}),
				},
				{ name: t("admin.version"), value: status.version },
				{
					name: t("admin.catalogue"),
					value: status.catalogue.map(({ thread, version }) => `${thread} ${version}`).join(", "),
				},
			]}
		/>
	);
}

function Queue(): JSX.Element {
	return (
		<Shown of={useLoad<List<QueueRow>>("/v1/queue")}>
			{({ items }) => (
				<Table
					caption={t("admin.queue")}
					captionHidden
					rows={items}
					keyOf={(row) => row.class}
					columns={[
						{ title: t("admin.class"), lead: true, show: ({ words }) => say(words) },
						{ title: t("admin.waiting"), numeric: true, show: ({ waiting }) => waiting },
						{ title: t("admin.atHub"), numeric: true, show: ({ at_hub }) => at_hub },
						{ title: t("admin.oldest"), show: ({ oldest_local }) => say(oldest_local) },
					]}
				/>
			)}
		</Shown>
	);
}

function Backups(): JSX.Element {
	const loaded = useLoad<Backup>("/v1/backup");
	const [problem, setProblem] = useState<Both | null>(null);

	const begin = (): void => {
		setProblem(null);
		api.post("/v1/backup").then(loaded.reload, (error: unknown) => {
			if (!(error instanceof ApiError)) throw error;
			setProblem(error.words);
		});
	};
	return (
		<Shown of={loaded}>
			{(backup) => (
				<>
					{backup.old && <Banner tone="bad" title={t("admin.backupOld")} />}
					{problem && <Banner tone="bad" title={say(problem)} />}
					{backup.problem && (
						<Banner
							tone="bad"
							title={say({ id: backup.problem.message_id, en: backup.problem.message_en })}
						/>
					)}
					<SummaryList
						facts={[
							{ name: t("admin.lastBackup"), value: say(backup.last?.at_local) || t("admin.never") },
							{ name: t("admin.lastRehearsal"), value: say(backup.rehearsal?.at_local) || t("admin.never") },
							{ name: t("admin.folder"), value: backup.folder },
							backup.running && {
								name: t("admin.running"),
								value: t("admin.doneOf", { done: mib(backup.done), whole: mib(backup.bytes) }),
							},
						]}
					/>
					{backup.same_disk && <p class="jb-body">{t("admin.sameDisk")}</p>}
					{may("admin") && <Button busy={backup.running} onClick={begin}>{t("admin.backUp")}</Button>}
				</>
			)}
		</Shown>
	);
}

export default function Admin(): JSX.Element {
	return (
		<Page title={t("nav.admin")}>
			<ul class="jb-list jb-places">
				{PLACES.filter(({ needs }) => may(needs)).map(({ href, title }) => (
					<li key={href}><a class="jb-link" href={href}>{t(title)}</a></li>
				))}
			</ul>
			<Section title={t("admin.stateOf")}>
				<Shown of={useLoad<Status>("/v1/status")}>{(status) => <Line status={status} />}</Shown>
			</Section>
			<Section title={t("admin.queue")}><Queue /></Section>
			<Section title={t("admin.backup")}><Backups /></Section>
		</Page>
	);
}
