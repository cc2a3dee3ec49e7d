import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

const TONES = {
	info: "jb-notification-banner",
	good: "jb-notification-banner jb-notification-banner--success",
	bad: "jb-notification-banner jb-banner-bad",
} as const;

/* Something that the user has to know before the rest of the page. */
export function Banner({ tone = "info", title, children }: {
	tone?: keyof typeof TONES;
	title: string;
	children?: ComponentChildren;
}): JSX.Element {
	const id = useId();
	return (
		<div class={TONES[tone]} role={tone === "bad" ? "alert" : "region"} aria-labelledby={id}>
			<div class="jb-notification-banner__header">
				<h2 class="jb-notification-banner__title" id={id}>{title}</h2>
			</div>
			{children && <div class="jb-notification-banner__content">{children}</div>}
		</div>
	);
}

/* A remark beside the matter. */
export function Inset({ children }: { children: ComponentChildren }): JSX.Element {
	return <div class="jb-inset-text">{children}</div>;
}
