/*
 * What has changed at the agent, as it tells by server-sent events; where they don't come through, the
 * console asks every POLL_MS. Nothing is carried but that something changed: whoever shows data asks
 * again, and an ETag makes that cheap.
 */
import { effect, signal } from "@preact/signals";

import { lastReached, reachable } from "./api";
import { state } from "./session";

const POLL_MS = 60_000;
const AGAIN_MS = 60_000;
const TOGETHER_MS = 400;

/* Counts up each time something may have changed. */
export const changed = signal(0);
export const streaming = signal(false);

let source: EventSource | null = null;
let poll = 0;
let again = 0;
let pending = 0;

/* Several events at once are one change. */
export function somethingChanged(): void {
	pending ||= window.setTimeout(() => {
		pending = 0;
		changed.value++;
	}, TOGETHER_MS);
}

/* A page that nobody sees asks nothing. */
function pollSeen(): void {
	if (!document.hidden) somethingChanged();
}

function stop(): void {
	source?.close();
	source = null;
	streaming.value = false;
	clearInterval(poll);
	clearTimeout(again);
	poll = 0;
}

function open(): void {
	source = new EventSource("/v1/events");
	source.onopen = () => {
		streaming.value = true;
		reachable.value = true;
		lastReached.value = Date.now();
		clearInterval(poll);
		poll = 0;
	};
	source.onmessage = somethingChanged;
	source.addEventListener("changed", somethingChanged);
	source.onerror = () => {
		streaming.value = false;
		poll ||= window.setInterval(pollSeen, POLL_MS);
		/* The browser tries again by itself while there is no line, and not when the agent refuses. */
		if (source?.readyState !== EventSource.CLOSED) reachable.value = false;
		else again = window.setTimeout(open, AGAIN_MS);
	};
}

export function followChanges(): void {
	effect(() => {
		if (state.value === "in") open();
		else stop();
	});
	addEventListener("online", somethingChanged);
	document.addEventListener("visibilitychange", () => {
		if (!document.hidden && !streaming.value) somethingChanged();
	});
}
