/*
 * Times as people read them. The agent sends each instant also in words, in the agency's zone
 * (`due_local`); here is only what has to be counted from now.
 */
import { signal } from "@preact/signals";

import { language, t } from "./language";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/* How far the agent's clock is ahead of this computer's, which may be years off: a flat battery is enough. */
let aheadMs = 0;

/* What the agent says that time it is. */
export function agentTime(said: string): void {
	aheadMs = Date.parse(said) - Date.now();
}

/* The present, by the agent's clock. */
export function present(): Date {
	return new Date(Date.now() + aheadMs);
}

/* A moment that the agent names, as this computer's clock will show it. */
export function momentHere(instant: string): number {
	return Date.parse(instant) - aheadMs;
}

/* Moves on every half minute, so that what is counted from now stays true. */
export const now = signal(Date.now());

setInterval(() => {
	now.value = Date.now();
}, MINUTE_MS / 2);

/* "baru saja", "5 menit lalu", "3 jam lalu", and the clock before that. */
export function sinceText(at: number): string {
	const passed = now.value - at;
	if (passed < MINUTE_MS) return t("shell.justNow");
	if (passed < HOUR_MS) return t("shell.minutesAgo", { n: Math.floor(passed / MINUTE_MS) });
	if (passed < 24 * HOUR_MS) return t("shell.hoursAgo", { n: Math.floor(passed / HOUR_MS) });
	return new Intl.DateTimeFormat(language.value === "id" ? "id-ID" : "en-GB", {
		dateStyle: "long",
		timeStyle: "short",
	}).format(at);
}

/* "hari ini", "besok", "3 hari lagi", "lewat 2 hari"; `days` as the agent counts them. */
export function daysText(days: number, late = days < 0): string {
	if (days < 0) return t("shell.daysLate", { n: -days });
	if (late) return t("shell.lateToday");
	if (days === 0) return t("shell.todayDay");
	if (days === 1) return t("shell.tomorrow");
	return t("shell.daysLeft", { n: days });
}
