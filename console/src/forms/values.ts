/*
 * What a person types, and what the agent is sent: pure, without a page. A value is "not answered" when
 * nothing was typed; {absent} says why nothing is there. What can't be read is sent as it was typed, so
 * that the agent's own sentence says what is wrong with it.
 */
import type { FieldSpec, GroupSpec, KindSpec } from "./catalogue";

export type Absent = { absent: "declined" | "not-asked" };
export type Uploaded = { attachment: string; title: string; label?: string };
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json | undefined };
export type Answers = Record<string, Json>;
export type Typed = Record<string, unknown>;

export function absentOf(value: unknown): Absent["absent"] | null {
	const why = typeof value === "object" && value !== null ? (value as Partial<Absent>).absent : undefined;
	return why === "declined" || why === "not-asked" ? why : null;
}

/* "1.500.000", "Rp 1.500.000,00" and "1500000" are one amount; what is no amount stays as it is. */
export function rupiah(text: string): number | string {
	const bare = text.replace(/^\s*rp\.?/i, "").replace(/,00?\s*$|,-\s*$/, "").replace(/[\s.]/g, "");
	return /^\d{1,15}$/.test(bare) ? Number(bare) : text.trim();
}

/* 1500000 as people write it here: 1.500.000. */
export function groupedRupiah(amount: number): string {
	return String(amount).replace(/\B(?=(\d{3})+$)/g, ".");
}

export function integer(text: string): number | string {
	const bare = text.trim();
	return /^[+-]?\d{1,15}$/.test(bare) ? Number(bare) : bare;
}

/* A decimal comma is what people write here; the agent reads a point. */
export function decimal(text: string): string {
	const bare = text.trim();
	return /^[+-]?\d+,\d+$/.test(bare) ? bare.replace(",", ".") : bare;
}

function single(spec: FieldSpec, value: unknown): Json | undefined {
	const absent = absentOf(value);
	if (absent) return { absent };
	if (spec.type === "attachment") return isUploaded(value) ? file(spec, value) : undefined;
	if (typeof value === "boolean") return value;
	if (typeof value === "object" && value !== null) return undefined;
	const text = value === undefined || value === null ? "" : String(value).trim();
	if (text === "") return undefined;
	switch (spec.type) {
		case "integer": return integer(text);
		case "rupiah": return rupiah(text);
		case "decimal": return decimal(text);
		case "quantity": return { value: decimal(text), unit: spec.unit };
		case "boolean": return text === "true" ? true : text === "false" ? false : text;
		default: return text;
	}
}

export function isUploaded(value: unknown): value is Uploaded {
	return typeof value === "object" && value !== null && typeof (value as Uploaded).attachment === "string";
}

function file(spec: FieldSpec, { attachment, title, label }: Uploaded): Json {
	return { attachment, title, ...(spec.label ? {} : { label: label ?? "" }) };
}

/* One field's answer, or undefined where nobody gave one. */
export function answerOf(spec: FieldSpec, value: unknown): Json | undefined {
	if (!spec.many || absentOf(value)) return single(spec, value);
	const given = (Array.isArray(value) ? value : value === undefined ? [] : [value])
		.map((one) => single(spec, one))
		.filter((one) => one !== undefined);
	return given.length ? given : undefined;
}

function object(fields: readonly FieldSpec[], typed: Typed): Answers {
	const answers: Answers = {};
	for (const spec of fields) {
		const answer = answerOf(spec, typed[spec.name]);
		if (answer !== undefined) answers[spec.name] = answer;
	}
	return answers;
}

/* Rows in which nothing was typed are left out from the end, so that the numbers of the others stay. */
function rows(fields: readonly FieldSpec[], typed: unknown): Answers[] {
	const all = (Array.isArray(typed) ? (typed as Typed[]) : []).map((row) => object(fields, row));
	while (all.length && !Object.keys(all[all.length - 1] ?? {}).length) all.pop();
	return all;
}

/* The `answers` of a letter. */
export function answersOf(kind: KindSpec, typed: Typed): Answers {
	const answers = object(kind.fields, typed);
	for (const group of kind.groups) {
		const given = rows(group.fields, typed[group.name]);
		if (given.length) answers[group.name] = given;
	}
	return answers;
}

/* Instants that were typed as a day alone: the agent would take them for midnight. */
export function withoutTime(kind: KindSpec, typed: Typed): string[] {
	return kind.fields
		.filter(({ type, name }) => type === "instant" && /^\d{4}-\d{2}-\d{2}$/.test(String(typed[name] ?? "")))
		.map(({ name }) => name);
}

/* The bytes that a text takes: what the agent's limits count. */
export function bytesOf(text: string): number {
	return new TextEncoder().encode(text).length;
}

/* A code of a system that has no list here, as a letter's answers give it. */
export type Asked = { code: string; system: string };

export function askedIn(values: readonly unknown[]): Asked[] {
	return values.filter(
		(value): value is Asked =>
			typeof value === "object" && value !== null && "code" in value && "system" in value,
	);
}

/* What was asked by code (the panel of an order) is a row each: nobody types it again. */
function firstRows({ fields, least }: GroupSpec, asked: readonly Asked[]): Typed[] {
	const column = fields.find(({ type, required, system, codes }) => type === "code" && required && system && !codes.length);
	const codes = new Set(asked.filter(({ system }) => system === column?.system).map(({ code }) => code));
	const rows = column ? [...codes].map((code) => ({ [column.name]: code })) : [];
	return rows.length ? rows : Array.from({ length: Math.max(1, least) }, () => ({}));
}

/* What a form begins with. */
export function emptyValues(kind: KindSpec, asked: readonly Asked[] = []): Typed {
	return Object.fromEntries(kind.groups.map((group) => [group.name, firstRows(group, asked)]));
}
