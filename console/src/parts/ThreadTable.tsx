/* Threads as rows: inbox, outbox, and the referrals of a person or a partner. */
import type { JSX } from "preact";

import { language, say, t } from "../core/language";
import { daysText } from "../core/times";
import type { Deadline, Thread, ThreadState, Urgency } from "../core/types";
import { Table, type Column } from "./Table";
import { Tag, type Tone } from "./Tag";

/* FHIR Task.status to how it looks. */
const TONES: Record<string, Tone> = {
	draft: "neutral",
	requested: "info",
	received: "info",
	accepted: "good",
	rejected: "bad",
	"in-progress": "info",
	"on-hold": "attention",
	completed: "good",
	failed: "bad",
	cancelled: "neutral",
	"entered-in-error": "neutral",
};

export function StateTag({ state }: { state: ThreadState }): JSX.Element {
	return <Tag tone={TONES[state.task_status ?? ""] ?? "neutral"} text={say(state.words)} />;
}

export function UrgencyTag({ urgency }: { urgency: Urgency }): JSX.Element | null {
	if (urgency === "stat") return <Tag tone="bad" text={t("work.stat")} />;
	if (urgency === "asap") return <Tag tone="attention" text={t("work.asap")} />;
	return urgency === "urgent" ? <Tag tone="attention" text={t("work.urgent")} /> : null;
}

/* Whole days from today to the day of an instant, in this computer's zone. */
export function daysUntil(instant: string): number {
	const day = (date: Date): number => Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000);
	return day(new Date(instant)) - day(new Date());
}

export function DueText({ due }: { due: Deadline }): JSX.Element {
	return (
		<>
			<time dateTime={due.due}>{say(due.due_local)}</time>
			<br />
			{due.overdue ? (
				<Tag tone="bad" text={daysText(daysUntil(due.due), true)} />
			) : (
				<span class="jb-soft">{daysText(daysUntil(due.due))}</span>
			)}
		</>
	);
}

function columns(partner: string): Column<Thread>[] {
	return [
		{
			title: t("work.number"),
			lead: true,
			show: ({ number, urgency }) => (
				<>
					<a class="jb-link" href={`/rujukan/${number}`}>{number}</a> <UrgencyTag urgency={urgency} />
				</>
			),
		},
		{ title: partner, show: ({ partner: agency }) => say(agency.name) },
		{
			title: t("work.what"),
			show: ({ type_words, service }) => [say(type_words), say(service.words)].filter(Boolean).join(": "),
		},
		{ title: t("work.client"), show: ({ person }) => person.number ?? "" },
		{ title: t("work.state"), show: ({ state }) => <StateTag state={state} /> },
		{ title: t("work.due"), show: ({ deadline }) => (deadline ? <DueText due={deadline} /> : t("work.noDue")) },
	];
}

export function ThreadTable({ caption, partner, threads }: {
	caption: string;
	/* What the column of the other agency is called: "Dari", "Kepada". */
	partner: string;
	threads: readonly Thread[];
}): JSX.Element {
	void language.value;
	return (
		<Table caption={caption} captionHidden columns={columns(partner)} rows={threads} keyOf={({ id }) => id} />
	);
}
