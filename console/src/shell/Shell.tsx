/*
 * What stands around every screen: skip link, header, navigation, what is said in passing, and the
 * dialogs of the session. Who isn't signed in sees the sign-in and nothing else.
 */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { reachable } from "../core/api";
import { t } from "../core/language";
import { mustChange, recallSession, session, state } from "../core/session";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";
import { Header } from "./Header";
import { Outlet } from "./Outlet";
import { MustChange } from "./MustChange";
import { SessionWarning } from "./SessionWarning";
import { SignIn } from "./SignIn";
import { SignedOutDialog } from "./SignedOutDialog";
import { Toasts } from "./Toasts";

const AGAIN_MS = 10_000;

const ask = (): void => void recallSession().catch(() => undefined);

/* Before it is known who is there. */
function NoAgent(): JSX.Element {
	useEffect(() => {
		const timer = setInterval(ask, AGAIN_MS);
		return () => clearInterval(timer);
	}, []);
	return (
		<main id="main" class="jb-main-wrapper">
			<h1 class="jb-heading-l">Jembatan</h1>
			{reachable.value ? (
				<p class="jb-body" role="status">{t("shell.loading")}</p>
			) : (
				<Banner tone="bad" title={t("shell.noAgent")}>
					<p class="jb-body">{t("shell.noAgentWhat")}</p>
					<Button onClick={ask}>{t("shell.tryAgain")}</Button>
				</Banner>
			)}
		</main>
	);
}

function Inside(): JSX.Element {
	if (state.value === "unknown") return <NoAgent />;
	if (!session.value) return <SignIn />;
	if (mustChange.value) return <MustChange />;
	return <Outlet key={session.value.account.id} />;
}

export function Shell(): JSX.Element {
	return (
		<>
			<a href="#main" class="jb-skip-link">{t("shell.skip")}</a>
			<Header />
			<div class="jb-width-container">
				<Inside />
			</div>
			<Toasts />
			{state.value === "in" && <SessionWarning />}
			{state.value === "ended" && <SignedOutDialog />}
		</>
	);
}
