/*
 * Files on their way to the agent (docs/API.md, Files): with progress, and after a broken line from where
 * the agent has it. The answer is the UUID that the letter's field names.
 */
import { api, ApiError, csrfToken, lostLine } from "./api";

/* Whom the file is about. */
export type About = { person: string } | { referral: string } | Record<string, never>;
export type Progress = (part: number) => void;

const TRIES = 6;
const WAIT_MS = 2_000;

/* fetch tells nothing of what has left, so this is the one place with an XMLHttpRequest. */
function put(path: string, rest: Blob, type: string, onSent: (bytes: number) => void, stop?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open("PUT", path);
		request.setRequestHeader("Content-Type", type);
		request.setRequestHeader("X-CSRF-Token", csrfToken());
		request.responseType = "json";
		request.upload.onprogress = ({ loaded }) => onSent(loaded);
		request.onerror = () => reject(lostLine());
		request.onabort = () => reject(stop?.reason);
		request.onload = () => {
			if (request.status < 300) resolve();
			else reject(ApiError.of(request.status, request.response));
		};
		stop?.addEventListener("abort", () => request.abort());
		request.send(rest);
	});
}

/* How many bytes the agent has; 0 when it doesn't know the file yet. */
async function bytesThere(id: string, stop?: AbortSignal): Promise<number> {
	try {
		return (await api.get<{ done: number }>(`/v1/attachments/${id}`, stop)).done;
	} catch (error) {
		if (error instanceof ApiError && error.status === 404) return 0;
		throw error;
	}
}

export async function upload(file: File, about: About, onProgress: Progress, stop?: AbortSignal): Promise<string> {
	const id = crypto.randomUUID();
	const type = file.type || "application/octet-stream";
	for (let tried = 1; ; tried++) {
		try {
			const offset = tried === 1 ? 0 : await bytesThere(id, stop);
			const query = new URLSearchParams({ ...about, ...(offset ? { offset: String(offset) } : {}) });
			const sent = (bytes: number): void => onProgress((offset + bytes) / file.size);
			await put(`/v1/attachments/${id}?${query}`, file.slice(offset), type, sent, stop);
			return id;
		} catch (error) {
			if (!(error instanceof ApiError && error.offline) || tried >= TRIES) throw error;
			await new Promise((resolve) => setTimeout(resolve, WAIT_MS * tried));
		}
	}
}
