/*
 * Who is signed in, what they may do, and how long the session lasts. A session that ends while
 * somebody works leaves the screen as it is: `state` becomes "ended", the shell asks for the password
 * above it, and the form below keeps what was typed.
 */
import { computed, signal } from "@preact/signals";

import { api, ApiError, forgetAnswers, setCsrf, whenSignedOut } from "./api";
import type { Both } from "./language";

/* Actions of the agent's table of roles (docs/API.md). */
export type May =
	| "look" | "list" | "status" | "intake" | "consent" | "send" | "verify" | "administer" | "evidence";

export type Session = {
	account: { id: string; name: string; role: string };
	may: May[];
	csrf: string;
	idle_seconds: number;
	expires: string;
	must_change: boolean;
	agency: { id: string; name: Both; kind: string; region: string };
	draft_key?: string;
};

export type State = "unknown" | "out" | "in" | "ended";

export const session = signal<Session | null>(null);
export const state = signal<State>("unknown");
/* When the session ends if nothing more is asked of the agent; milliseconds since 1970. */
export const endsAt = signal<number>(Infinity);
export const mustChange = computed(() => session.value?.must_change ?? false);

const watchers: ((now: Session | null) => void | Promise<void>)[] = [];

/* Called after each sign-in and sign-out, before screens are told. */
export function onSession(act: (now: Session | null) => void | Promise<void>): void {
	watchers.push(act);
}

export function may(action: May): boolean {
	return session.value?.may.includes(action) ?? false;
}

async function enter(now: Session): Promise<void> {
	const other = session.value !== null && session.value.account.id !== now.account.id;
	setCsrf(now.csrf);
	if (other) forgetAnswers();
	for (const watcher of watchers) await watcher(now);
	session.value = now;
	touched();
	state.value = "in";
}

async function leave(): Promise<void> {
	forgetAnswers();
	setCsrf("");
	for (const watcher of watchers) await watcher(null);
	session.value = null;
	state.value = "out";
}

/* The agent has just answered a request of this session. */
export function touched(): void {
	const now = session.value;
	if (now) endsAt.value = Math.min(Date.now() + now.idle_seconds * 1000, Date.parse(now.expires));
}

/* Asks the agent who we are: at the start, and when another tab may have changed it. */
export async function recallSession(): Promise<void> {
	try {
		await enter(await api.get<Session>("/v1/session"));
	} catch (error) {
		if (error instanceof ApiError && error.offline) throw error;
		await leave();
	}
}

export async function signIn(account: string, password: string, code?: string): Promise<void> {
	await enter(await api.post<Session>("/v1/session", code ? { account, password, code } : { account, password }));
}

export async function signOut(): Promise<void> {
	try {
		await api.post("/v1/session/end");
	} catch (error) {
		if (!(error instanceof ApiError && error.status === 401)) throw error;
	}
	await leave();
}

whenSignedOut(() => {
	if (state.value === "in") state.value = "ended";
});
