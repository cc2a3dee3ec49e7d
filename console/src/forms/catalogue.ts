/*
 * The catalogue of letters as the agent has it (GET /v1/catalogue): what each kind asks, of whom, and
 * what can begin. Every form of the console is drawn from it.
 */
import { address } from "../core/api";
import { useLoad, type Loaded } from "../core/load";
import type { Both } from "../core/language";
import type { ThreadState } from "../core/types";

export type Code = { code: string; words: Both };

export type FieldType =
	| "text" | "code" | "integer" | "decimal" | "date" | "instant" | "boolean" | "quantity" | "rupiah"
	| "phone" | "attachment";

export type FieldSpec = {
	/* In a table the column's own name, without the table's. */
	name: string;
	type: FieldType;
	required: boolean;
	many: boolean;
	personal: boolean;
	codes: Code[];
	words: Both;
	hint: Both;
	max_bytes: number;
	min: number;
	max: number;
	system: string;
	unit: string;
	label: string;
	/* Where the agent takes the answer from when nobody gives one; "" where it can't. */
	from: string;
};

export type GroupSpec = { name: string; least: number; most: number; words: Both; fields: FieldSpec[] };

export type KindSpec = {
	kind: string;
	version: number;
	by: "requester" | "performer";
	needs_consent: boolean;
	words: Both;
	sentence: Both;
	roles: string[];
	from_kinds: string[];
	to_kinds: string[];
	labels: string[];
	replies: string[];
	fields: FieldSpec[];
	groups: GroupSpec[];
};

export type Transition = { from: string | null; kind: string; by: string; to: string | null };

export type ThreadType = {
	type: string;
	person: "required" | "optional" | "none";
	lane: string;
	words: Both;
	states: ThreadState[];
	transitions: Transition[];
	kinds: KindSpec[];
};

export type Service = Code & { purpose: string };

export type Catalogue = {
	threads: ThreadType[];
	purposes: Code[];
	services: Service[];
	labels: Code[];
	agency_kinds: Code[];
	lanes: Code[];
	forms: { intake: FieldSpec[] };
};

/* The part of the catalogue that one type of thread needs, or the type to which a kind belongs. */
export function useCatalogue(thread: string | null, kind?: string): Loaded<Catalogue> {
	return useLoad<Catalogue>(thread || kind ? address("/v1/catalogue", { thread, kind }) : null);
}

/* Purposes, labels, kinds of agencies, lanes and the intake form, without any type of thread. */
export function useCatalogueWords(): Loaded<Catalogue> {
	return useLoad<Catalogue>("/v1/catalogue?thread=none");
}

/* All of it: large, and only for who chooses among all letters. */
export function useWholeCatalogue(): Loaded<Catalogue> {
	return useLoad<Catalogue>("/v1/catalogue");
}

export function kindOf(catalogue: Catalogue, name: string): { type: ThreadType; kind: KindSpec } | null {
	for (const type of catalogue.threads) {
		const kind = type.kinds.find((one) => one.kind === name);
		if (kind) return { type, kind };
	}
	return null;
}

export function wordsOf(codes: readonly Code[], code: string): Both {
	return codes.find((one) => one.code === code)?.words ?? { id: code, en: code };
}

/* Kinds with which somebody of this role and kind of agency can begin a thread. */
export function openingKinds(catalogue: Catalogue, role: string, agencyKind: string): KindSpec[] {
	return catalogue.threads.flatMap((type) =>
		type.kinds.filter(
			({ kind, roles, from_kinds }) =>
				type.transitions.some((row) => row.from === null && row.kind === kind && row.by === "requester") &&
				roles.includes(role) &&
				(!from_kinds.length || from_kinds.includes(agencyKind)),
		),
	);
}

const ENDS_BADLY = ["rejected", "failed", "cancelled", "entered-in-error"];

/* Whether a letter of this kind says no, or that something was not done: it never looks like the way on. */
export function endsBadly(type: ThreadType, kind: string): boolean {
	const ends = type.transitions.filter((row) => row.kind === kind && row.to !== null);
	return (
		ends.length > 0 &&
		ends.every(({ to }) =>
			ENDS_BADLY.includes(type.states.find(({ name }) => name === to)?.task_status ?? ""),
		)
	);
}
