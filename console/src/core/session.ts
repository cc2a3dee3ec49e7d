/*
 * Who is signed in and what they may do. A session that ends while somebody works leaves the screen as it
 * is: `state` becomes "ended", the shell asks for the password above it, and the form below keeps what was
 * typed.
 */
import { computed, signal } from "@preact/signals";

import { api, ApiError, forgetAnswers, setCsrf, whenCsrfIsOld, whenSignedOut } from "./api";
import type { Both } from "./language";
import { agentTime } from "./times";

/* What the agent's table of roles knows (docs/API.md). */
export type May =
	| "look" | "list" | "status" | "intake" | "consent" | "send" | "verify" | "evidence"
	| "admin" | "accounts" | "reset" | "keys" | "looks" | "session";

export type OpenSession = {
	id: string;
	/* From where. */
	address: string;
	this: boolean;
	begun: string;
	begun_local: Both;
	seen: string;
	seen_local: Both;
};

export type Session = {
	/* `account` is the name that is typed to sign in, `name` the person's. */
	account: { id: string; account: string; name: string; role: string };
	may: May[];
	csrf: string;
	idle_seconds: number;
	now: string;
	expires: string;
	must_change: boolean;
	agency: { id: string; name: Both; kind: string; region: string };
	sessions: OpenSession[];
	second_factor: { set: boolean; recovery_left: number };
	/* 32 bytes in hex, the same at each sign-in of this account: for drafts.ts alone. */
	draft_key: string;
};

/* unknown: not asked yet. out: nobody. in: somebody. ended: somebody's session is over, their work is not. */
export type State = "unknown" | "out" | "in" | "ended";

export const session = signal<Session | null>(null);
export const state = signal<State>("unknown");
export const mustChange = computed(() => session.value?.must_change ?? false);

const watchers: ((now: Session | null) => void | Promise<void>)[] = [];
/* Other tabs of this browser share the cookie: each tells the others that the session is another one. */
const tabs = new BroadcastChannel("jembatan-session");

/* Called with each sign-in, and with null at each end, before screens are told. */
export function onSession(act: (now: Session | null) => void | Promise<void>): void {
	watchers.push(act);
}

export function may(action: May): boolean {
	return session.value?.may.includes(action) ?? false;
}

async function tellWatchers(now: Session | null): Promise<void> {
	for (const watcher of watchers) await watcher(now);
}

async function enter(now: Session): Promise<void> {
	setCsrf(now.csrf);
	agentTime(now.now);
	if (session.value?.account.id !== now.account.id) forgetAnswers();
	await tellWatchers(now);
	session.value = { ...now, draft_key: "" };
	state.value = "in";
}

async function leave(): Promise<void> {
	forgetAnswers();
	setCsrf("");
	await tellWatchers(null);
	session.value = null;
	state.value = "out";
}

/* The session is over; what is on the screen waits for the same person, covered. */
export async function sessionEnded(): Promise<void> {
	if (state.value !== "in") return;
	state.value = "ended";
	await tellWatchers(null);
}

/* Asks the agent who we are: at the start, and when another tab may have changed it. */
export async function recallSession(): Promise<void> {
	try {
		await enter(await api.get<Session>("/v1/session"));
	} catch (error) {
		if (!(error instanceof ApiError) || error.status !== 401) throw error;
		if (session.value) await sessionEnded();
		else await leave();
	}
}

export async function signIn(account: string, password: string, code?: string): Promise<void> {
	const given = code ? { account, password, code } : { account, password };
	await enter(await api.post<Session>("/v1/session", given));
	tabs.postMessage("changed");
}

/* The old password is not asked for when somebody else has set it. The agent ends all sessions of the
 * account and begins this one anew. */
export async function changePassword(old: string | null, password: string, key: string): Promise<void> {
	const given = old === null ? { new: password } : { old, new: password };
	await enter(await api.post<Session>("/v1/session/password", given, key));
	tabs.postMessage("changed");
}

/* Ends the session at the agent; one that has ended already is as good. */
async function endAtAgent(): Promise<void> {
	try {
		await api.post("/v1/session/end");
	} catch (error) {
		if (!(error instanceof ApiError && error.status === 401)) throw error;
	}
}

export async function signOut(): Promise<void> {
	await endAtAgent();
	await leave();
	tabs.postMessage("changed");
}

/* Nobody has touched the console for as long as a session may rest. */
export async function endIdleSession(): Promise<void> {
	await sessionEnded();
	await endAtAgent();
	tabs.postMessage("changed");
}

tabs.onmessage = () => void recallSession().catch(() => undefined);
whenSignedOut(() => void sessionEnded());
/* The same account's session may have been begun anew in another tab. For another account nothing that
 * this tab meant to write may be written. */
whenCsrfIsOld(async () => {
	const before = session.value?.account.id;
	await recallSession();
	return session.value?.account.id === before && state.value === "in";
});
