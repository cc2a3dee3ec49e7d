/*
 * Drafts: what was typed and not sent yet, kept in the browser, encrypted. The key comes from the agent
 * with each sign-in, one for each account, and is made non-extractable at once; after sign-out nobody can
 * read the drafts until the same account signs in again. Without a key nothing is kept.
 */
import { onSession, type Session } from "./session";
import { store, type Sealed } from "./store";
import type { Values } from "./form";

export type Draft = { values: Values; at: number };

const KEPT_DAYS = 30;

let key: CryptoKey | null = null;
let account = "";

function fromHex(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/* WebCrypto is there on https and on this computer itself, nowhere else. */
async function keyOf(now: Session | null): Promise<CryptoKey | null> {
	if (!/^[0-9a-f]{64}$/.test(now?.draft_key ?? "") || !globalThis.crypto?.subtle) return null;
	return crypto.subtle.importKey("raw", fromHex(now?.draft_key ?? ""), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/* Whether anything can be kept in this browser now. */
export function mayKeep(): boolean {
	return key !== null;
}

/* What is sealed for one place can't be moved to another: the place is authenticated with it. */
export async function seal(place: string, value: unknown): Promise<Sealed | null> {
	if (!key) return null;
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const bytes = await crypto.subtle.encrypt(
		{ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) },
		key,
		new TextEncoder().encode(JSON.stringify(value)),
	);
	return { iv, bytes };
}

/* null where it can't be opened: another account's, or damaged. */
export async function unseal(place: string, { iv, bytes }: Sealed): Promise<unknown> {
	if (!key) return null;
	try {
		const plain = await crypto.subtle.decrypt(
			{
				name: "AES-GCM",
				iv: iv as Uint8Array<ArrayBuffer>,
				additionalData: new TextEncoder().encode(place),
			},
			key,
			bytes,
		);
		return JSON.parse(new TextDecoder().decode(plain));
	} catch {
		return null;
	}
}

const idOf = (name: string): string => `${account}/${name}`;

export async function keepDraft(name: string, values: Values): Promise<boolean> {
	const sealed = await seal(idOf(name), values);
	if (!sealed) return false;
	await (await store()).put("drafts", { id: idOf(name), account, at: Date.now(), ...sealed });
	return true;
}

export async function readDraft(name: string): Promise<Draft | null> {
	if (!key) return null;
	const row = await (await store()).get("drafts", idOf(name));
	const values = row ? await unseal(idOf(name), row) : null;
	return row && values ? { values: values as Values, at: row.at } : null;
}

export async function dropDraft(name: string): Promise<void> {
	if (key) await (await store()).delete("drafts", idOf(name));
}

async function dropOld(): Promise<void> {
	const db = await store();
	const before = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
	for (const row of await db.getAll("drafts")) if (row.at < before) await db.delete("drafts", row.id);
}

export function keepDraftsOfSession(): void {
	onSession(async (now) => {
		key = await keyOf(now);
		account = now ? now.account.id : "";
		if (key) await dropOld();
	});
}
