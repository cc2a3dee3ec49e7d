/*
 * Every screen of the console: where it is, its title, what the account must be allowed to do, which
 * words it needs. A screen is a file in screens/ whose default export draws it; it is loaded when
 * somebody first goes there, with its words. `nav` puts it into the navigation, in this order.
 */
import type { ComponentType } from "preact";

import type { Pack, Title } from "./core/language";
import type { May } from "./core/session";

export type ScreenProps = { params: Record<string, string>; query: URLSearchParams };

export type Route = {
	path: string;
	title: Title;
	load: () => Promise<{ default: ComponentType<ScreenProps> }>;
	packs?: readonly Pack[];
	needs?: May;
	nav?: true;
	/* The one kind of agency in whose navigation it stands. */
	at?: string;
};

export const routes: readonly Route[] = [
	{ path: "/", title: "nav.today", needs: "list", nav: true, packs: ["today"], load: () => import("./screens/today") },
	{ path: "/surat/masuk", title: "nav.inbox", needs: "list", nav: true, packs: ["work"], load: () => import("./screens/inbox") },
	{ path: "/surat/keluar", title: "nav.outbox", needs: "list", nav: true, packs: ["work"], load: () => import("./screens/outbox") },
	{ path: "/cari", title: "nav.search", needs: "look", packs: ["work"], load: () => import("./screens/search") },
	{ path: "/orang", title: "nav.people", needs: "list", nav: true, packs: ["person"], load: () => import("./screens/people") },
	{ path: "/orang/baru", title: "nav.intake", needs: "intake", packs: ["person", "form"], load: () => import("./screens/intake") },
	{ path: "/orang/{id}", title: "nav.person", needs: "look", packs: ["person", "consent", "work"], load: () => import("./screens/person") },
	{ path: "/orang/{id}/persetujuan", title: "nav.consent", needs: "consent", packs: ["person", "consent"], load: () => import("./screens/consent") },
	{ path: "/orang/{id}/penerima", title: "nav.disclosures", needs: "look", packs: ["person", "consent", "disclosed"], load: () => import("./screens/disclosures") },
	{ path: "/rangkaian", title: "nav.chains", needs: "list", nav: true, at: "coordinator", packs: ["chains"], load: () => import("./screens/chains") },
	{ path: "/rangkaian/{id}", title: "nav.chains", needs: "list", packs: ["chains"], load: () => import("./screens/chain") },
	{ path: "/pemeriksaan", title: "nav.verify", needs: "verify", packs: ["verify"], load: () => import("./screens/verify") },
	{ path: "/diminta", title: "nav.asked", needs: "list", nav: true, packs: ["work", "asked"], load: () => import("./screens/asked") },
	{ path: "/rujukan/baru", title: "nav.refer", needs: "send", nav: true, packs: ["work", "form", "thread", "refer"], load: () => import("./screens/refer") },
	{ path: "/rujukan/{number}", title: "nav.thread", needs: "look", packs: ["work", "form", "thread"], load: () => import("./screens/thread") },
	{ path: "/rujukan/{number}/cetak", title: "nav.sheet", needs: "look", packs: ["thread"], load: () => import("./screens/sheet") },
	{ path: "/jejak", title: "nav.looks", needs: "looks", packs: ["looks"], load: () => import("./screens/looks") },
	{ path: "/mitra", title: "nav.partners", needs: "status", packs: ["partners"], load: () => import("./screens/partners") },
	{ path: "/mitra/{id}", title: "nav.partner", needs: "status", packs: ["partners"], load: () => import("./screens/partner") },
	{ path: "/atur", title: "nav.admin", needs: "status", nav: true, packs: ["admin"], load: () => import("./screens/admin") },
	{ path: "/atur/akun", title: "nav.accounts", needs: "reset", packs: ["admin"], load: () => import("./screens/accounts") },
	{ path: "/atur/kunci", title: "nav.keys", needs: "keys", packs: ["admin"], load: () => import("./screens/keys") },
	{ path: "/atur/tenggat", title: "nav.rules", needs: "status", packs: ["admin", "rules"], load: () => import("./screens/rules") },
	{ path: "/antrean", title: "nav.queue", packs: ["queue"], load: () => import("./screens/queue") },
	{ path: "/akun", title: "nav.account", packs: ["account"], load: () => import("./screens/account") },
];
