/*
 * The language of the console, and words in it. Keys and their placeholders are typed from words/*.json
 * (tools/words.mjs). The packs "shell" and "nav" are always there; a screen's own packs come with the screen.
 */
import { signal } from "@preact/signals";

import navEn from "../../generated/nav.en";
import navId from "../../generated/nav.id";
import shellEn from "../../generated/shell.en";
import shellId from "../../generated/shell.id";
import { packs, type WordParams } from "../../generated/words";

export type Lang = "id" | "en";
export type Pack = keyof typeof packs;
export type WordKey = keyof WordParams;
/* A key whose words need nothing filled in: what tables and props name their texts by. */
export type Label = { [K in WordKey]: WordParams[K] extends null ? K : never }[WordKey];
/* The title of a screen, which must be known before the screen is. */
export type Title = Extract<Label, `nav.${string}`>;
/* Words that the agent sends. */
export type Both = { id: string; en: string };

type Text = string | { one: string; other: string };
type Params = Record<string, string | number>;

const STORED = "jembatan.language";
const texts: Record<Lang, Record<string, Text>> = {
	id: { ...navId, ...shellId },
	en: { ...navEn, ...shellEn },
};
const wanted = new Set<Pack>();

export const language = signal<Lang>(localStorage.getItem(STORED) === "en" ? "en" : "id");

document.documentElement.lang = language.value;

async function loadPack(pack: Pack, lang: Lang): Promise<void> {
	const loaded: { default: Record<string, Text> } = await packs[pack][lang]();
	Object.assign(texts[lang], loaded.default);
}

/* Makes the packs of a screen known, in the present language; those that are known cost nothing. */
export async function needPacks(names: readonly Pack[]): Promise<void> {
	const missing = names.filter((name) => !wanted.has(name));
	await Promise.all(missing.map((name) => loadPack(name, language.value)));
	for (const name of missing) wanted.add(name);
}

/* Changes nothing until all words of the other language are here. */
export async function setLanguage(lang: Lang): Promise<void> {
	await Promise.all([...wanted].map((name) => loadPack(name, lang)));
	localStorage.setItem(STORED, lang);
	document.documentElement.lang = lang;
	language.value = lang;
}

function fill(text: string, params: Params): string {
	return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

function wordsIn(lang: Lang, key: WordKey, params: Params): string {
	const text = texts[lang][key] ?? texts[language.value][key] ?? key;
	if (typeof text === "string") return fill(text, params);
	return fill(params["n"] === 1 ? text.one : text.other, params);
}

type Given<K extends WordKey> = WordParams[K] extends null ? [] : [WordParams[K]];

/* The words of a key: t("shell.signIn"), t("shell.daysLeft", { n: 3 }). */
export function t<K extends WordKey>(key: K, ...params: Given<K>): string {
	return wordsIn(language.value, key, params[0] ?? {});
}

/* The same in both languages, in the form in which the agent sends words. */
export function both<K extends WordKey>(key: K, ...params: Given<K>): Both {
	return { id: wordsIn("id", key, params[0] ?? {}), en: wordsIn("en", key, params[0] ?? {}) };
}

/* Words that came from the agent, in the present language. */
export function say(words: Both | null | undefined): string {
	return words?.[language.value] ?? "";
}
