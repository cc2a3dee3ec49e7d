/*
 * What must hold on every screen, whoever looks at it: WCAG 2.2 A and AA as far as axe-core can tell,
 * nothing broken, nothing asked of anybody else, no personal data where a browser keeps it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { packs, Words } from "./words.mjs";

const needs = createRequire(new URL("../../console/package.json", import.meta.url));
const axe = readFileSync(needs.resolve("axe-core/axe.min.js"), "utf8");
const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const RAW_KEY = new RegExp(`\\b(${packs.join("|")})\\.[a-z]\\w*[A-Za-z]\\b`);
const LOADING = ["id", "en"].map((lang) => new Words(lang).say("shell.loading"));
/* Every client of the town is called so, see tests/stories/desk.py; a NIK is 16 digits. */
const PERSONAL = /kanari|\b\d{16}\b/i;

async function accessible(page) {
	await page.evaluate(axe);
	const found = await page.evaluate((levels) => window.axe.run(document, { runOnly: levels }), LEVELS);
	return found.violations.map(({ id, nodes }) =>
		`${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join("; ")}`);
}

/* Everything that the browser keeps, as text; what is sealed is no text. */
async function kept(page) {
	return page.evaluate(async () => {
		const text = (value) => {
			if (value instanceof ArrayBuffer) return new TextDecoder("latin1").decode(value);
			if (ArrayBuffer.isView(value)) return new TextDecoder("latin1").decode(value);
			if (value && typeof value === "object") return Object.entries(value).map(([k, v]) => `${k} ${text(v)}`).join("\n");
			return String(value);
		};
		const answered = (request) => new Promise((done, lost) => {
			request.onsuccess = () => done(request.result);
			request.onerror = () => lost(request.error);
		});
		const found = { localStorage: text({ ...localStorage }), sessionStorage: text({ ...sessionStorage }) };
		for (const { name } of await indexedDB.databases()) {
			const db = await answered(indexedDB.open(name));
			for (const store of db.objectStoreNames)
				found[`IndexedDB ${store}`] = text(await answered(db.transaction(store).objectStore(store).getAll()));
			db.close();
		}
		for (const name of await caches.keys()) {
			const cache = await caches.open(name);
			for (const request of await cache.keys())
				found[`cache ${request.url}`] = /\/v1\//.test(request.url) ? "kanari: an answer of the api" : request.url;
		}
		return found;
	});
}

async function nothingPersonal(page) {
	const places = { address: page.url(), title: await page.title(), ...(await kept(page)) };
	return Object.entries(places).filter(([, text]) => PERSONAL.test(text)).map(([place, text]) => `personal data in ${place}: ${PERSONAL.exec(text)[0]}`);
}

async function languageRight(worker) {
	const { lang, text } = await worker.page.evaluate(() => ({ lang: document.documentElement.lang, text: document.body.innerText }));
	const wrong = [];
	if (lang !== worker.lang) wrong.push(`the page says it is in "${lang}"`);
	if (RAW_KEY.test(text)) wrong.push(`a raw key: ${RAW_KEY.exec(text)[0]}`);
	if (/\[object |undefined|NaN/.test(text)) wrong.push(`a raw value: ${/.{0,20}(\[object |undefined|NaN).{0,20}/.exec(text)[0]}`);
	return wrong;
}

/* Nothing reaches beyond the side of the window. */
async function fits(page) {
	const wide = await page.evaluate(() => {
		const { scrollWidth, clientWidth } = document.documentElement;
		if (scrollWidth <= clientWidth) return null;
		const worst = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
		return `${scrollWidth} of ${clientWidth} px: ${worst.slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")}`;
	});
	return wide ? [`wider than the window, ${wide}`] : [];
}

/* Until nothing on the page says that it is being loaded. */
export async function loaded(page) {
	await page.locator("h1").first().waitFor();
	await page.waitForFunction((texts) => !texts.some((text) => document.body.innerText.includes(text)), LOADING);
}

/* Fails with all that is wrong with the screen as it stands. */
export async function inspect(worker) {
	const { page } = worker;
	await loaded(page);
	const wrong = [
		...worker.wrong.splice(0),
		...(await fits(page)),
		...(await languageRight(worker)),
		...(await nothingPersonal(page)),
		...(await accessible(page)),
	];
	wrong.push(...worker.wrong.splice(0));
	assert.deepEqual(wrong, [], `${page.url()} as ${worker.account}`);
}
