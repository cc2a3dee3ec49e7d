/*
 * The one client of the agent's api (docs/API.md). It adds what every request needs: the CSRF token and
 * an Idempotency-Key for writes, ETags for reads, patience for lines of 32 kbit/s and 1.5 s, and tries
 * again what may be tried again. What fails throws an ApiError whose words are for the user.
 */
import { signal } from "@preact/signals";

import { both, type Both } from "./language";

export type FieldProblem = { field: string; code: string; message: Both };

type Sent = {
	code?: string;
	message_id?: string;
	message_en?: string;
	fields?: { field: string; code: string; message_id: string; message_en: string }[];
};

export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		readonly words: Both,
		readonly fields: FieldProblem[] = [],
		readonly retryAfterS = 0,
	) {
		super(code);
	}

	/* What the agent has answered, which ought to be an error of docs/API.md. */
	static of(status: number, body: unknown, retryAfterS = 0): ApiError {
		const sent = (body ?? {}) as Sent;
		const fields = (sent.fields ?? []).map(({ field, code, message_id, message_en }) => ({
			field,
			code,
			message: { id: message_id, en: message_en },
		}));
		const words =
			sent.message_id && sent.message_en ? { id: sent.message_id, en: sent.message_en } : both("shell.notUnderstood");
		return new ApiError(status, sent.code ?? "UNKNOWN", words, fields, retryAfterS);
	}

	/* No answer came: the line or the agent is down, and it isn't known whether a write was done. */
	get offline(): boolean {
		return this.status === 0;
	}
}

/* What a screen finds wrong by itself, in the form in which the agent would say it. */
export function wrongField(field: string, message: Both): ApiError {
	return new ApiError(422, "INVALID", message, [{ field, code: "INVALID", message }]);
}

const READ_MS = 60_000;
const WRITE_MS = 90_000;
const TRIES = 4;
const FIRST_WAIT_MS = 800;
const CACHED = 200;

/* Whether the last request reached the agent, and when one last did. */
export const reachable = signal(true);
export const lastReached = signal<number | null>(null);

let csrf = "";
let onSignedOut: () => void = () => undefined;
let onOldCsrf: () => Promise<boolean> = () => Promise.resolve(false);
const cache = new Map<string, { etag: string; body: unknown }>();

export function setCsrf(token: string): void {
	csrf = token;
}

/* What to do when the agent says that nobody is signed in. */
export function whenSignedOut(act: () => void): void {
	onSignedOut = act;
}

/* What to do when the agent doesn't take our CSRF token; true when it may be tried once more. */
export function whenCsrfIsOld(act: () => Promise<boolean>): void {
	onOldCsrf = act;
}

export function forgetAnswers(): void {
	cache.clear();
}

type Method = "GET" | "POST" | "PUT";
type Request = {
	method: Method;
	path: string;
	body?: unknown;
	key?: string;
	signal?: AbortSignal | undefined;
	tries?: number;
};

function wait(ms: number, stop?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(resolve, ms);
		stop?.addEventListener("abort", () => {
			clearTimeout(timer);
			reject(stop.reason);
		});
	});
}

/* Notes that the line is gone. */
function lostLine(): ApiError {
	reachable.value = false;
	return new ApiError(0, "OFFLINE", both("shell.noLine"));
}

function headersOf({ method, path, body, key }: Request): Headers {
	const headers = new Headers({ Accept: "application/json" });
	const known = cache.get(path);
	if (method === "GET" && known) headers.set("If-None-Match", known.etag);
	if (method !== "GET" && csrf) headers.set("X-CSRF-Token", csrf);
	if (key) headers.set("Idempotency-Key", key);
	if (body !== undefined) headers.set("Content-Type", "application/json");
	return headers;
}

async function send(request: Request): Promise<Response> {
	const limit = AbortSignal.timeout(request.method === "GET" ? READ_MS : WRITE_MS);
	const stop = new AbortController();
	const end = (): void => stop.abort();
	limit.addEventListener("abort", end);
	request.signal?.addEventListener("abort", end);
	try {
		const response = await fetch(request.path, {
			method: request.method,
			headers: headersOf(request),
			body: request.body === undefined ? null : JSON.stringify(request.body),
			credentials: "same-origin",
			cache: "no-store",
			signal: stop.signal,
		});
		reachable.value = true;
		lastReached.value = Date.now();
		return response;
	} catch (error) {
		if (request.signal?.aborted) throw error;
		throw lostLine();
	}
}

async function read<T>(request: Request, response: Response): Promise<T> {
	if (response.status === 304) return cache.get(request.path)?.body as T;
	let body: unknown;
	try {
		body = response.status === 204 ? null : await response.json();
	} catch {
		throw new ApiError(response.status, "UNKNOWN", both("shell.notUnderstood"));
	}
	if (!response.ok)
		throw ApiError.of(response.status, body, Number(response.headers.get("Retry-After") ?? 0));
	const etag = response.headers.get("ETag");
	if (request.method === "GET" && etag) remember(request.path, etag, body);
	return body as T;
}

function remember(path: string, etag: string, body: unknown): void {
	cache.delete(path);
	cache.set(path, { etag, body });
	if (cache.size > CACHED) cache.delete(cache.keys().next().value as string);
}

/* A write without an Idempotency-Key may have been done although its answer was lost. */
function mayTryAgain(error: unknown, request: Request): boolean {
	if (!(error instanceof ApiError)) return false;
	if (error.status === 503) return error.code !== "LEDGER_LOCKED";
	return error.offline && (request.method === "GET" || request.key !== undefined);
}

async function call<T>(request: Request): Promise<T> {
	let renewed = false;
	for (let tried = 1; ; tried++) {
		try {
			return await read<T>(request, await send(request));
		} catch (error) {
			const code = error instanceof ApiError ? error.code : "";
			if (code === "NOT_SIGNED_IN") onSignedOut();
			if (code === "CSRF" && !renewed) {
				renewed = true;
				if (await onOldCsrf()) continue;
			}
			if (tried >= (request.tries ?? TRIES) || !mayTryAgain(error, request)) throw error;
			const after = error instanceof ApiError ? error.retryAfterS * 1000 : 0;
			const backoff = FIRST_WAIT_MS * 2 ** (tried - 1) * (0.75 + Math.random() / 2);
			await wait(Math.max(after, backoff), request.signal);
		}
	}
}

/* A key for one intention of the user: kept over repeats, new when what is sent has changed. */
export function newKey(): string {
	return [...crypto.getRandomValues(new Uint8Array(16))]
		.map((byte) => byte.toString(16).padStart(2, "0"))
		.join("");
}

type Query = Record<string, string | number | boolean | null | undefined>;

/* An address of the api with its query; what is null or undefined is left out. */
export function address(path: string, query: Query = {}): string {
	const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
	const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
	return text ? `${path}?${text}` : path;
}

export const api = {
	get: <T>(path: string, signal?: AbortSignal, tries?: number): Promise<T> =>
		call<T>({ method: "GET", path, signal, tries }),
	/* `key` is for who keeps one over several attempts of the user; each call has its own otherwise. */
	post: <T>(path: string, body: unknown = {}, key = newKey(), tries?: number): Promise<T> =>
		call<T>({ method: "POST", path, body, key, tries }),
	put: <T>(path: string, body: unknown, key = newKey()): Promise<T> =>
		call<T>({ method: "PUT", path, body, key }),
};
