/*
 * What a journey may cost a worker, from the screen that it begins on. Letters are those of the fields
 * that somebody has to fill in; keys are those of the keyboard alone, letters apart.
 */
export const BUDGETS = {
	"sign in": { clicks: 3, keys: 8 },
	"a routine referral, from Hari ini to sent": { clicks: 12, keys: 75 },
	"an acceptance, from Hari ini": { clicks: 3, keys: 75 },
	"a completion, from Hari ini": { clicks: 7, keys: 75 },
	"a consent, from the client's page": { clicks: 9, keys: 75 },
	"a withdrawal, from the client's page": { clicks: 3, keys: 40 },
	"who has received my data, from the client's page": { clicks: 2, keys: 40 },
	"a coordinator finds a chain, from Hari ini": { clicks: 2, keys: 60 },
};

const costs = [];

/* Counts what `act` costs by these hands, and holds it against the budget. */
export async function costing(worker, name, act) {
	const { hands } = worker;
	const before = { clicks: hands.clicks, keys: hands.keys, letters: hands.letters };
	await act();
	const cost = Object.fromEntries(Object.entries(before).map(([what, count]) => [what, hands[what] - count]));
	costs.push({ name, ...cost });
	const budget = BUDGETS[name];
	for (const what of ["clicks", "keys"])
		if (cost[what] > budget[what]) throw new Error(`${name}: ${cost[what]} ${what}, where ${budget[what]} is the budget`);
	return cost;
}

/* The table, a line for each journey. */
export function table() {
	return Object.entries(BUDGETS).map(([name, budget]) => {
		const most = (what) => Math.max(0, ...costs.filter((cost) => cost.name === name).map((cost) => cost[what]));
		return `${name}: ${most("clicks")} of ${budget.clicks} clicks, ${most("keys")} of ${budget.keys} keys, ${most("letters")} letters`;
	});
}
