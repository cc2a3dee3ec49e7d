/*
 * One or several codes of a list: all of a short list are seen at once, a longer one opens, and a long one
 * is searched by typing a part of the word.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { fieldId } from "../core/form";
import { say, t } from "../core/language";
import { Checkboxes, Radios, Select, type Choice, type FieldProps } from "../parts/Field";
import type { FieldSpec } from "./catalogue";

const SEEN_AT_ONCE = 7;
const OPENED = 16;
const TICKED_AT_ONCE = 16;
const FOUND = 10;

function matching(choices: readonly Choice[], words: string, chosen: readonly string[]): Choice[] {
	const wanted = words.trim().toLowerCase();
	const fits = ({ value, label }: Choice): boolean =>
		label.toLowerCase().includes(wanted) || value.toLowerCase().startsWith(wanted);
	const kept = choices.filter(({ value }) => chosen.includes(value));
	const found = choices.filter((one) => fits(one) && !chosen.includes(one.value)).slice(0, FOUND);
	return [...kept, ...found];
}

function Searched(props: FieldProps & { choices: readonly Choice[]; many: boolean }): JSX.Element {
	const { form, name, choices, many } = props;
	const [words, setWords] = useState("");
	const chosen = many ? form.list(name) : [form.text(name)];
	const shown = matching(choices, words, chosen);
	const id = `${fieldId(name)}-filter`;
	return (
		<>
			<div class="jb-code-search">
				<label class="jb-label" for={id}>
					{t("form.filter")}<span class="jb-visually-hidden"> {props.label}</span>
				</label>
				<input
					id={id}
					class="jb-input jb-input--width-20"
					type="search"
					autocomplete="off"
					value={words}
					onInput={(event) => setWords(event.currentTarget.value)}
				/>
			</div>
			{many ? <Checkboxes {...props} choices={shown} /> : <Radios {...props} choices={shown} />}
			{!shown.length && <p class="jb-hint" role="status">{t("form.noMatch")}</p>}
		</>
	);
}

export function CodeField(props: FieldProps & { spec: FieldSpec }): JSX.Element {
	const { spec } = props;
	const choices = spec.codes.map(({ code, words }) => ({ value: code, label: say(words) }));
	if (choices.length > (spec.many ? TICKED_AT_ONCE : OPENED))
		return <Searched {...props} choices={choices} many={spec.many} />;
	if (spec.many) return <Checkboxes {...props} choices={choices} />;
	return choices.length > SEEN_AT_ONCE ? <Select {...props} choices={choices} /> : <Radios {...props} choices={choices} />;
}
