/*
 * One page: its title in the window (never personal data: `windowTitle` stands there where the heading
 * names somebody), its one h1, which takes the focus when the user comes here, and the way back.
 */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { language, t } from "../core/language";
import { arrived } from "../core/focus";
import { place } from "../core/router";

export type PageProps = {
	title: string;
	windowTitle?: string;
	/* A line above the heading: what kind of thing this is. */
	caption?: string;
	back?: { href: string; text: string };
	/* The heading is for the screen alone: what is printed has one of its own. */
	screenOnly?: boolean;
	/* A count for the window's title, as "(3) Hari ini". */
	count?: number;
	children: ComponentChildren;
};

export function Page({ title, windowTitle = title, caption, back, screenOnly, count, children }: PageProps): JSX.Element {
	const heading = useRef<HTMLHeadingElement>(null);

	useEffect(() => {
		document.title = `${count ? `(${count}) ` : ""}${windowTitle} · Jembatan`;
	}, [windowTitle, count, language.value]);
	useEffect(() => {
		if (arrived()) heading.current?.focus();
	}, [place.value.path]);

	return (
		<>
			{back && <a href={back.href} class="jb-back-link">{back.text}</a>}
			<main id="main" class="jb-main-wrapper">
				{caption && <span class="jb-caption-l">{caption}</span>}
				<h1 ref={heading} tabIndex={-1} class={screenOnly ? "jb-heading-l jb-no-print" : "jb-heading-l"}>{title}</h1>
				{children}
			</main>
		</>
	);
}

/* A part of a page under its own heading. */
export function Section({ title, id, children }: {
	title: string;
	id?: string;
	children: ComponentChildren;
}): JSX.Element {
	return (
		<section class="jb-section" id={id}>
			<h2 class="jb-heading-m">{title}</h2>
			{children}
		</section>
	);
}

export function LoadingPage(): JSX.Element {
	return (
		<main id="main" class="jb-main-wrapper" aria-busy="true">
			<p class="jb-body" role="status">{t("shell.loading")}</p>
		</main>
	);
}
