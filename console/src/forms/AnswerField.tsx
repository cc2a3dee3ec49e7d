/*
 * One field of a letter, drawn by its type. The value in the form is what was typed; values.ts makes the
 * answer of it.
 */
import type { JSX } from "preact";

import type { Form } from "../core/form";
import { say, t } from "../core/language";
import { present } from "../core/times";
import { Button } from "../parts/Button";
import { DateField } from "../parts/DateField";
import { Radios, Select, TextArea, TextField, type FieldProps } from "../parts/Field";
import { AGENCY_SYSTEM, AgencyField } from "./AgencyField";
import { Files } from "./Files";
import type { Code, FieldSpec } from "./catalogue";
import { CodeField } from "./CodeField";
import type { About } from "./upload";
import { absentOf, bytesOf, groupedRupiah, rupiah } from "./values";

export type Surroundings = {
	about: About;
	/* What a file may hold, where its field doesn't say. */
	labels: readonly Code[];
};

type Props = FieldProps & { spec: FieldSpec };

const SHORT_BYTES = 200;
/* From where on the room that is left is told. */
const TELL_AT = 0.6;

function Room({ text, most }: { text: string; most: number }): JSX.Element | null {
	const used = bytesOf(text);
	if (!most || used < most * TELL_AT) return null;
	const left = most - used;
	return (
		<p class="jb-hint jb-room" aria-live="polite">
			{left < 0 ? t("form.over", { n: -left }) : t("form.left", { n: left })}
		</p>
	);
}

function TextAnswer(props: Props): JSX.Element {
	const { form, name, spec } = props;
	const long = !spec.max_bytes || spec.max_bytes > SHORT_BYTES;
	return (
		<>
			{long ? <TextArea {...props} rows={spec.max_bytes > 500 ? 6 : 3} /> : <TextField {...props} />}
			<Room text={form.text(name)} most={spec.max_bytes} />
		</>
	);
}

/* Several short texts, or codes that stand in no list: a line for each. */
function LinesAnswer(props: Props): JSX.Element {
	const { form, name } = props;
	const lines: Form = Object.assign(Object.create(form) as Form, {
		text: () => form.list(name).join("\n"),
		set: (_: string, value: unknown) => form.set(name, String(value).split("\n")),
	});
	const hint = [props.hint, t("form.onePerLine")].filter(Boolean).join(" ");
	return <TextArea {...props} form={lines} hint={hint} rows={3} />;
}

const two = (n: number): string => String(n).padStart(2, "0");

/* The agent's present, in this computer's zone; the agent reads it in the agency's. */
function nowText(withTime: boolean): string {
	const now = present();
	const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
	return withTime ? `${date} ${two(now.getHours())}:${two(now.getMinutes())}` : date;
}

function TimeAnswer(props: Props): JSX.Element {
	const withTime = props.spec.type === "instant";
	return (
		<>
			<DateField {...props} withTime={withTime} />
			<div class="jb-beside">
				<Button kind="plain" about={props.label} onClick={() => props.form.set(props.name, nowText(withTime))}>
					{withTime ? t("form.now") : t("form.today")}
				</Button>
			</div>
		</>
	);
}

function RupiahAnswer(props: Props): JSX.Element {
	const amount = rupiah(props.form.text(props.name));
	const hint = typeof amount === "number" ? t("form.rupiahIs", { amount: groupedRupiah(amount) }) : props.hint;
	return <TextField {...props} hint={hint} width={10} numeric />;
}

function BooleanAnswer(props: Props): JSX.Element {
	const choices = [
		{ value: "true", label: t("form.yes") },
		{ value: "false", label: t("form.no") },
	];
	return <Radios {...props} choices={choices} />;
}

function Typed(props: Props & { around: Surroundings; compact: boolean }): JSX.Element {
	const { spec } = props;
	switch (spec.type) {
		case "code":
			if (!spec.codes.length) return spec.many ? <LinesAnswer {...props} /> : <TextField {...props} width={20} />;
			return <CodeField {...props} />;
		case "integer": return <TextField {...props} width={4} numeric />;
		case "decimal": return <TextField {...props} width={10} />;
		case "quantity": return <TextField {...props} width={4} suffix={spec.unit} />;
		case "rupiah": return <RupiahAnswer {...props} />;
		case "date":
		case "instant": return <TimeAnswer {...props} />;
		case "boolean": return <BooleanAnswer {...props} />;
		case "phone": return <TextField {...props} type="tel" width={20} />;
		case "attachment": return <Files {...props} />;
		case "text":
			if (spec.system === AGENCY_SYSTEM) return <AgencyField {...props} />;
			if (spec.many) return <LinesAnswer {...props} />;
			return props.compact ? <TextField {...props} /> : <TextAnswer {...props} />;
	}
}

/* A personal question may stay without an answer, and the letter then says why. */
function NoAnswer({ form, name, label }: FieldProps): JSX.Element {
	const absent: Form = Object.assign(Object.create(form) as Form, {
		text: () => absentOf(form.raw(name)) ?? "",
		set: (_: string, value: unknown) => form.set(name, { absent: value }),
	});
	return (
		<>
			<Radios
				form={absent}
				name={name}
				label={label}
				hint={t("form.noAnswerWhy")}
				choices={[
					{ value: "declined", label: t("form.declined") },
					{ value: "not-asked", label: t("form.notAsked") },
				]}
			/>
			<div class="jb-beside">
				<Button kind="plain" about={label} onClick={() => form.set(name, undefined)}>
					{t("form.answerAfterAll")}
				</Button>
			</div>
		</>
	);
}

export function AnswerField({ form, name, spec, around, compact = false }: {
	form: Form;
	/* Its name in the form: "reason", or "analyte[2].code" in a table. */
	name: string;
	spec: FieldSpec;
	around: Surroundings;
	/* In a cell of a table: one line, and nothing beside it. */
	compact?: boolean;
}): JSX.Element {
	const props: Props = {
		form, name, spec,
		label: say(spec.words),
		hint: compact ? undefined : say(spec.hint) || undefined,
		optional: !spec.required && !compact,
	};
	if (compact && spec.type === "code" && spec.codes.length && !spec.many)
		return <Select {...props} choices={spec.codes.map(({ code, words }) => ({ value: code, label: say(words) }))} />;
	if (absentOf(form.raw(name))) return <NoAnswer {...props} />;
	/* Who has nothing to add to a long text leaves it empty. */
	const isQuestion = spec.type !== "attachment" && (spec.type !== "text" || spec.max_bytes <= SHORT_BYTES);
	const mayBeAbsent = spec.personal && !spec.required && !compact && isQuestion;
	return (
		<>
			<Typed {...props} around={around} compact={compact} />
			{mayBeAbsent && (
				<div class="jb-beside">
					<Button kind="plain" about={props.label} onClick={() => form.set(name, { absent: "declined" })}>
						{t("form.noAnswer")}
					</Button>
				</div>
			)}
		</>
	);
}
