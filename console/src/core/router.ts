/*
 * Where the user is: the history API over the table in routes.ts. A path may name parts in braces
 * (/orang/{id}); nothing personal ever stands in an address.
 */
import { signal } from "@preact/signals";

import { navigated } from "./focus";
import { t } from "./language";

export type Place = { path: string; query: URLSearchParams };

function here(): Place {
	return { path: location.pathname, query: new URLSearchParams(location.search) };
}

export const place = signal<Place>(here());

/* Forms that hold something which is kept nowhere else. */
const unsaved = new Set<() => boolean>();

/* While `holds` says true the user is asked before going elsewhere; the answer takes it back. */
export function guardLeaving(holds: () => boolean): () => void {
	unsaved.add(holds);
	return () => unsaved.delete(holds);
}

function wouldLose(): boolean {
	return [...unsaved].some((holds) => holds());
}

function arrive(): void {
	const next = here();
	if (next.path !== place.value.path) navigated();
	place.value = next;
}

export function go(to: string, how: "push" | "replace" = "push"): void {
	if (wouldLose() && !confirm(t("shell.leaveForm"))) return;
	history[how === "push" ? "pushState" : "replaceState"](null, "", to);
	arrive();
	if (how === "push") scrollTo(0, 0);
}

/* The named parts of a path, or null where the pattern does not fit. */
export function match(pattern: string, path: string): Record<string, string> | null {
	const wanted = pattern.split("/");
	const given = path.replace(/(.)\/$/, "$1").split("/");
	if (wanted.length !== given.length) return null;
	const params: Record<string, string> = {};
	for (const [i, part] of wanted.entries()) {
		const value = given[i] ?? "";
		if (part.startsWith("{")) params[part.slice(1, -1)] = decodeURIComponent(value);
		else if (part !== value) return null;
	}
	return params;
}

function ownLink(event: MouseEvent): HTMLAnchorElement | null {
	const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
	if (!plain || event.defaultPrevented) return null;
	const link = event.target instanceof Element ? event.target.closest("a") : null;
	const ours = link && link.origin === location.origin && !link.target && !link.download;
	return ours && !link.pathname.startsWith("/v1/") ? link : null;
}

/* Links are plain <a href>; a click on one of ours changes the place without loading the page. */
export function listen(): void {
	addEventListener("popstate", arrive);
	addEventListener("beforeunload", (event) => {
		if (wouldLose()) event.preventDefault();
	});
	document.addEventListener("click", (event) => {
		const link = ownLink(event);
		if (!link) return;
		if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
		event.preventDefault();
		go(link.pathname + link.search);
	});
}
