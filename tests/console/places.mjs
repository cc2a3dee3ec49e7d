/* The same screens elsewhere: in the other language, on a phone, on paper, on a poor line, on an old PC. */
import assert from "node:assert/strict";

import { atWork, PHONE } from "./browser.mjs";
import { inspect, loaded } from "./checks.mjs";
import { arrived, refer, somebody } from "./journeys.mjs";

/* The screens that a caseworker has open all day. */
export const SCREENS = ["/", "/surat/masuk", "/surat/keluar", "/orang", "/rujukan/baru", "/diminta", "/akun", "/atur"];

async function everyScreen(worker, act) {
	for (const path of SCREENS) {
		await worker.open(path);
		await loaded(worker.page);
		await act(path);
	}
}

async function looks(worker) {
	await worker.signIn();
	await everyScreen(worker, () => inspect(worker));
}

/* What is printed has what the screen has, and nothing to press. */
async function printed(worker, town) {
	const number = await arrived(town);
	await worker.signIn();
	await worker.open(`/rujukan/${number}`);
	await worker.heading(new RegExp(number)).waitFor();
	await loaded(worker.page);
	const onScreen = await worker.page.locator("main dd, main td").allInnerTexts();
	await worker.page.emulateMedia({ media: "print" });
	for (const gone of [".jb-nav-bar", ".jb-header-button", "main button"])
		assert.equal(await worker.page.locator(gone).filter({ visible: true }).count(), 0, `${gone} is printed`);
	const paper = await worker.page.locator("main").innerText();
	for (const text of onScreen.flatMap((one) => one.split("\n")).filter(Boolean))
		assert.ok(paper.includes(text.trim()), `"${text}" is not printed`);
	assert.ok((await worker.page.pdf({ format: "A4" })).length > 1000);
}

/* 32 kbit/s each way and 1.5 s from end to end. */
async function poorLine(worker, town) {
	const client = somebody();
	const number = await town.desk("ipwl-a", "intake", [], client);
	await town.desk("ipwl-a", "give_consent", [number, "klinik-b"]);
	const line = await worker.context.newCDPSession(worker.page);
	worker.context.setDefaultTimeout(120_000);
	await line.send("Network.enable");
	await line.send("Network.emulateNetworkConditions",
		{ offline: false, latency: 1500, downloadThroughput: 4000, uploadThroughput: 4000 });
	await worker.signIn();
	await refer(worker, client);
	await worker.page.waitForURL(/\/rujukan\/R-/);
}

/* How long each screen takes to show its heading and its content once the console is loaded, in ms. */
export async function slowPc(worker) {
	const speed = await worker.context.newCDPSession(worker.page);
	await worker.signIn();
	await everyScreen(worker, async () => undefined);
	await speed.send("Emulation.setCPUThrottlingRate", { rate: 4 });
	const took = {};
	for (const path of SCREENS)
		took[path] = await worker.page.evaluate(async ({ to, loading }) => {
			const began = performance.now();
			history.pushState(null, "", to);
			dispatchEvent(new PopStateEvent("popstate"));
			const heading = document.querySelector("h1");
			await new Promise((done) => {
				const look = () => {
					const now = document.querySelector("h1");
					const there = now && now !== heading && !loading.some((text) => document.body.innerText.includes(text));
					if (there || performance.now() - began > 20_000) done();
					else requestAnimationFrame(look);
				};
				requestAnimationFrame(look);
			});
			return Math.round(performance.now() - began);
		}, { to: path, loading: ["Sedang dimuat"] });
	return took;
}

async function usable(worker) {
	const took = await slowPc(worker);
	console.log(Object.entries(took).map(([path, ms]) => `${path} ${ms} ms on a processor slowed 4 times`).join("\n"));
	assert.deepEqual(Object.entries(took).filter(([, ms]) => ms > 15_000), []);
}

export const tests = [
	{ name: "every screen in English", play: (stage) => atWork(stage, "sari", { lang: "en" }, looks) },
	{ name: "every screen at a phone's width", play: (stage) => atWork(stage, "bayu", { size: PHONE }, looks) },
	{ name: "a referral on paper", play: (stage) => atWork(stage, "dokter", {}, printed) },
	{ name: "a referral over 32 kbit/s and 1.5 s", play: (stage) => atWork(stage, "sari", {}, poorLine) },
	{ name: "screens on a processor slowed four times", play: (stage) => atWork(stage, "sari", {}, usable) },
];
