import type { ComponentChildren, JSX } from "preact";

import { t } from "../core/language";

const KINDS = {
	primary: "jb-button",
	secondary: "jb-button jb-button--secondary",
	/* For what can't be undone or tells others of an end. */
	warning: "jb-button jb-button--warning",
	/* Looks like a link; does something all the same. */
	plain: "jb-button jb-button-plain",
} as const;

export type ButtonKind = keyof typeof KINDS;

type ButtonProps = {
	kind?: ButtonKind;
	type?: "button" | "submit";
	busy?: boolean;
	onClick?: () => void;
	/* Where the same word stands several times on a page: which one it is, for who can't see it. */
	about?: string;
	children: ComponentChildren;
};

/* A busy button stays in its place and keeps the focus, and does nothing. */
export function Button({ kind = "primary", type = "button", busy, onClick, about, children }: ButtonProps): JSX.Element {
	return (
		<button
			type={type}
			class={KINDS[kind]}
			aria-disabled={busy ? true : undefined}
			onClick={(event) => {
				if (busy) event.preventDefault();
				else onClick?.();
			}}
		>
			{busy ? t("shell.busy") : children}
			{about && <span class="jb-visually-hidden"> {about}</span>}
		</button>
	);
}

/* A link that stands where a button would: it leads to the next step and changes nothing by itself. */
export function ButtonLink({ href, kind = "primary", children }: {
	href: string;
	kind?: ButtonKind;
	children: ComponentChildren;
}): JSX.Element {
	return <a href={href} role="button" draggable={false} class={KINDS[kind]}>{children}</a>;
}

export function Buttons({ children }: { children: ComponentChildren }): JSX.Element {
	return <div class="jb-button-group">{children}</div>;
}
