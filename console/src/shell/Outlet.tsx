/* The screen of the present place, loaded with its words when it is first needed. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { needPacks, t } from "../core/language";
import { go, match, place } from "../core/router";
import { may } from "../core/session";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";
import { LoadingPage, Page } from "../parts/Page";
import { routes, type Route, type ScreenProps } from "../routes";

type Ready = { route: Route; Screen: ComponentType<ScreenProps> };

function findRoute(path: string): { route: Route; params: Record<string, string> } | null {
	for (const route of routes) {
		const params = match(route.path, path);
		if (params) return { route, params };
	}
	return null;
}

function NotFound(): JSX.Element {
	return (
		<Page title={t("shell.notFound")}>
			<p class="jb-body">{t("shell.notFoundWhat")}</p>
			<p class="jb-body"><a class="jb-link" href="/">{t("shell.toToday")}</a></p>
		</Page>
	);
}

function NotAllowed({ route }: { route: Route }): JSX.Element {
	return (
		<Page title={t(route.title)}>
			<p class="jb-body">{t("shell.notAllowed")}</p>
		</Page>
	);
}

function NotLoaded({ again }: { again: () => void }): JSX.Element {
	return (
		<Page title={t("shell.notLoaded")}>
			<Banner tone="bad" title={t("shell.noAgent")}>
				<p class="jb-body">{t("shell.noAgentWhat")}</p>
				<Button onClick={again}>{t("shell.tryAgain")}</Button>
			</Banner>
		</Page>
	);
}

/* Where somebody begins who may not see the day's work: an admin, at the settings. */
function otherBeginning(): string | undefined {
	return routes.find(({ nav, needs }) => nav && (!needs || may(needs)))?.path;
}

export function Outlet(): JSX.Element {
	const { path, query } = place.value;
	const found = findRoute(path);
	const route = found?.route;
	const elsewhere = path === "/" && route?.needs && !may(route.needs) ? otherBeginning() : undefined;
	const [ready, setReady] = useState<Ready | null>(null);
	const [failed, setFailed] = useState<Route | null>(null);

	const load = (wanted: Route): void => {
		setFailed(null);
		Promise.all([wanted.load(), needPacks(wanted.packs ?? [])]).then(
			([module]) => setReady({ route: wanted, Screen: module.default }),
			() => setFailed(wanted),
		);
	};
	useEffect(() => {
		if (elsewhere) go(elsewhere, "replace");
	}, [elsewhere]);
	useEffect(() => {
		if (route && ready?.route !== route) load(route);
	}, [route]);

	if (!found || !route) return <NotFound />;
	if (route.needs && !may(route.needs)) return <NotAllowed route={route} />;
	if (failed === route) return <NotLoaded again={() => load(route)} />;
	if (ready?.route !== route) return <LoadingPage />;
	return <ready.Screen key={path} params={found.params} query={query} />;
}
