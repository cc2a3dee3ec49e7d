/* GET /v1/today (agents/api/today.c), and what /v1/status adds for the foot of the page. */
import type { Both } from "../core/language";
import type { Agency, Deadline, PersonNumber, ThreadBrief } from "../core/types";

/* `more`: there are more than the items that are shown. */
export type Part<T> = { count: number; more: boolean; items: T[] };

export type Alarm = {
	n: number;
	name: string;
	words: Both;
	todo: Both;
	partner: Agency | null;
	thread: ThreadBrief | null;
	raised: string;
	raised_local: Both;
};

export type Due = Deadline & { days: number; late: boolean; told: string; told_words: Both; thread: ThreadBrief | null };

export type Appointment = {
	here: boolean;
	service_words: Both;
	thread: ThreadBrief | null;
	appointment: string;
	appointment_local: Both;
	days: number;
};

export type Reminder = {
	n: number;
	kind: string;
	words: Both;
	/* The letter to write begins a thread of its own. */
	opens: boolean;
	cause: string;
	thread: ThreadBrief | null;
	person: PersonNumber;
	due: string;
	due_local: Both;
	days: number;
	late: boolean;
};

export type Today = {
	now: string;
	now_local: Both;
	alarms: Part<Alarm>;
	answer: Part<Due>;
	arriving: Part<Appointment>;
	reminders: Part<Reminder>;
	late: Part<Due>;
	today: Part<Due>;
	hub: { connected: boolean; since_local: Both | null };
	queue: { written: number; sealed: number; in_custody: number; refused: number; oldest_local: Both | null };
};

export type Status = {
	backup: {
		running: boolean;
		old: boolean;
		same_disk: boolean;
		last: { at_local?: Both | null } | null;
		problem: { message_id: string; message_en: string } | null;
	} | null;
};
