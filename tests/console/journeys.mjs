/*
 * The journeys of a day, by mouse and again by keyboard alone: the same steps, other hands. Every screen
 * on the way is inspected.
 */
import assert from "node:assert/strict";

import { atWork } from "./browser.mjs";
import { costing } from "./budgets.mjs";
import { inspect } from "./checks.mjs";

/* Nobody else of the town is called so, and every name holds what checks.mjs looks for. */
let born = 0;
export function somebody() {
	born++;
	return { name: `Cendana Kanari${"abcdefghijklmnop"[born % 16]}${born}`, nik: `17710452${String(10_000_000 + born)}` };
}

const REASON = "Perlu pemeriksaan dokter kanaribiru";
const SERVICE = "input[name='#service'][value=medical]";
const PARTNER = "input[name='#to'][value=klinik-b]";

async function goTo(worker, key, heading = key) {
	await worker.hands.press(worker.link(worker.w(key)));
	await worker.reach(worker.w(heading));
}

/* ---- screens as they are used ---- */

async function lookAround(worker) {
	await costing(worker, "sign in", () => worker.signIn());
	await inspect(worker);
	for (const key of ["nav.inbox", "nav.outbox", "nav.people", "nav.today"]) {
		await goTo(worker, key);
		await inspect(worker);
	}
	await worker.hands.press(worker.link("Sari Wijaya"));
	await worker.reach(worker.w("nav.account"));
	await inspect(worker);
	await worker.hands.press(worker.button(worker.w("shell.signOut")));
	await worker.reach(worker.w("shell.signIn"));
	await inspect(worker);
}

/* From Hari ini to the number of the new referral. */
export async function refer(worker, client, look = async () => undefined) {
	const { hands, page } = worker;
	const next = worker.button(worker.w("refer.next"));
	await goTo(worker, "nav.refer", "refer.title");
	await hands.type(worker.field(worker.w("refer.who")), client.nik);
	await hands.press(worker.button(worker.w("refer.find")));
	await hands.press(page.getByRole("link", { name: client.name }));
	await page.locator(SERVICE).waitFor();
	await look();
	await hands.tick(page.locator(SERVICE));
	await hands.press(next);
	await page.locator(PARTNER).waitFor();
	await look();
	await hands.tick(page.locator(PARTNER));
	await hands.press(next);
	await page.locator("#f-reason").waitFor();
	await look();
	await hands.type(page.locator("#f-reason"), REASON);
	await hands.press(next);
	await page.locator(".jb-letter-preview").waitFor();
	await look();
	await hands.press(page.locator("main button[type=submit]"));
}

async function referral(worker, town) {
	const client = somebody();
	const number = await town.desk("ipwl-a", "intake", [], client);
	await town.desk("ipwl-a", "give_consent", [number, "klinik-b"]);
	await worker.signIn();
	const cost = await costing(worker, "a routine referral, from Hari ini to sent", async () => {
		await refer(worker, client, () => inspect(worker));
		await worker.page.waitForURL(/\/rujukan\/R-/);
	});
	await inspect(worker);
	assert.equal(cost.letters, client.nik.length + REASON.length, "nothing is typed but what must be");
	const sent = worker.page.url().split("/").pop();
	await town.desk("ipwl-a", "wait_custody", [sent, "stored"]);
}

/* A referral that has come to the clinic; gives the number that it has there. One after the other, so that
 * two journeys don't take each other's. */
let lastArrival = Promise.resolve();
export function arrived(town, client = somebody()) {
	const mine = lastArrival.then(async () => {
		const before = await town.desk("klinik-b", "arrivals");
		await town.desk("ipwl-a", "referred", ["klinik-b"], client);
		await town.desk("klinik-b", "wait_arrival", [before.length + 1]);
		return (await town.desk("klinik-b", "arrivals")).find((number) => !before.includes(number));
	});
	lastArrival = mine.catch(() => undefined);
	return mine;
}

async function acceptance(worker, town) {
	const number = await arrived(town);
	await worker.signIn();
	await costing(worker, "an acceptance, from Hari ini", async () => {
		const { hands, page } = worker;
		await hands.press(page.getByRole("link", { name: number, exact: true }).first());
		await worker.heading(new RegExp(number)).waitFor();
		await inspect(worker);
		await hands.press(worker.button("Terima rujukan"));
		await page.locator("#f-appointment-start").waitFor();
		await inspect(worker);
		const day = new Date(Date.now() + 2 * 86_400_000);
		/* Tab leads from one field of the date to the next, whoever has a mouse. */
		for (const text of [day.getDate(), day.getMonth() + 1, day.getFullYear(), "09.30"]) {
			await page.keyboard.insertText(String(text));
			await page.keyboard.press("Tab");
		}
		const place = page.locator("#f-appointment-place");
		for (let n = 0; n < 3 && !(await place.evaluate((one) => one === document.activeElement)); n++)
			await page.keyboard.press("Tab");
		await hands.type(place, "Poli umum");
		await hands.press(worker.button(worker.w("thread.send")));
		await page.waitForURL((url) => !url.search);
	});
	await inspect(worker);
	await town.desk("klinik-b", "wait_state", [number, "accepted"]);
}

