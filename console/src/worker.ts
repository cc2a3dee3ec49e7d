/*
 * The service worker: keeps the console's own files, so that it opens on a poor line or none. It never
 * touches /v1, and nothing about people is ever in its cache. SHELL and VERSION come from the build.
 */
declare const SHELL: string[];
declare const VERSION: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `console-${VERSION}`;

async function keepShell(): Promise<void> {
	const cache = await caches.open(CACHE);
	await cache.addAll(SHELL);
}

async function dropOlder(): Promise<void> {
	const names = await caches.keys();
	await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
	await worker.clients.claim();
}

/* A page is asked for afresh, so that a new version is seen, and is ours when there is no line; other
 * files have their content's hash in their name and never change. */
async function answer(request: Request): Promise<Response> {
	const cache = await caches.open(CACHE);
	if (request.mode === "navigate")
		return fetch(request).catch(async () => (await cache.match("/")) ?? Response.error());
	return (await cache.match(request)) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(keepShell()));
worker.addEventListener("activate", (event) => event.waitUntil(dropOlder()));
worker.addEventListener("fetch", (event) => {
	const { request } = event;
	const { origin, pathname } = new URL(request.url);
	const ours = origin === location.origin && request.method === "GET" && !pathname.startsWith("/v1/");
	if (ours) event.respondWith(answer(request));
});
