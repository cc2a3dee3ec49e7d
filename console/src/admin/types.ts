/* What an agency's admin and auditor look at (docs/API.md). */
import type { Both } from "../core/language";
import type { Agency, PersonNumber } from "../core/types";

export type AccountRow = {
	id: string;
	account: string;
	name: string;
	role: string;
	open: boolean;
	password: boolean;
	second_factor: boolean;
	sessions: number;
	reset: { what: "password" | "second-factor"; by: string; asked_local: Both } | null;
	from_local: Both | null;
	until: string | null;
	until_local: Both | null;
	code_until_local: Both | null;
	locked_until_local: Both | null;
};

export type KeyRow = {
	id: string;
	name: string;
	role: string;
	scopes: string[];
	kinds: string[];
	by: string;
	open: boolean;
	created_local: Both;
	until_local: Both | null;
	used_local: Both | null;
	ended_local: Both | null;
};

export type Look = {
	n: number;
	who: string;
	person: PersonNumber | null;
	referral: string | null;
	why: string | null;
	at: string;
	at_local: Both;
};

export type DoorEvent = { n: number; who: string; what: string; about: string | null; at: string; at_local: Both };

export type PartnerRow = Agency & {
	kind: string;
	region: string;
	phone: string;
	address: string;
	office_hours: string;
	services: string[];
	active: boolean;
	self: boolean;
	carrier: "wire" | "paper" | "own";
};

export type PartnerPage = PartnerRow & {
	distance: { shared: number; words: Both };
	keys: { use: string; words: Both; state: string; fingerprint: string; valid_from_local: Both | null }[];
	answers_in: { count: number; median_hours: number } | null;
};

export type HolidayYear = { year: number; source: string; complete: boolean; days: { date: string; words: Both }[] };

type Within = { hours: number; working_days: number };
export type Template = {
	kind: string;
	words: Both;
	reply: { words: Both; within: Record<string, Within> } | null;
	seen: { words: Both; within: Record<string, Within> } | null;
	reminds: { kind: string; words: Both; days: number[]; every_days: number }[];
	escalation: { days: number; role: string }[];
};

export type QueueRow = {
	class: string;
	words: Both;
	waiting: number;
	at_hub: number;
	oldest_local: Both | null;
};

export type BackupNote = { bytes: number; path: string; at_local: Both | null };
export type Backup = {
	running: boolean;
	phase: string | null;
	done: number;
	bytes: number;
	problem: { message_id: string; message_en: string } | null;
	last: BackupNote | null;
	rehearsal: BackupNote | null;
	old: boolean;
	same_disk: boolean;
	folder: string;
};

export type Status = {
	version: string;
	agency: Agency;
	hub: { connected: boolean; endpoint: string; since_local: Both | null };
	ledger: { bytes: number; entries: number; people: number };
	directory: { network: string; version: number; members: number; expires_local: Both | null };
	catalogue: { thread: string; version: number; network: number | null }[];
};
