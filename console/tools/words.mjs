/*
 * Makes the catalogue of words that the program imports out of words/*.json, into generated/:
 * one pack for each file, a module for each pack and language, and the types that let the compiler
 * refuse a key that is not there or a placeholder that is not filled.
 *
 *   words/NAME.json = { "NAME.key": { "id": "...", "en": "..." } }
 *
 * {name} is a placeholder. Where English has a singular, "en" is { "one": "...", "other": "..." },
 * chosen by {n}; Indonesian has none.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));
const LANGUAGES = ["id", "en"];
/* Packs that are there from the first moment; all others are loaded with the screens that name them. */
export const ALWAYS = ["shell", "nav"];

export function forms(value) {
	return typeof value === "string" ? [value] : Object.values(value ?? {});
}

function placeholders(text) {
	return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort();
}

function problemsOf(pack, key, entry) {
	const problems = [];
	if (!key.startsWith(`${pack}.`)) problems.push(`begins with another name than ${pack}.`);
	for (const name of Object.keys(entry))
		if (!LANGUAGES.includes(name)) problems.push(`has "${name}", which is no language`);
	for (const lang of LANGUAGES)
		if (!forms(entry[lang]).length || forms(entry[lang]).some((text) => !text?.trim()))
			problems.push(`has no words in "${lang}"`);
	if (typeof entry.en === "object" && Object.keys(entry.en).sort().join() !== "one,other")
		problems.push('needs exactly "one" and "other" in "en"');
	if (typeof entry.id === "object") problems.push('has forms in "id", which knows no plural');
	if (problems.length) return problems;

	const wanted = placeholders(entry.id).join();
	const most = placeholders(typeof entry.en === "string" ? entry.en : entry.en.other).join();
	if (wanted !== most) problems.push(`fills {${wanted}} in "id" and {${most}} in "en"`);
	if (typeof entry.en === "object" && !most.split(",").includes("n"))
		problems.push("has a plural and no {n} that chooses it");
	return problems;
}

/* The catalogue as { packs: { NAME: { key: entry } }, problems: [sentence] }. */
export function readWords(folder = join(root, "words")) {
	const packs = {};
	const problems = [];
	for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")).sort()) {
		const pack = file.slice(0, -".json".length);
		packs[pack] = JSON.parse(readFileSync(join(folder, file), "utf8"));
		for (const [key, entry] of Object.entries(packs[pack]))
			for (const problem of problemsOf(pack, key, entry))
				problems.push(`words/${file}: ${key} ${problem}`);
	}
	return { packs, problems };
}

function typeOf(entry) {
	const names = placeholders(typeof entry.en === "string" ? entry.en : entry.en.other);
	const fields = names.map((name) => `${name}: ${name === "n" ? "number" : "string | number"}`);
	return fields.length ? `{ ${fields.join("; ")} }` : "null";
}

function packLine(pack) {
	const load = (lang) => `${lang}: () => import("./${pack}.${lang}")`;
	return `\t${JSON.stringify(pack)}: { ${LANGUAGES.map(load).join(", ")} },`;
}

export function writeWords({ packs }, folder = join(root, "generated")) {
	mkdirSync(folder, { recursive: true });
	for (const [pack, entries] of Object.entries(packs))
		for (const lang of LANGUAGES) {
			const texts = Object.entries(entries).map(([key, entry]) => [key, entry[lang]]);
			writeFileSync(
				join(folder, `${pack}.${lang}.ts`),
				`export default ${JSON.stringify(Object.fromEntries(texts))};\n`,
			);
		}
	const types = Object.values(packs)
		.flatMap((entries) => Object.entries(entries))
		.map(([key, entry]) => `\t${JSON.stringify(key)}: ${typeOf(entry)};`);
	writeFileSync(
		join(folder, "words.ts"),
		[
			"// Made from words/*.json by tools/words.mjs; edit those.",
			"export interface WordParams {",
			...types,
			"}",
			"export const packs = {",
			...Object.keys(packs).filter((pack) => !ALWAYS.includes(pack)).map(packLine),
			"};",
			"",
		].join("\n"),
	);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const words = readWords();
	if (words.problems.length) {
		console.error(words.problems.join("\n"));
		process.exit(1);
	}
	writeWords(words);
}
