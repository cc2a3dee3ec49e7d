/* Pictures of the main screens for the documents: node tests/console/screenshots.mjs FOLDER */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

import { atWork, launch, PHONE } from "./browser.mjs";
import { loaded } from "./checks.mjs";
import { arrived } from "./journeys.mjs";
import { Town } from "./town.mjs";

const MOST_BYTES = 60 * 1024;
const PAGE = { width: 1000, height: 640 };
const folder = process.argv[2];
mkdirSync(folder, { recursive: true });

async function picture(worker, name) {
	await loaded(worker.page);
	const path = join(folder, `${name}.png`);
	await worker.page.screenshot({ path, animations: "disabled", caret: "hide" });
	const bytes = statSync(path).size;
	if (bytes > MOST_BYTES) throw new Error(`${path} has ${bytes} bytes, ${MOST_BYTES} is the most`);
	console.log(`${path} ${Math.ceil(bytes / 1024)} KiB`);
}

async function caseworker(worker, client) {
	await worker.open();
	await picture(worker, "sign-in");
	await worker.signIn();
	await picture(worker, "today");
	await worker.open("/orang");
	await worker.link(client.name).click();
	await worker.reach(client.name);
	await picture(worker, "client");
	await worker.open("/rujukan/baru");
	await picture(worker, "new-referral");
}

async function clinician(worker, number) {
	await worker.signIn();
	await worker.open(`/rujukan/${number}`);
	await worker.button("Terima rujukan").waitFor();
	await picture(worker, "referral");
}

async function onPhone(worker) {
	await worker.signIn();
	await worker.open("/surat/masuk");
	await picture(worker, "inbox-phone");
}

async function coordinator(worker) {
	await worker.signIn();
	await worker.open("/rangkaian");
	await worker.page.locator("tbody a").first().click();
	await worker.page.waitForURL(/\/rangkaian\/./);
	await picture(worker, "chain");
}

const [town, browser] = await Promise.all([Town.stand(), launch()]);
const stage = { town, browser };
try {
	const client = { name: "Dewi Contoh", nik: "1771045203990042" };
	const number = await arrived(town, client);
	await atWork(stage, "sari", { size: PAGE }, (worker) => caseworker(worker, client));
	await atWork(stage, "dokter", { size: PAGE }, (worker) => clinician(worker, number));
	await atWork(stage, "dokter", { size: PHONE }, onPhone);
	await atWork(stage, "wulan", { size: PAGE }, coordinator);
} finally {
	await browser.close();
	await town.end();
}
