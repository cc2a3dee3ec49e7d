/* The console's own catalogue of words, so that a test names a button as the page does. */
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../console/words/", import.meta.url);
const all = Object.assign({}, ...readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"))));

export const packs = readdirSync(folder).map((name) => name.replace(/\.json$/, ""));

export class Words {
	constructor(lang) {
		this.lang = lang;
	}

	say(key, fill = {}) {
		const entry = all[key]?.[this.lang];
		if (entry === undefined) throw new Error(`words/ has no ${key}`);
		const text = typeof entry === "string" ? entry : fill.n === 1 ? entry.one : entry.other;
		return text.replace(/\{(\w+)\}/g, (_, name) => String(fill[name]));
	}
}
