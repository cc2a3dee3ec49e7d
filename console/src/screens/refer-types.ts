/* A letter that opens a thread: what was chosen for it, and what the agent says would be sent. */
import { newKey, api, ApiError } from "../core/api";
import type { Form } from "../core/form";
import type { Both } from "../core/language";
import type { Agency, Person, Urgency } from "../core/types";
import type { Catalogue, KindSpec } from "../forms/catalogue";
import { answersOf } from "../forms/values";
import type { Answer } from "../parts/LetterView";

export type Label = { label: string; words: Both };

export type PreviewField = Answer & {
	reads: Both;
	group: string;
	row: number;
	label: Label | null;
	from_record: boolean;
	goes: boolean;
	why: Both;
};

type Problem = { field: string; code: string; message_id: string; message_en: string };
export type Refusal = { code: string; message_id: string; message_en: string; fields: Problem[] };

export type Preview = {
	kind: string;
	words: Both;
	purpose: string;
	urgency: Urgency;
	reply_by_local: Both | null;
	needs_consent: boolean;
	rule: { id: string; article: string } | null;
	clause: { purpose_words: Both; valid_to_local: Both | null } | null;
	reader: { agency: Agency; carrier: "wire" | "paper" | "own"; words: Both };
	fields: PreviewField[];
	withheld: PreviewField[];
	files: { title: string; length: number; goes: boolean; why: Both }[];
	refusal: Refusal | null;
};

export type Opening = {
	form: Form;
	catalogue: Catalogue;
	kind: KindSpec;
	/* Null while nobody has been chosen, and for letters about nobody. */
	person: Person | null;
	about: string | null;
};

/* Values of the form that are no answers; no field of the catalogue is called so. */
export const TO = "#to";
export const SERVICE = "#service";
export const URGENCY = "#urgency";

/* Whether the kind's letter says for which service it is. */
export function asksService(kind: KindSpec): boolean {
	return kind.fields.some(({ from }) => from === "service");
}

export function bodyOf({ form, kind, person, about }: Opening): Record<string, unknown> {
	return {
		kind: kind.kind,
		to: form.text(TO),
		urgency: form.text(URGENCY) || "routine",
		answers: answersOf(kind, form.values.value),
		...(person && { person: person.id }),
		...(about && { about }),
		...(form.text(SERVICE) && { service: form.text(SERVICE) }),
	};
}

export function preview(opening: Opening): Promise<Preview> {
	return api.post<Preview>("/v1/referrals/preview", bodyOf(opening), newKey(), 2);
}

export function refusalError({ code, message_id, message_en, fields }: Refusal): ApiError {
	return new ApiError(
		422,
		code,
		{ id: message_id, en: message_en },
		fields.map((one) => ({ field: one.field, code: one.code, message: { id: one.message_id, en: one.message_en } })),
	);
}

const CONSENT_CODES = ["NO_CONSENT", "CONSENT_EXPIRED", "CONSENT_WITHDRAWN"];

/* What only the client's consent is missing for. */
export function lacksConsent({ refusal }: Preview): boolean {
	return refusal !== null && CONSENT_CODES.includes(refusal.code);
}
