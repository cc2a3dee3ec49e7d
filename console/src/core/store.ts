/*
 * The console's database in the browser. What it holds about people is encrypted with a key that lives
 * only while an account is signed in (drafts.ts); nothing in it is personal in clear.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

/* Encrypted: AES-256-GCM under the account's draft key. */
export type Sealed = { iv: Uint8Array; bytes: ArrayBuffer };

interface Tables extends DBSchema {
	drafts: { key: string; value: Sealed & { id: string; account: string; at: number } };
	queue: {
		key: number;
		value: Sealed & { n?: number; account: string; at: number; key: string };
		indexes: { account: string };
	};
}

let opened: Promise<IDBPDatabase<Tables>> | null = null;

export function store(): Promise<IDBPDatabase<Tables>> {
	opened ??= openDB<Tables>("jembatan", 1, {
		upgrade(db) {
			db.createObjectStore("drafts", { keyPath: "id" });
			db.createObjectStore("queue", { keyPath: "n", autoIncrement: true }).createIndex("account", "account");
		},
	});
	return opened;
}
