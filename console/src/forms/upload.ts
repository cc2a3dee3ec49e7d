/*
 * Uploading a file (docs/API.md, Files): a fresh UUID, the bytes, and after a broken line the rest from
 * where the agent says it stands. fetch() can't tell how far it is, so this is an XMLHttpRequest.
 */
import { signal, type Signal } from "@preact/signals";

import { api, ApiError } from "../core/api";
import type { Both } from "../core/language";
import { session } from "../core/session";

export const MOST_BYTES = 50 * 1024 * 1024;

export type Upload = {
	id: string;
	title: string;
	length: number;
	/* Bytes that the agent has for certain, and those on their way. */
	done: Signal<number>;
	state: Signal<"running" | "broken" | "ready">;
	error: Signal<Both | null>;
	go: () => Promise<void>;
	stop: () => void;
};

export type About = { person?: string | undefined; referral?: string | undefined };

const AGAIN_MS = 1_500;
const TRIES = 6;

type Failed = { status: number; words: Both | null };

function wordsOf(request: XMLHttpRequest): Both | null {
	try {
		const said = JSON.parse(request.responseText) as {
			message_id?: string;
			message_en?: string;
			fields?: { message_id: string; message_en: string }[];
		};
		const one = said.fields?.[0] ?? said;
		return one.message_id && one.message_en ? { id: one.message_id, en: one.message_en } : null;
	} catch {
		return null;
	}
}

function put(path: string, body: Blob, type: string, upload: Upload, from: number, hold: (r: XMLHttpRequest) => void) {
	return new Promise<void>((resolve, reject: (why: Failed) => void) => {
		const request = new XMLHttpRequest();
		hold(request);
		request.open("PUT", path);
		request.setRequestHeader("Content-Type", type || "application/octet-stream");
		request.setRequestHeader("X-CSRF-Token", session.value?.csrf ?? "");
		request.upload.onprogress = (event) => {
			upload.done.value = from + event.loaded;
		};
		request.onload = () => {
			if (request.status < 300) resolve();
			else reject({ status: request.status, words: wordsOf(request) });
		};
		request.onerror = request.onabort = () => reject({ status: 0, words: null });
		request.send(body);
	});
}

/* How much of it the agent has; nothing when it has never heard of it. */
async function standing(id: string): Promise<number> {
	try {
		return (await api.get<{ done: number }>(`/v1/attachments/${id}`)).done;
	} catch (error) {
		if (error instanceof ApiError && error.status === 404) return 0;
		throw error;
	}
}

const LOST: Both = {
	id: "Sambungan terputus. Yang sudah terunggah tidak hilang.",
	en: "The line broke. What was uploaded is not lost.",
};

const mayGoOn = ({ status }: Failed): boolean => status === 0 || status === 409 || status >= 500;

export function newUpload(file: File, about: About): Upload {
	const id = crypto.randomUUID();
	const query = new URLSearchParams(
		Object.entries(about).flatMap(([name, value]) => (value ? [[name, value]] : [])),
	);
	let held: XMLHttpRequest | null = null;
	let stopped = false;

	const attempt = async (): Promise<void> => {
		const from = await standing(id);
		query.delete("offset");
		if (from) query.set("offset", String(from));
		upload.done.value = from;
		await put(`/v1/attachments/${id}?${query}`, file.slice(from), file.type, upload, from, (request) => {
			held = request;
		});
	};

	const go = async (): Promise<void> => {
		upload.state.value = "running";
		upload.error.value = null;
		for (let tried = 1; ; tried++) {
			try {
				await attempt();
				upload.done.value = file.size;
				upload.state.value = "ready";
				return;
			} catch (error) {
				const failed: Failed = error instanceof ApiError
					? { status: error.status, words: error.words }
					: (error as Failed);
				if (stopped) return;
				if (tried < TRIES && mayGoOn(failed)) {
					await new Promise((resolve) => setTimeout(resolve, AGAIN_MS * tried));
					continue;
				}
				upload.error.value = failed.words ?? LOST;
				upload.state.value = "broken";
				return;
			}
		}
	};

	const upload: Upload = {
		id,
		title: file.name,
		length: file.size,
		done: signal(0),
		state: signal("running"),
		error: signal(null),
		go,
		stop: () => {
			stopped = true;
			held?.abort();
		},
	};
	return upload;
}
