/* What happens to a worker in the middle of something: another tab, the session's end, no line; and what
 * somebody may have typed. */
import assert from "node:assert/strict";

import { atWork, PHONE } from "./browser.mjs";
import { inspect } from "./checks.mjs";
import { arrived, somebody } from "./journeys.mjs";

const ASK = "referral.info.request";
const TYPED = "Perlu pemeriksaan kanariungu";

/* How often the clinic has asked something about a referral. */
const asked = async (town, number) => (await town.desk("klinik-b", "letters", [number, ASK])).length;

/* To the form of a question about a referral, with the question typed into it. */
async function midForm(worker, number) {
	await worker.open(`/rujukan/${number}?kind=${ASK}`);
	const field = worker.page.locator("main textarea").first();
	await field.fill(TYPED);
	return field;
}

async function twoTabs(worker) {
	await worker.signIn();
	const other = await worker.tab();
	await other.goto(`${worker.origin}/surat/masuk`);
	await other.getByRole("heading", { level: 1, name: worker.w("nav.inbox") }).waitFor();
	await worker.button(worker.w("shell.signOut")).click();
	await worker.reach(worker.w("shell.signIn"));
	/* Nothing of the inbox can be read any more. */
	await other.getByRole("dialog").or(other.getByRole("heading", { level: 1, name: worker.w("shell.signIn") })).first().waitFor();
}

async function sessionEnds(worker, town) {
	const number = await arrived(town);
	await worker.signIn();
	const field = await midForm(worker, number);
	await worker.context.clearCookies();
	await worker.button(worker.w("thread.send")).click();
	const dialog = worker.page.getByRole("dialog");
	await dialog.waitFor();
	await inspect(worker);
	await dialog.getByLabel(worker.w("shell.password"), { exact: true }).fill(town.password);
	await dialog.getByRole("button", { name: worker.w("shell.signIn"), exact: true }).click();
	await dialog.waitFor({ state: "detached" });
	assert.equal(await field.inputValue(), TYPED);
	await worker.button(worker.w("thread.send")).click();
	await worker.page.waitForURL((url) => !url.search);
	assert.equal(await asked(town, number), 1, "sent once");
}

async function noLine(worker, town) {
	const number = await arrived(town);
	await worker.signIn();
	await worker.page.evaluate(() => navigator.serviceWorker.ready);
	await midForm(worker, number);
	await worker.context.setOffline(true);
	await worker.button(worker.w("thread.send")).click();
	await worker.page.getByText(worker.w("shell.queued", { n: 1 })).first().waitFor();
	assert.equal(await asked(town, number), 0);
	const shell = await worker.tab();
	await shell.goto(`${worker.origin}/`);
	await shell.getByRole("heading", { level: 1 }).waitFor();
	await shell.close();
	await worker.context.setOffline(false);
	await worker.page.getByText(worker.w("shell.queued", { n: 1 })).first().waitFor({ state: "detached" });
	assert.equal(await asked(town, number), 1, "sent once");
	worker.wrong.length = 0;          /* a browser without a line says so */
}

const HOSTILE = [
	"<script>alert('kanari')</script><img src=x onerror=alert(1)>",
	"kanari \u202Egnihton\u202C \u2066kanari",
	"kanari\"'`\\{{7*7}}${7*7} 👩‍👩‍👧‍👦🏳️‍🌈 Z̷̛̤a̷l̶g̵o",
	`kanari${"x".repeat(10_000)}`.slice(0, 190),
];

/* A client whose name and address try it, on the screens that show them, at a phone's width. */
async function hostile(worker, town) {
	await worker.signIn();
	for (const text of HOSTILE) {
		const client = { ...somebody(), name: text.slice(0, 150) };
		const number = await town.desk("ipwl-a", "intake", [], { ...client, address: text });
		await worker.open("/orang");
		await worker.button(worker.w("person.filterAll")).click();
		await worker.page.getByText(number).first().waitFor();
		await inspect(worker);
		await worker.page.locator("tr", { hasText: number }).getByRole("link").first().click();
		await worker.page.waitForURL(/\/orang\/./);
		await worker.page.getByRole("tab", { name: worker.w("person.data") }).click();
		await worker.page.getByText(number).first().waitFor();
		await inspect(worker);
	}
}

export const tests = [
	{ name: "two tabs of one account", play: (stage) => atWork(stage, "bayu", {}, twoTabs) },
	{ name: "the session ends in the middle of a form", play: (stage) => atWork(stage, "dokter", {}, sessionEnds) },
	{ name: "there is no line", play: (stage) => atWork(stage, "dokter", {}, noLine) },
	{ name: "hostile text is text", play: (stage) => atWork(stage, "sari", { size: PHONE }, hostile) },
];
