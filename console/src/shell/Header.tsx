/* The head of every page: whose console this is, who works with it, the line, the language, the search. */
import type { JSX } from "preact";

import { language, say, setLanguage, t, type Lang } from "../core/language";
import { go, place } from "../core/router";
import { searched } from "../core/search";
import { may, mustChange, session, signOut } from "../core/session";
import { routes } from "../routes";
import { Connection } from "./Connection";
import { toast } from "./Toasts";

const NAMES: Record<Lang, string> = { id: "Bahasa Indonesia", en: "English" };

function LanguageSwitch(): JSX.Element {
	const other: Lang = language.value === "id" ? "en" : "id";
	const change = (): void => {
		setLanguage(other).catch(() => toast(t("shell.noAgent")));
	};
	return <button type="button" class="jb-header-button" lang={other} onClick={change}>{NAMES[other]}</button>;
}

function Account(): JSX.Element | null {
	const now = session.value;
	if (!now) return null;
	return (
		<>
			<a class="jb-header-link" href="/akun">{now.account.name}</a>
			<button
				type="button"
				class="jb-header-button"
				onClick={() => void signOut().catch(() => toast(t("shell.noAgent")))}
			>
				{t("shell.signOut")}
			</button>
		</>
	);
}

/* What is searched for is somebody's name or NIK: it travels in a body, never in an address. */
function Search(): JSX.Element | null {
	if (!may("look")) return null;
	return (
		<form
			role="search"
			class="jb-search"
			onSubmit={(event) => {
				event.preventDefault();
				const input = event.currentTarget.elements.namedItem("words") as HTMLInputElement;
				searched.value = input.value.trim();
				input.value = "";
				if (searched.value) go("/cari");
			}}
		>
			<label class="jb-visually-hidden" for="search-words">{t("shell.searchLabel")}</label>
			<input
				id="search-words"
				name="words"
				type="search"
				class="jb-input jb-search-input"
				autocomplete="off"
				maxLength={200}
				placeholder={t("shell.searchHint")}
			/>
			<button type="submit" class="jb-search-button">{t("nav.search")}</button>
		</form>
	);
}

function Nav(): JSX.Element {
	return (
		<nav class="jb-nav" aria-label={t("shell.menu")}>
			<ul class="jb-nav-list">
				{routes
					.filter(({ nav, needs, at }) => nav && (!needs || may(needs)) && (!at || at === session.value?.agency.kind))
					.map(({ path, title }) => (
						<li key={path}>
							<a
								href={path}
								class="jb-nav-link"
								aria-current={place.value.path === path ? "page" : undefined}
							>
								{t(title)}
							</a>
						</li>
					))}
			</ul>
		</nav>
	);
}

export function Header(): JSX.Element {
	const now = session.value;
	return (
		<header class="jb-masthead">
			<div class="jb-width-container jb-header-row">
				<a class="jb-header-name" href="/">Jembatan</a>
				{now && <span class="jb-header-agency">{say(now.agency.name)}</span>}
				<span class="jb-header-space" />
				{now && <Connection />}
				<LanguageSwitch />
				<Account />
			</div>
			{now && !mustChange.value && (
				<div class="jb-nav-bar">
					<div class="jb-width-container jb-nav-row">
						<Nav />
						<Search />
					</div>
				</div>
			)}
		</header>
	);
}
