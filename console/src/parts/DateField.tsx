/*
 * Dates and times as people write them here: day, month, year, and hours.minutes. The value is
 * "2026-11-25", or "2026-11-25 10:00" with a time, in the agency's zone (docs/API.md); what isn't
 * complete yet goes out as it stands, and the agent says what is wrong with it.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { fieldId } from "../core/form";
import { t } from "../core/language";
import { Group, type FieldProps } from "./Field";

type Parts = { day: string; month: string; year: string; time: string };

const NOTHING: Parts = { day: "", month: "", year: "", time: "" };

export function dateParts(value: string): Parts {
	const found = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}:\d{2}))?/.exec(value);
	if (!found) return NOTHING;
	const [, year = "", month = "", day = "", time = ""] = found;
	return { day: String(Number(day)), month: String(Number(month)), year, time: time.replace(":", ".") };
}

function padded(text: string, length: number): string {
	return /^\d+$/.test(text) ? text.padStart(length, "0") : text;
}

export function dateText({ day, month, year, time }: Parts): string {
	if (!day && !month && !year && !time) return "";
	const date = `${year}-${padded(month, 2)}-${padded(day, 2)}`;
	const [hours = "", minutes = "00"] = time.trim().split(/[.:]/);
	return time ? `${date} ${padded(hours, 2)}:${padded(minutes, 2)}` : date;
}

export function DateField(props: FieldProps & { withTime?: boolean }): JSX.Element {
	const { form, name, withTime } = props;
	const value = form.text(name);
	const [typed, setTyped] = useState<Parts>(dateParts(value));
	/* What was set from elsewhere (a draft) is shown; what is being typed stays as it is typed. */
	const parts = dateText(typed) === value ? typed : dateParts(value);
	const wrong = form.problemOf(name) !== null;

	const part = (key: keyof Parts, label: string, wide: string): JSX.Element => {
		const id = key === "day" ? fieldId(name) : `${fieldId(name)}-${key}`;
		return (
			<div class="jb-date-input__item">
				<label class="jb-label jb-date-input__label" for={id}>{label}</label>
				<input
					id={id}
					class={`jb-input jb-date-input__input ${wide}${wrong ? " jb-input--error" : ""}`}
					inputMode={key === "time" ? "decimal" : "numeric"}
					autocomplete="off"
					value={parts[key]}
					onInput={(event) => {
						const next = { ...parts, [key]: event.currentTarget.value };
						setTyped(next);
						form.set(name, dateText(next));
					}}
				/>
			</div>
		);
	};

	return (
		<Group {...props}>
			<div class="jb-date-input">
				{part("day", t("shell.day"), "jb-input--width-2")}
				{part("month", t("shell.month"), "jb-input--width-2")}
				{part("year", t("shell.year"), "jb-input--width-4")}
				{withTime && part("time", t("shell.time"), "jb-input--width-4")}
			</div>
		</Group>
	);
}
