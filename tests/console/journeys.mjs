/* The journeys of a day, by mouse and again by keyboard alone. */
import { atWork } from "./browser.mjs";
import { inspect } from "./checks.mjs";

async function lookAround(worker) {
	await worker.signIn();
	await inspect(worker);
	for (const key of ["nav.inbox", "nav.outbox", "nav.people", "nav.today"]) {
		await worker.hands.press(worker.link(worker.w(key)));
		await worker.reach(worker.w(key));
		await inspect(worker);
	}
	await worker.hands.press(worker.link("Sari Wijaya"));
	await worker.reach(worker.w("nav.account"));
	await inspect(worker);
	await worker.hands.press(worker.button(worker.w("shell.signOut")));
	await worker.reach(worker.w("shell.signIn"));
	await inspect(worker);
}

const JOURNEYS = [
	{ name: "a caseworker signs in and looks around", account: "sari", play: lookAround },
];

export const tests = JOURNEYS.flatMap(({ name, account, play }) =>
	["mouse", "keys"].map((by) => ({
		name: `${name}, by ${by}`,
		play: (stage) => atWork(stage, account, { by }, play),
	})));
