/*
 * Fields of a form, each with its label, hint and error in the pattern of GOV.UK: the error stands above
 * the field, is named by aria-describedby, and the summary of errors links to it. All take the form and
 * the field's name; the value is form.values[name].
 */
import type { ComponentChildren, JSX } from "preact";

import { fieldId, type Form } from "../core/form";
import { say, t } from "../core/language";

export type FieldProps = {
	form: Form;
	name: string;
	label: string;
	hint?: string | undefined;
	/* A field that need not be filled says so; one that must says nothing. */
	optional?: boolean;
};

type Described = { describedBy: string | undefined; wrong: string };

export function describe({ form, name, hint }: FieldProps): Described {
	const wrong = say(form.problemOf(name));
	const ids = [hint && `${fieldId(name)}-hint`, wrong && `${fieldId(name)}-error`].filter(Boolean);
	return { describedBy: ids.join(" ") || undefined, wrong };
}

export function labelText({ form, name, label, optional }: FieldProps): string {
	form.labels.set(name, label);
	return optional ? t("shell.optional", { label }) : label;
}

export function Hint({ name, hint }: FieldProps): JSX.Element | null {
	return hint ? <div id={`${fieldId(name)}-hint`} class="jb-hint">{hint}</div> : null;
}

export function FieldError({ name, wrong }: { name: string; wrong: string }): JSX.Element | null {
	if (!wrong) return null;
	return (
		<p id={`${fieldId(name)}-error`} class="jb-error-message">
			<span class="jb-visually-hidden">{t("shell.errorPrefix")}</span> {wrong}
		</p>
	);
}

/* One label and one control. */
export function Single(props: FieldProps & { children: ComponentChildren }): JSX.Element {
	const { wrong } = describe(props);
	return (
		<div class={wrong ? "jb-form-group jb-form-group--error" : "jb-form-group"}>
			<label class="jb-label" for={fieldId(props.name)}>{labelText(props)}</label>
			<Hint {...props} />
			<FieldError name={props.name} wrong={wrong} />
			{props.children}
		</div>
	);
}

/* Several controls under one legend. */
export function Group(props: FieldProps & { children: ComponentChildren }): JSX.Element {
	const { describedBy, wrong } = describe(props);
	return (
		<div class={wrong ? "jb-form-group jb-form-group--error" : "jb-form-group"}>
			<fieldset class="jb-fieldset" aria-describedby={describedBy}>
				<legend class="jb-fieldset__legend">{labelText(props)}</legend>
				<Hint {...props} />
				<FieldError name={props.name} wrong={wrong} />
				{props.children}
			</fieldset>
		</div>
	);
}

const WIDTHS = {
	2: "jb-input jb-input--width-2",
	4: "jb-input jb-input--width-4",
	10: "jb-input jb-input--width-10",
	20: "jb-input jb-input--width-20",
	full: "jb-input",
} as const;

export type TextProps = FieldProps & {
	type?: "text" | "password" | "tel" | "search";
	width?: keyof typeof WIDTHS;
	autocomplete?: string;
	numeric?: boolean;
	/* A unit that stands behind the field. */
	suffix?: string | undefined;
	maxLength?: number;
};

export function TextField(props: TextProps): JSX.Element {
	const { form, name, type = "text", width = "full", autocomplete = "off" } = props;
	const { describedBy, wrong } = describe(props);
	const input = (
		<input
			id={fieldId(name)}
			name={name}
			type={type as "text"}
			class={wrong ? `${WIDTHS[width]} jb-input--error` : WIDTHS[width]}
			value={form.text(name)}
			autocomplete={autocomplete as "off"}
			spellcheck={false}
			dir="auto"
			inputMode={props.numeric ? "numeric" : undefined}
			maxLength={props.maxLength}
			aria-describedby={describedBy}
			aria-invalid={wrong ? true : undefined}
			onInput={(event) => form.set(name, event.currentTarget.value)}
		/>
	);
	if (!props.suffix) return <Single {...props}>{input}</Single>;
	return (
		<Single {...props}>
			<div class="jb-input__wrapper">
				{input}
				<div class="jb-input__suffix" aria-hidden="true">{props.suffix}</div>
			</div>
		</Single>
	);
}

export function TextArea(props: FieldProps & { rows?: number; maxLength?: number }): JSX.Element {
	const { form, name, rows = 4 } = props;
	const { describedBy, wrong } = describe(props);
	return (
		<Single {...props}>
			<textarea
				id={fieldId(name)}
				name={name}
				rows={rows}
				dir="auto"
				class={wrong ? "jb-textarea jb-textarea--error" : "jb-textarea"}
				maxLength={props.maxLength}
				aria-describedby={describedBy}
				aria-invalid={wrong ? true : undefined}
				value={form.text(name)}
				onInput={(event) => form.set(name, event.currentTarget.value)}
			/>
		</Single>
	);
}

