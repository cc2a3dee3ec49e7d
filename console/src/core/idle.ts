/*
 * How long the session rests. What the console asks by itself is no sign of anybody, so it watches for a
 * hand: while somebody works, the agent hears of it although nothing is sent; when nobody has, for as long
 * as a session may rest, the session ends. All tabs count.
 */
import { computed, signal } from "@preact/signals";

import { lastReached } from "./api";
import { endIdleSession, recallSession, session, state } from "./session";
import { momentHere, now } from "./times";

const SIGNS = ["pointerdown", "keydown", "wheel"] as const;
const TELL_MS = 5_000;

const touchedAt = signal(Date.now());
const tabs = new BroadcastChannel("jembatan-idle");
let told = 0;

function idleMs(): number {
	return (session.value?.idle_seconds ?? 0) * 1000;
}

function latest(): number {
	return session.value ? momentHere(session.value.expires) : Infinity;
}

/* Milliseconds until the session ends, and whether staying is possible. */
export const restMs = computed(() => Math.min(touchedAt.value + idleMs(), latest()) - now.value);
export const canStay = computed(() => touchedAt.value + idleMs() < latest());

export function touch(): void {
	const at = Date.now();
	if (state.value !== "in" || at - told < TELL_MS) return;
	told = at;
	touchedAt.value = at;
	tabs.postMessage(at);
}

/* The agent counts from the last request: somebody who types for long is told of in between. */
function tellAgent(): void {
	const heard = lastReached.value ?? 0;
	if (touchedAt.value > heard && Date.now() - heard > idleMs() / 4) void recallSession().catch(() => undefined);
}

function look(): void {
	if (state.value !== "in") return;
	if (restMs.value <= 0) void endIdleSession().catch(() => undefined);
	else tellAgent();
}

export function watchIdleness(): void {
	for (const sign of SIGNS) addEventListener(sign, touch, { capture: true, passive: true });
	tabs.onmessage = ({ data }: MessageEvent<number>) => {
		touchedAt.value = Math.max(touchedAt.value, data);
	};
	state.subscribe((is) => {
		if (is === "in") touchedAt.value = Date.now();
	});
	now.subscribe(look);
}
