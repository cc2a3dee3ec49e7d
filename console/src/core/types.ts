/*
 * What the agent's api sends, as far as several screens read it (docs/API.md). A screen that reads more
 * declares its own beside itself.
 */
import type { Both } from "./language";

export type List<T> = { items: T[]; next: string | null };

export type Agency = {
	id: string;
	name: Both;
	kind?: string;
	region?: string;
	phone?: string;
	whatsapp?: string;
};

/* People are named by number wherever a name isn't needed. */
export type PersonNumber = { id: string | null; number: string | null };

export type Deadline = {
	what: string;
	words: Both;
	owner: Agency;
	ours: boolean;
	overdue: boolean;
	paused: boolean;
	due: string;
	due_local: Both;
};

export type ThreadState = {
	name: string;
	words: Both;
	/* FHIR Task.status; absent where the catalogue doesn't know the state. */
	task_status?: string;
	business_status?: string;
	ended?: boolean;
};

export type Urgency = "routine" | "urgent" | "asap" | "stat";

export type Thread = {
	id: string;
	number: string;
	type: string;
	type_words: Both;
	side: "requester" | "performer";
	partner: Agency;
	state: ThreadState;
	overlay: string;
	service: { code: string; words: Both };
	purpose: string;
	urgency: Urgency;
	data_stopped: boolean;
	carrier: "wire" | "paper" | "own";
	code: string;
	opened: string;
	opened_local: Both;
	moved: string | null;
	moved_local: Both | null;
	appointment: string | null;
	appointment_local: Both | null;
	deadline: Deadline | null;
	person: PersonNumber;
	/* How far our newest letter has come; null when none travels. */
	sent: { state: string; opened: boolean; words: Both } | null;
};

/* A thread where something else is the matter: a deadline, an alarm, a reminder. */
export type ThreadBrief = {
	id: string;
	number: string;
	type: string;
	type_words: Both;
	state: string;
	partner: Agency;
	person: PersonNumber;
};

export type Person = {
	id: string;
	number: string;
	name: string;
	nik: string;
	birth_date: string;
	sex: string;
	region: string;
};
