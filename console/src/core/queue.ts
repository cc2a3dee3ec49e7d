/*
 * Writes that wait for the line: what was sent while the agent couldn't be reached is kept, encrypted as
 * drafts are, shown as queued, and sent in its order when the line is back. The Idempotency-Key of the
 * first attempt goes with it, so that a write whose answer was lost is not done twice.
 */
import { computed, effect, signal } from "@preact/signals";

import { api, ApiError, reachable } from "./api";
import { somethingChanged } from "./changes";
import { mayKeep, seal, unseal } from "./drafts";
import type { Both } from "./language";
import { onSession, session, state } from "./session";
import { store } from "./store";

export type Write = {
	path: string;
	body: unknown;
	key: string;
	/* What it is, without personal data: "Rujukan baru". */
	what: Both;
};
export type Queued = Write & { n: number; at: number; refused: Both | null };
export type Outcome<T> = { sent: true; answer: T } | { sent: false };

const AGAIN_MS = 30_000;
/* How often the line is tried before a write is queued: the user is waiting. */
const TRIES = 2;

export const queue = signal<Queued[]>([]);
export const waiting = computed(() => queue.value.filter(({ refused }) => !refused).length);
export const refusedCount = computed(() => queue.value.length - waiting.value);

const place = (account: string, key: string): string => `queue/${account}/${key}`;

async function readQueue(): Promise<void> {
	const account = session.value?.account.id;
	if (!account || !mayKeep()) {
		queue.value = [];
		return;
	}
	const found: Queued[] = [];
	for (const row of await (await store()).getAllFromIndex("queue", "account", account)) {
		const write = await unseal(place(account, row.key), row);
		if (write && row.n !== undefined) found.push({ ...(write as Queued), n: row.n, at: row.at });
	}
	queue.value = found;
}

async function keep(write: Write & { refused: Both | null }, n?: number): Promise<boolean> {
	const account = session.value?.account.id ?? "";
	const sealed = await seal(place(account, write.key), write);
	if (!sealed) return false;
	const at = queue.value.find((one) => one.n === n)?.at ?? Date.now();
	const row = { account, key: write.key, at, ...sealed };
	await (await store()).put("queue", n === undefined ? row : { ...row, n });
	await readQueue();
	return true;
}

export async function dropQueued(n: number): Promise<void> {
	await (await store()).delete("queue", n);
	await readQueue();
}

/* Sends now, or queues when the agent can't be reached; anything else that fails is thrown. */
export async function sendOrQueue<T>(write: Write): Promise<Outcome<T>> {
	try {
		return { sent: true, answer: await api.post<T>(write.path, write.body, write.key, TRIES) };
	} catch (error) {
		const noLine = error instanceof ApiError && error.offline;
		if (noLine && (await keep({ ...write, refused: null }))) return { sent: false };
		throw error;
	}
}

/* False when the rest has to wait. What the agent refuses stays, with its reason, for the user. */
async function sendOne(write: Queued): Promise<boolean> {
	try {
		await api.post(write.path, write.body, write.key, 1);
		await dropQueued(write.n);
		return true;
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		const later = error.offline || error.status === 401 || error.status === 429 || error.status >= 500;
		if (later) return false;
		const words = error.fields[0]?.message ?? error.words;
		const { path, body, key, what } = write;
		await keep({ path, body, key, what, refused: words }, write.n);
		return true;
	}
}

async function sendAll(): Promise<void> {
	await readQueue();
	for (const write of queue.value.filter(({ refused }) => !refused)) {
		if (state.value !== "in" || !(await sendOne(write))) return;
		somethingChanged();
	}
}

/* One tab sends at a time. */
export function sendQueue(): void {
	if (state.value !== "in" || !waiting.value) return;
	void navigator.locks.request("jembatan-queue", { ifAvailable: true }, async (lock) => {
		if (lock) await sendAll();
	});
}

export function watchQueue(): void {
	onSession(async (now) => {
		if (!now) queue.value = [];
	});
	effect(() => {
		if (state.value === "in") void readQueue().then(sendQueue);
	});
	effect(() => {
		if (reachable.value) sendQueue();
	});
	setInterval(sendQueue, AGAIN_MS);
}
