/* Tabs after the ARIA pattern: arrow keys move between them, the panel that is shown is in the page. */
import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";

export type TabItem = { id: string; title: string; show: () => ComponentChildren };

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

export function Tabs({ label, tabs, chosen, onChoose }: {
	label: string;
	tabs: readonly TabItem[];
	chosen: string;
	onChoose: (id: string) => void;
}): JSX.Element {
	const list = useRef<HTMLDivElement>(null);
	const at = Math.max(0, tabs.findIndex(({ id }) => id === chosen));
	const shown = tabs[at];

	const move = (event: KeyboardEvent): void => {
		const step = STEPS[event.key];
		if (!step) return;
		event.preventDefault();
		const next = (at + step + tabs.length) % tabs.length;
		onChoose(tabs[next]?.id ?? "");
		list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
	};
	return (
		<div class="jb-tablist-box">
			<div class="jb-tablist" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
				{tabs.map(({ id, title }, i) => (
					<button
						key={id}
						type="button"
						role="tab"
						id={`tab-${id}`}
						class="jb-tab"
						aria-selected={i === at}
						aria-controls={`panel-${id}`}
						tabIndex={i === at ? 0 : -1}
						onClick={() => onChoose(id)}
					>
						{title}
					</button>
				))}
			</div>
			{shown && (
				<div role="tabpanel" id={`panel-${shown.id}`} aria-labelledby={`tab-${shown.id}`} tabIndex={0}>
					{shown.show()}
				</div>
			)}
		</div>
	);
}