async function completion(worker, town) {
	const number = await arrived(town);
	for (const step of ["accept", "arrived", "start"]) await town.desk("klinik-b", step, [number]);
	await worker.signIn();
	await costing(worker, "a completion, from Hari ini", async () => {
		const { hands, page } = worker;
		await goTo(worker, "nav.inbox");
		await hands.press(page.getByRole("link", { name: number, exact: true }).first());
		await hands.press(worker.button("Selesaikan layanan"));
		await page.locator("#f-outcome").waitFor();
		await inspect(worker);
		if ((await page.locator("#f-outcome").evaluate((one) => one.tagName)) === "SELECT")
			await hands.choose(page.locator("#f-outcome"), "fit-with-treatment");
		else await hands.tick(page.locator("input[value=fit-with-treatment]"));
		await hands.press(page.locator(".jb-form-group", { has: page.locator("#f-end-date") }).locator("+ .jb-beside button"));
		await hands.press(worker.button(worker.w("thread.send")));
		await page.waitForURL((url) => !url.search);
	});
	await inspect(worker);
	await town.desk("klinik-b", "wait_state", [number, "completed"]);
}

async function personOf(town, client) {
	const found = await town.desk("ipwl-a", "people");
	return found.find(({ name }) => name === client.name).id;
}

async function tabOf(worker, key) {
	const tab = worker.page.getByRole("tab", { name: worker.w(key), exact: true });
	if (worker.hands.byKeys) await worker.hands.turnTo(tab);
	else await worker.hands.press(tab);
}

async function consent(worker, town) {
	const client = somebody();
	await town.desk("ipwl-a", "intake", [], client);
	const { hands, page } = worker;
	await worker.signIn();
	await worker.open(`/orang/${await personOf(town, client)}`);
	await worker.reach(client.name);
	await inspect(worker);
	await costing(worker, "a consent, from the client's page", async () => {
		await tabOf(worker, "consent.title");
		await hands.press(worker.button(worker.w("consent.give")));
		await page.locator("#f-recipient").waitFor();
		await inspect(worker);
		await hands.choose(page.locator("#f-recipient"), "klinik-b");
		await hands.choose(page.locator("#f-purpose"), "treatment");
		await hands.tick(page.locator("input[value=health]"));
		await hands.press(worker.button(worker.w("consent.record")));
		await worker.reach(client.name);
	});
	const [clause] = await town.desk("ipwl-a", "clauses", [client.nik]);
	assert.equal(clause.recipient.id ?? clause.recipient, "klinik-b");
	await inspect(worker);
	await costing(worker, "a withdrawal, from the client's page", async () => {
		await hands.press(page.getByRole("button", { name: worker.w("consent.withdraw") }).first());
		const dialog = page.getByRole("dialog");
		await dialog.waitFor();
		await inspect(worker);
		await hands.press(dialog.getByRole("button", { name: worker.w("consent.withdraw"), exact: true }));
		await dialog.waitFor({ state: "detached" });
	});
	await inspect(worker);
	assert.ok((await town.desk("ipwl-a", "clauses", [client.nik]))[0].withdrawn);
}

async function disclosures(worker, town) {
	const client = somebody();
	await arrived(town, client);
	await worker.signIn();
	await worker.open(`/orang/${await personOf(town, client)}`);
	await worker.reach(client.name);
	await costing(worker, "who has received my data, from the client's page", async () => {
		await tabOf(worker, "consent.title");
		await worker.hands.press(worker.button(worker.w("consent.whoHas")));
		await worker.heading(worker.w("nav.disclosures")).waitFor();
		await worker.page.getByRole("heading", { name: "Klinik Bakti" }).waitFor();
	});
	await inspect(worker);
}

async function coordinator(worker, town) {
	await arrived(town);
	await worker.signIn();
	await costing(worker, "a coordinator finds a chain, from Hari ini", async () => {
		await goTo(worker, "nav.chains");
		await inspect(worker);
		const first = worker.page.locator("tbody a").first();
		await first.waitFor();
		await worker.hands.press(first);
		await worker.page.waitForURL(/\/rangkaian\/./);
		await worker.page.locator("svg").first().waitFor();
	});
	await inspect(worker);
}

const JOURNEYS = [
	{ name: "a caseworker signs in and looks around", account: "sari", play: lookAround },
	{ name: "a routine referral", account: "sari", play: referral },
	{ name: "a clinic accepts", account: "dokter", play: acceptance },
	{ name: "a clinic completes", account: "dokter", play: completion },
	{ name: "a consent is given and withdrawn", account: "sari", play: consent },
	{ name: "a client is told who has the data", account: "sari", play: disclosures },
	{ name: "a coordinator sees a chain", account: "wulan", play: coordinator },
];

export const tests = JOURNEYS.flatMap(({ name, account, play }) =>
	["mouse", "keys"].map((by) => ({
		name: `${name}, by ${by}`,
		play: (stage) => atWork(stage, account, { by }, play),
	})));