export type Choice = { value: string; label: string; hint?: string | undefined };
type ChoiceProps = FieldProps & { choices: readonly Choice[] };

/* `empty` is what stands there before anything is chosen. */
export function Select(props: ChoiceProps & { empty?: string; onChoose?: (value: string) => void }): JSX.Element {
	const { form, name } = props;
	const { describedBy, wrong } = describe(props);
	const choose = (value: string): void => {
		form.set(name, value);
		props.onChoose?.(value);
	};
	return (
		<Single {...props}>
			<select
				id={fieldId(name)}
				name={name}
				class={wrong ? "jb-select jb-select--error" : "jb-select"}
				aria-describedby={describedBy}
				aria-invalid={wrong ? true : undefined}
				value={form.text(name)}
				onChange={(event) => choose(event.currentTarget.value)}
			>
				<option value="">{props.empty ?? t("shell.choose")}</option>
				{props.choices.map(({ value, label }) => (
					<option key={value} value={value}>{label}</option>
				))}
			</select>
		</Single>
	);
}

type Ticked = { isOn: (value: string) => boolean; toggle: (value: string, on: boolean) => void };

function Ticks(props: ChoiceProps & Ticked & { type: "radio" | "checkbox" }): JSX.Element {
	const { name, type } = props;
	const css =
		type === "radio"
			? { box: "jb-radios", item: "jb-radios__item", input: "jb-radios__input",
			    label: "jb-label jb-radios__label", hint: "jb-hint jb-radios__hint" }
			: { box: "jb-checkboxes", item: "jb-checkboxes__item", input: "jb-checkboxes__input",
			    label: "jb-label jb-checkboxes__label", hint: "jb-hint jb-checkboxes__hint" };
	return (
		<div class={css.box}>
			{props.choices.map(({ value, label, hint }, i) => {
				const id = i === 0 ? fieldId(name) : `${fieldId(name)}-${i + 1}`;
				return (
					<div class={css.item} key={value}>
						<input
							class={css.input}
							id={id}
							name={name}
							type={type}
							value={value}
							checked={props.isOn(value)}
							aria-describedby={hint ? `${id}-item-hint` : undefined}
							onChange={(event) => props.toggle(value, event.currentTarget.checked)}
						/>
						<label class={css.label} for={id}>{label}</label>
						{hint && <div class={css.hint} id={`${id}-item-hint`}>{hint}</div>}
					</div>
				);
			})}
		</div>
	);
}

export function Radios(props: ChoiceProps): JSX.Element {
	const { form, name } = props;
	return (
		<Group {...props}>
			<Ticks
				{...props}
				type="radio"
				isOn={(value) => form.text(name) === value}
				toggle={(value) => form.set(name, value)}
			/>
		</Group>
	);
}

/* The value is the list of what is ticked. */
export function Checkboxes(props: ChoiceProps): JSX.Element {
	const { form, name } = props;
	const toggle = (value: string, on: boolean): void =>
		form.set(name, on ? [...form.list(name), value] : form.list(name).filter((one) => one !== value));
	return (
		<Group {...props}>
			<Ticks {...props} type="checkbox" isOn={(value) => form.list(name).includes(value)} toggle={toggle} />
		</Group>
	);
}

/* A single statement to tick; the value is true or false. */
export function Checkbox(props: FieldProps): JSX.Element {
	const { form, name, label, hint } = props;
	const wrong = say(form.problemOf(name));
	return (
		<div class={wrong ? "jb-form-group jb-form-group--error" : "jb-form-group"}>
			<FieldError name={name} wrong={wrong} />
			<Ticks
				{...props}
				type="checkbox"
				choices={[{ value: "true", label, hint }]}
				isOn={() => form.values.value[name] === true}
				toggle={(_, on) => form.set(name, on)}
			/>
		</div>
	);
}

/* The value is a File. */
export function FileField(props: FieldProps & { accept?: string }): JSX.Element {
	const { form, name } = props;
	const { describedBy, wrong } = describe(props);
	return (
		<Single {...props}>
			<input
				id={fieldId(name)}
				name={name}
				type="file"
				accept={props.accept}
				class={wrong ? "jb-file-upload jb-file-upload--error" : "jb-file-upload"}
				aria-describedby={describedBy}
				aria-invalid={wrong ? true : undefined}
				onChange={(event) => form.set(name, event.currentTarget.files?.[0] ?? null)}
			/>
		</Single>
	);
}
