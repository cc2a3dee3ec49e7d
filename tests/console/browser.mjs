/* Chromium, and a worker's browser in it: a profile of its own, watched for whatever it must not do. */
import { createRequire } from "node:module";

import { Hands } from "./hands.mjs";
import { Words } from "./words.mjs";

const needs = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = needs("playwright-core");

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const PC = { width: 1366, height: 768 };
export const PHONE = { width: 360, height: 740 };
/* Nothing is judged by these: they end what hangs. */
const HANG_MS = 40_000;

export function launch() {
	return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/* A browser says so of every answer from 400 on; what those mean is looked at in `watch`. */
const REFUSED = /^Failed to load resource/;

function watch(page, origin, wrong) {
	page.on("request", (request) => {
		const url = request.url();
		if (!url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url)) wrong.push(`a request to ${url}`);
	});
	page.on("response", (reply) => {
		if (reply.status() >= 500) wrong.push(`${reply.request().method()} ${reply.url()} gave ${reply.status()}`);
	});
	page.on("console", (line) => {
		if (["error", "warning"].includes(line.type()) && !REFUSED.test(line.text())) wrong.push(`the browser says: ${line.text()}`);
	});
	page.on("pageerror", (error) => wrong.push(`the page threw ${error.stack}`));
	page.on("dialog", (dialog) => {
		if (dialog.type() !== "beforeunload") wrong.push(`a dialog says: ${dialog.message()}`);
		void dialog.accept();
	});
}

/* One worker at one browser. `by` is "mouse" or "keys". */
export class Worker {
	static async come(browser, town, account, { by = "mouse", lang = "id", size = PC } = {}) {
		const worker = new Worker();
		Object.assign(worker, { town, account, lang, wrong: [], words: new Words(lang) });
		worker.origin = town.origins[town.accounts[account]];
		worker.context = await browser.newContext({ viewport: size, locale: "id-ID", timezoneId: "Asia/Jakarta" });
		worker.context.setDefaultTimeout(HANG_MS);
		worker.page = await worker.tab();
		worker.hands = Hands[by](worker.page);
		return worker;
	}

	async tab() {
		const page = await this.context.newPage();
		watch(page, this.origin, this.wrong);
		return page;
	}

	/* Words of the console by their key, in the worker's language. */
	w(key, fill) {
		return this.words.say(key, fill);
	}

	async open(path = "/") {
		await this.page.goto(this.origin + path);
	}

	heading(text) {
		return this.page.getByRole("heading", { level: 1, name: text });
	}

	link(name) {
		return this.page.getByRole("link", { name, exact: true });
	}

	button(name) {
		return this.page.getByRole("button", { name, exact: true });
	}

	field(label) {
		return this.page.getByLabel(label, { exact: true });
	}

	async reach(text) {
		await this.heading(text).waitFor();
	}

	/* From the door to Hari ini. */
	async signIn(password = this.town.password) {
		await this.open();
		await this.field(new Words("id").say("shell.accountName")).waitFor();
		if (this.lang !== "id") await this.page.getByRole("button", { name: "English" }).click();
		await this.hands.type(this.field(this.w("shell.accountName")), this.account);
		await this.hands.type(this.field(this.w("shell.password")), password);
		await this.hands.press(this.button(this.w("shell.signIn")));
		await this.reach(this.w("nav.today"));
	}

	/* What stands on the screen, for who must find out why a test failed. */
	async shown() {
		const text = await this.page.locator("body").innerText().catch(() => "");
		return `${this.account} at ${this.page.url()} sees:\n${text}\n${this.wrong.join("\n")}`;
	}

	async leave() {
		await this.context.close();
	}
}

/* A worker comes, does something, and leaves; what they saw is told when it failed. */
export async function atWork({ browser, town }, account, options, act) {
	const worker = await Worker.come(browser, town, account, options);
	try {
		return await act(worker, town);
	} catch (error) {
		error.message += `\n${await worker.shown()}`;
		throw error;
	} finally {
		await worker.leave();
	}
}
