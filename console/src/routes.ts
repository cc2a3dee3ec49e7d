/*
 * Every screen of the console: where it is, its title, what the account must be allowed to do, which
 * words it needs. A screen is a file in screens/ whose default export draws it; it is loaded when
 * somebody first goes there, with its words. `nav` puts it into the navigation, in this order.
 */
import type { ComponentType } from "preact";

import type { Pack, Label } from "./core/language";
import type { May } from "./core/session";

export type ScreenProps = { params: Record<string, string>; query: URLSearchParams };

export type Route = {
	path: string;
	title: Label;
	load: () => Promise<{ default: ComponentType<ScreenProps> }>;
	packs?: readonly Pack[];
	needs?: May;
	nav?: true;
};

export const routes: readonly Route[] = [
	{ path: "/", title: "shell.today", needs: "list", nav: true, packs: ["work"], load: () => import("./screens/today") },
	{ path: "/surat/masuk", title: "shell.inbox", needs: "list", nav: true, packs: ["work"], load: () => import("./screens/inbox") },
	{ path: "/surat/keluar", title: "shell.outbox", needs: "list", nav: true, packs: ["work"], load: () => import("./screens/outbox") },
	{ path: "/cari", title: "shell.search", needs: "look", packs: ["work"], load: () => import("./screens/search") },
	{ path: "/akun", title: "shell.account", packs: ["account"], load: () => import("./screens/account") },
];
