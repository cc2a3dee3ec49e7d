/* Chains as the agent of a coordinator sends them (docs/API.md, "Chains"). */
import type { Agency } from "../core/types";
import type { Both } from "../core/language";

export type Named = { name: string; words: Both };

export type Waiting = {
	agency: Agency;
	for: Both;
	late: boolean;
	told_by: Agency | null;
	since_local: Both;
	due_local: Both | null;
};

export type ChainRow = {
	id: string;
	short: string;
	kind: Named;
	from: Agency;
	to: Agency;
	at: Agency;
	state: Named;
	referrals: number;
	open: boolean;
	late: boolean;
	doubts: Named[];
	waiting: Waiting | null;
	opened_local: Both;
	moved_local: Both;
};

export type Step = {
	reporter: string;
	state: Named;
	reason: Named | null;
	at: string;
	at_local: Both;
	told_local: Both | null;
	due_local: Both | null;
};

export type Side = { overseen: boolean; state: Named | null; at_local: Both | null; told_local: Both | null };

export type ChainReferral = {
	id: string;
	/* null at a root. */
	parent: string | null;
	depth: number;
	from: Agency;
	to: Agency;
	kind: Named;
	state: Named;
	open: boolean;
	waiting: Waiting | null;
	doubts: Named[];
	requester: Side;
	performer: Side;
	opened_local: Both;
	accepted_local: Both | null;
	arrived_local: Both | null;
	ended_local: Both | null;
	steps: Step[];
};

export type Chain = ChainRow & { tree: ChainReferral[] };

export type Median = { count: number; ms: number; words: Both };

export type Pair = {
	from?: Agency;
	to?: Agency;
	sent: number;
	open: number;
	accepted: number;
	rejected: number;
	completed: number;
	failed: number;
	cancelled: number;
	in_time: number;
	late: number;
	disagree: number;
	accept: Median | null;
	arrival: Median | null;
	outcome: Median | null;
};

export type Summary = { chains: number; total: Pair; pairs: Pair[] };
