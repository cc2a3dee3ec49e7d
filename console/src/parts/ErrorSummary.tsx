/*
 * All problems of a form at its top, each a link to its field; it takes the focus when an attempt
 * has failed. FormBox is the form around it.
 */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { fieldId, type Form } from "../core/form";
import { say, t } from "../core/language";
import { sinceText } from "../core/times";
import { Button } from "./Button";

function focusField(name: string): void {
	const element = document.getElementById(fieldId(name));
	element?.scrollIntoView({ block: "center" });
	element?.focus();
}

export function ErrorSummary({ form }: { form: Form }): JSX.Element | null {
	const box = useRef<HTMLDivElement>(null);
	const problems = form.problems.value;
	const general = form.general.value;
	const wait = form.retryAfterS.value;

	useEffect(() => {
		if (form.failures.value) box.current?.focus();
	}, [form.failures.value]);
	if (!problems.length && !general) return null;
	return (
		<div ref={box} class="jb-error-summary" tabIndex={-1}>
			<div role="alert">
				<h2 class="jb-error-summary__title">{t("shell.problemTitle")}</h2>
				<div class="jb-error-summary__body">
					{general && <p>{say(general)}</p>}
					{general && wait > 0 && <p>{t("shell.retryIn", { n: Math.ceil(wait / 60) })}</p>}
					<ul class="jb-list jb-error-summary__list">
						{problems.map(({ field, message }) => (
							<li key={field + message.en}>
								<a
									href={`#${fieldId(field)}`}
									onClick={(event) => {
										event.preventDefault();
										focusField(field);
									}}
								>
									{[form.labels.get(field), say(message)].filter(Boolean).join(": ")}
								</a>
							</li>
						))}
					</ul>
				</div>
			</div>
		</div>
	);
}

export function FormBox({ form, onSubmit, children }: {
	form: Form;
	onSubmit: (key: string, values: Record<string, unknown>) => Promise<void>;
	children: ComponentChildren;
}): JSX.Element {
	const kept = form.kept.value;
	return (
		<form
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				void form.submit(onSubmit);
			}}
		>
			<ErrorSummary form={form} />
			{children}
			{kept && (
				<p class="jb-hint jb-kept">
					{t("shell.draftKept", { when: sinceText(kept) })}{" "}
					<Button kind="plain" onClick={() => void form.discard()}>{t("shell.discardDraft")}</Button>
				</p>
			)}
		</form>
	);
}
