/* The foot of "Hari ini": whether letters leave at all, what waits, how the last backup went. */
import type { JSX } from "preact";

import { language, say, t } from "../core/language";
import { useLoad } from "../core/load";
import { may } from "../core/session";
import { SummaryList } from "../parts/Lists";
import { Section } from "../parts/Page";
import { Tag } from "../parts/Tag";
import type { Status, Today } from "./today-types";

function Hub({ hub }: { hub: Today["hub"] }): JSX.Element {
	const since = say(hub.since_local);
	return (
		<>
			<Tag tone={hub.connected ? "good" : "bad"} text={hub.connected ? t("today.hubOn") : t("today.hubOff")} />
			{since && ` ${t("today.since", { when: since })}`}
		</>
	);
}

function Waiting({ queue }: { queue: Today["queue"] }): JSX.Element {
	const n = queue.written + queue.sealed;
	return (
		<>
			{t("today.toSend", { n })}
			{n > 0 && queue.oldest_local && ` (${t("today.since", { when: say(queue.oldest_local) })})`}
			{queue.in_custody > 0 && <>; {t("today.atHub", { n: queue.in_custody })}</>}
			{queue.refused > 0 && <> <Tag tone="bad" text={t("today.refused", { n: queue.refused })} /></>}
		</>
	);
}

function Backup({ backup }: { backup: NonNullable<Status["backup"]> }): JSX.Element {
	const last = say(backup.last?.at_local);
	const problem = backup.problem && backup.problem[language.value === "id" ? "message_id" : "message_en"];
	return (
		<>
			<Tag tone={backup.old ? "bad" : "good"} text={backup.old ? t("today.backupOld") : t("today.backupGood")} />{" "}
			{last ? t("today.backupLast", { when: last }) : t("today.backupNever")}
			{problem && <p class="jb-body">{problem}</p>}
		</>
	);
}

export function State({ today }: { today: Today }): JSX.Element {
	const { data } = useLoad<Status>(may("status") ? "/v1/status" : null);
	return (
		<Section title={t("today.state")}>
			<SummaryList
				facts={[
					{ name: t("today.hub"), value: <Hub hub={today.hub} /> },
					{ name: t("today.queue"), value: <Waiting queue={today.queue} /> },
					data?.backup && { name: t("today.backup"), value: <Backup backup={data.backup} /> },
				]}
			/>
		</Section>
	);
}
