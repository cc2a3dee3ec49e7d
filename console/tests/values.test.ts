/* What is typed, and what the agent is sent. */
import assert from "node:assert/strict";
import { test } from "node:test";

import type { FieldSpec, KindSpec } from "../src/forms/catalogue";
import { answerOf, answersOf, askedIn, bytesOf, decimal, emptyValues, groupedRupiah, rupiah, withoutTime } from "../src/forms/values";

const words = { id: "", en: "" };

function field(type: FieldSpec["type"], more: Partial<FieldSpec> = {}): FieldSpec {
	return {
		name: "x", type, required: false, many: false, personal: false, codes: [], words, hint: words,
		max_bytes: 0, min: 0, max: 0, system: "", unit: "", label: "", from: "", ...more,
	};
}

function kind(fields: FieldSpec[], columns: FieldSpec[] = []): KindSpec {
	return {
		kind: "a.b", version: 1, by: "performer", needs_consent: false, words, sentence: words, roles: [],
		from_kinds: [], to_kinds: [], labels: [], replies: [], fields,
		groups: columns.length ? [{ name: "rows", least: 1, most: 9, words, fields: columns }] : [],
	};
}

test("an amount is one however it is written", () => {
	for (const text of ["1500000", "1.500.000", "Rp 1.500.000", "rp1.500.000,00", " 1 500 000 ", "1.500.000,-"])
		assert.equal(rupiah(text), 1500000, text);
	assert.equal(groupedRupiah(1500000), "1.500.000");
	assert.equal(groupedRupiah(999), "999");
});

test("what is no amount goes as it was typed, for the agent to quote", () => {
	assert.equal(rupiah("satu juta"), "satu juta");
	assert.equal(answerOf(field("integer"), "dua"), "dua");
	assert.equal(answerOf(field("date"), "2026-13-"), "2026-13-");
});

test("a decimal comma becomes a point, and only there", () => {
	assert.equal(decimal("70,5"), "70.5");
	assert.equal(decimal("70,5,1"), "70,5,1");
	assert.deepEqual(answerOf(field("quantity", { unit: "kg" }), "70,5"), { value: "70.5", unit: "kg" });
});

test("nothing typed is no answer; why there is none is one", () => {
	for (const nothing of ["", "  ", undefined, null]) assert.equal(answerOf(field("text"), nothing), undefined);
	assert.deepEqual(answerOf(field("text"), { absent: "declined" }), { absent: "declined" });
	assert.deepEqual(answerOf(field("text", { many: true }), { absent: "not-asked" }), { absent: "not-asked" });
});

test("yes and no are booleans, and false is an answer", () => {
	assert.equal(answerOf(field("boolean"), "true"), true);
	assert.equal(answerOf(field("boolean"), "false"), false);
	assert.equal(answerOf(field("boolean"), ""), undefined);
});

test("lines of a field of many are its answers, without the empty ones", () => {
	assert.deepEqual(answerOf(field("text", { many: true }), ["KTP", "", " surat "]), ["KTP", "surat"]);
	assert.equal(answerOf(field("text", { many: true }), [""]), undefined);
});

test("a file tells its label only where its field has none", () => {
	const upload = { attachment: "u", title: "hasil.pdf", label: "health" };
	assert.deepEqual(answerOf(field("attachment"), upload), upload);
	assert.deepEqual(answerOf(field("attachment", { label: "health" }), upload), { attachment: "u", title: "hasil.pdf" });
	assert.equal(answerOf(field("attachment"), "hasil.pdf"), undefined);
});

test("rows keep their numbers: only empty ones at the end are left out", () => {
	const columns = [field("code", { name: "code" }), field("text", { name: "value" })];
	const made = answersOf(kind([field("text", { name: "note" })], columns), {
		note: "baik",
		"#to": "klinik",
		rows: [{ code: "A", value: "POS" }, {}, { code: "B" }, { code: "" }, {}],
	});
	assert.deepEqual(made, { note: "baik", rows: [{ code: "A", value: "POS" }, {}, { code: "B" }] });
});

test("what an order asks for by code is a row each, once", () => {
	const columns = [field("code", { name: "code", required: true, system: "loinc" }), field("text", { name: "value" })];
	const asked = askedIn([{ code: "A", system: "loinc" }, "text", 4, { code: "A", system: "loinc" }, { code: "X", system: "icd" }]);
	assert.deepEqual(emptyValues(kind([], columns), asked), { rows: [{ code: "A" }] });
	assert.deepEqual(emptyValues(kind([], columns)), { rows: [{}] });
});

test("a day without a time is noticed where a time is due", () => {
	const letter = kind([field("instant", { name: "at" }), field("date", { name: "on" })]);
	assert.deepEqual(withoutTime(letter, { at: "2026-11-25", on: "2026-11-25" }), ["at"]);
	assert.deepEqual(withoutTime(letter, { at: "2026-11-25 10:00" }), []);
});

test("the room of a text is counted in bytes, as the agent counts", () => {
	assert.equal(bytesOf("abc"), 3);
	assert.equal(bytesOf("😀"), 4);
});
