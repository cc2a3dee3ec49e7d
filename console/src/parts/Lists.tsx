/* How things are listed: facts with their names, pages of a list, nothing at all. */
import type { ComponentChildren, JSX } from "preact";

import { say, t, type Label } from "../core/language";
import type { Loaded } from "../core/load";
import { Button } from "./Button";
import { Banner } from "./Banner";

export type Fact = { name: string; value: ComponentChildren; action?: ComponentChildren };

/* Facts that have no value are left out: nobody reads a dash. */
export function SummaryList({ facts }: { facts: readonly (Fact | null | false | undefined)[] }): JSX.Element {
	return (
		<dl class="jb-summary-list">
			{facts.map((fact) => {
				if (!fact || fact.value === "" || fact.value === null || fact.value === undefined) return null;
				return (
					<div class="jb-summary-list__row" key={fact.name}>
						<dt class="jb-summary-list__key">{fact.name}</dt>
						<dd class="jb-summary-list__value">{fact.value}</dd>
						{fact.action && <dd class="jb-summary-list__actions">{fact.action}</dd>}
					</div>
				);
			})}
		</dl>
	);
}

export function EmptyState({ text, children }: { text: string; children?: ComponentChildren }): JSX.Element {
	return (
		<div class="jb-empty">
			<p class="jb-body">{text}</p>
			{children}
		</div>
	);
}

/* What of a list is shown: a row of choices, of which one holds. */
export function Filter<Choice extends { id: string; words: Label }>({ label, choices, chosen, onChoose }: {
	label: string;
	choices: readonly Choice[];
	chosen: string;
	onChoose: (choice: Choice) => void;
}): JSX.Element {
	return (
		<div class="jb-filter" role="group" aria-label={label}>
			{choices.map((one) => (
				<button
					key={one.id}
					type="button"
					class="jb-chip"
					aria-pressed={one.id === chosen}
					onClick={() => onChoose(one)}
				>
					{t(one.words)}
				</button>
			))}
		</div>
	);
}

/* Pages of a list whose `next` says where the following page begins; `back` goes to the first one. */
export function Pagination({ first, next, onFirst, onNext, label }: {
	first: boolean;
	next: string | null;
	onFirst: () => void;
	onNext: (after: string) => void;
	label: string;
}): JSX.Element | null {
	if (first && !next) return null;
	return (
		<nav class="jb-button-group" aria-label={label}>
			{!first && <Button kind="secondary" onClick={onFirst}>{t("shell.firstPage")}</Button>}
			{next && <Button kind="secondary" onClick={() => onNext(next)}>{t("shell.nextPage")}</Button>}
		</nav>
	);
}

/* What useLoad gave: the data, or that it is coming, or why not; old data is shown with the reason. */
export function Shown<T>({ of, children }: {
	of: Loaded<T>;
	children: (data: T) => ComponentChildren;
}): JSX.Element {
	return (
		<>
			{of.error && (
				<Banner tone="bad" title={t("shell.notLoaded")}>
					<p class="jb-body">{say(of.error.words)}</p>
					<Button kind="secondary" onClick={of.reload}>{t("shell.tryAgain")}</Button>
				</Banner>
			)}
			{of.data === null
				? !of.error && <p class="jb-body" role="status">{t("shell.loading")}</p>
				: children(of.data)}
		</>
	);
}
