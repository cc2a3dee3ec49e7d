/* A person as the agent shows one (docs/API.md, "People and their cases"). */
import type { Both } from "../core/language";
import type { Agency, Person, PersonNumber, Thread } from "../core/types";

export type StageState = "reached" | "passed" | "now" | "ahead";
export type StageRow = { stage: string; words: Both; state: StageState; reached_local: Both | null };
export type StageNow = { stage: string; words: Both; place: number; of: number; days: number; since_local: Both };

/* A clause names one agency, or a kind of agencies in a region. */
export type Recipient = (Agency & { id: string }) | { id: null; kind: string; region: string };

export type Holder = {
	agency: Agency;
	since_local: Both | null;
	told_local: Both | null;
	stopped_local: Both | null;
	threads_stopped: number;
	passed_on: number;
};

export type Clause = {
	id: string;
	grantor: Agency;
	recipient: Recipient;
	purpose: string;
	purpose_words: Both;
	labels: string[];
	granted_here: boolean;
	holders: Holder[];
	valid_from_local: Both;
	valid_to_local: Both;
	withdrawn: string | null;
	withdrawn_local: Both | null;
	/* Only on the person's page. */
	state?: "in-force" | "ahead" | "expired" | "withdrawn";
	state_words?: Both;
};

export type Answer = { field: string; words: Both; text: Both };
export type LetterOf = {
	id: string | null;
	way: "in" | "out";
	kind: string;
	words: Both;
	at: string;
	at_local: Both;
	thread: string | null;
	partner: Agency;
	answers?: Answer[];
	tables?: { group: string; words: Both; rows: Answer[][] }[];
	remarks?: { group: string; row: number; words: Both }[];
};

export type Document = {
	number: number;
	title: string;
	length: number;
	coming: boolean;
	state: string;
	words: Both;
	thread: string | null;
	partner: Agency;
	created_local: Both | null;
};

export type Aftercare = {
	start: string;
	months: { month: number; reached: boolean | null; on: string | null }[];
	thread: string | null;
	partner: Agency;
};

export type CasePage = Person & {
	phone: string;
	region: string;
	address: string;
	guardian: string;
	entry_door: string;
	who_knows: string;
	case_manager: string;
	created_local: Both;
	age: number | null;
	scheme: { scheme: string; words: Both } | null;
	stage: StageNow | null;
	stages: StageRow[];
	consents: Clause[];
	referrals: Thread[];
	findings: LetterOf[];
	plan: LetterOf[];
	documents: Document[];
	aftercare: Aftercare | null;
	contact: { phone: string; who_knows: string; guardian: string; words: Both };
};

export type CaseRow = {
	id: string;
	number: string;
	name: string | null;
	age: number | null;
	stage: StageNow | null;
	next_due: {
		words: Both;
		ours: boolean;
		thread: string | null;
		due: string;
		due_local: Both;
		days: number;
		late: boolean;
	} | null;
	open_loops: number;
	mine: boolean;
};

export type TimelineEntry = {
	n: number;
	type: string;
	type_words: Both;
	words: Both;
	lane: string | null;
	to: { words: Both } | null;
	user: string;
	partner: Agency | null;
	thread: string | null;
	at: string;
	at_local: Both;
};

export type DisclosedLetter = {
	id: string;
	words: Both;
	thread: string | null;
	basis: string;
	rule: { id: string; article: string } | null;
	clause: { purpose_words: Both; withdrawn_local: Both | null; stopped_local: Both | null } | null;
	files: string[];
	at_local: Both;
	delivered_local: Both | null;
	opened_local: Both | null;
	carrier: string;
};

export type Disclosures = {
	person: PersonNumber;
	agency: Agency;
	at_local: Both;
	items: {
		recipient: Agency;
		words: Both;
		fields: { field: string; words: Both }[];
		labels: { label: string; words: Both }[];
		letters: DisclosedLetter[];
	}[];
	evidence: { thread: string | null; user: string; reason: string; at_local: Both }[];
	more: boolean;
};
