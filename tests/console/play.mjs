/*
 * Plays the journeys of tests/console against a town of real daemons:
 *
 *   node tests/console/play.mjs          after `make console`, with JEMBATAN_BIN naming the programs
 *
 * One Chromium, two profiles at work in it at once. Each file below is a group of tests; a test gets the
 * browser and the town. The table of what each journey cost comes at the end.
 */
import { after, before, describe, it } from "node:test";

import { launch } from "./browser.mjs";
import { table } from "./budgets.mjs";
import * as journeys from "./journeys.mjs";
import * as places from "./places.mjs";
import { Town } from "./town.mjs";
import * as troubles from "./troubles.mjs";

const AT_ONCE = 2;
/* Ends what hangs. */
const MOST = { timeout: 180_000 };
const stage = {};

describe("the console", { concurrency: AT_ONCE }, () => {
	before(async () => {
		[stage.town, stage.browser] = await Promise.all([Town.stand(), launch()]);
	});
	after(async () => {
		console.log(table().join("\n"));
		await stage.browser?.close();
		await stage.town?.end();
	});
	for (const group of [journeys, places, troubles])
		for (const { name, play } of group.tests) it(name, MOST, () => play(stage));
});
