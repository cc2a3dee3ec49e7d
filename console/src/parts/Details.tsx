import type { ComponentChildren, JSX } from "preact";

/* What only some need to read, closed at first. */
export function Details({ summary, open, children }: {
	summary: string;
	open?: boolean;
	children: ComponentChildren;
}): JSX.Element {
	return (
		<details class="jb-details" open={open}>
			<summary class="jb-details__summary">
				<span class="jb-details__summary-text">{summary}</span>
			</summary>
			<div class="jb-details__text">{children}</div>
		</details>
	);
}
