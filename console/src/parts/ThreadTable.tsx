/* Threads as rows: inbox, outbox, and the referrals of a person or a partner. */
import type { JSX } from "preact";

import { say, t } from "../core/language";
import { daysText, present } from "../core/times";
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

/* Names of the outbox (docs/API.md) to how they look. */
const SENT_TONES: Record<string, Tone> = { stored: "good", refused: "bad", expired: "bad", recalled: "neutral" };

function SentTag({ sent }: { sent: NonNullable<Thread["sent"]> }): JSX.Element {
	return <Tag tone={SENT_TONES[sent.state] ?? "info"} text={say(sent.words)} />;
}

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
	return day(new Date(instant)) - day(present());
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
					<a class="jb-link jb-number" href={`/rujukan/${number}`}>{number}</a> <UrgencyTag urgency={urgency} />
				</>
			),
		},
		{ title: partner, show: ({ partner: agency }) => say(agency.name) },
		{
			title: t("work.what"),
			show: ({ type_words, service }) => [say(type_words), say(service.words)].filter(Boolean).join(": "),
		},
		{ title: t("work.client"), show: ({ person }) => <span class="jb-number">{person.number}</span> },
		{ title: t("work.state"), show: ({ state }) => <StateTag state={state} /> },
		{ title: t("work.due"), show: ({ deadline }) => (deadline ? <DueText due={deadline} /> : t("work.noDue")) },
	];
}

/* Our newest letter, beside the state of the whole. */
const sentColumn = (): Column<Thread> => ({
	title: t("work.sent"),
	show: ({ sent, carrier }) => {
		if (sent) return <SentTag sent={sent} />;
		return carrier === "paper" ? t("work.paper") : carrier === "own" ? t("work.own") : "";
	},
});

export function ThreadTable({ caption, partner, showsSent, threads }: {
	caption: string;
	/* What the column of the other agency is called: "Dari", "Kepada". */
	partner: string;
	showsSent?: boolean;
	threads: readonly Thread[];
}): JSX.Element {
	const shown = columns(partner);
	if (showsSent) shown.splice(4, 0, sentColumn());
	return <Table caption={caption} captionHidden columns={shown} rows={threads} keyOf={({ id }) => id} />;
}
