/*
 * Writing the next letter of a thread, or what a partner off the wire has said: the form of its kind on the
 * thread's own page. What is typed is kept, and sent once.
 */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { useForm } from "../core/form";
import { both, say, t } from "../core/language";
import { sendOrQueue } from "../core/queue";
import { go } from "../core/router";
import { Button, Buttons } from "../parts/Button";
import { DateField } from "../parts/DateField";
import { FormBox } from "../parts/ErrorSummary";
import { Radios, TextField } from "../parts/Field";
import { endsBadly, type Catalogue, type KindSpec, type ThreadType } from "../forms/catalogue";
import { checkForm, KindForm, surroundings } from "../forms/KindForm";
import { answersOf, askedIn, emptyValues } from "../forms/values";
import { toast } from "../shell/Toasts";
import type { WholeThread } from "./thread-types";

type Warned = { warnings?: { message_id: string; message_en: string }[] };

function tell(kind: KindSpec, reported: boolean, answer: Warned | null): void {
	const what = say(kind.words);
	const warnings = (answer?.warnings ?? []).map((one) => say({ id: one.message_id, en: one.message_en }));
	if (!answer) toast(t("thread.queued", { what }));
	else if (warnings.length) toast(t("thread.warnings", { what: warnings.join(" ") }));
	else toast(reported ? t("thread.recorded", { what }) : t("thread.sent", { what }));
}

export function Write({ thread, catalogue, type, kind, reported, onDone }: {
	thread: WholeThread;
	catalogue: Catalogue;
	type: ThreadType;
	kind: KindSpec;
	/* The partner said it, and somebody here writes it down. */
	reported: boolean;
	onDone: () => void;
}): JSX.Element {
	const place = `/rujukan/${thread.number}`;
	const own = thread.carrier === "own";
	const asked = askedIn(thread.letters.flatMap(({ answers = [] }) => answers.map(({ value }) => value)));
	const form = useForm({ ...emptyValues(kind, asked), via: own ? "own" : "phone" }, `letter:${thread.id}:${kind.kind}`);
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const first = box.current?.querySelector<HTMLElement>("input, select, textarea");
		(first ?? box.current)?.focus();
		box.current?.scrollIntoView({ block: "start" });
	}, [kind.kind]);

	const send = async (key: string): Promise<void> => {
		checkForm(form, kind);
		const body = {
			kind: kind.kind,
			answers: answersOf(kind, form.values.value),
			...(reported && {
				via: form.text("via"),
				said_by: form.text("said_by").trim(),
				...(form.text("said_at") && { said_at: form.text("said_at") }),
			}),
		};
		const sent = await sendOrQueue<Warned>({
			path: `/v1/referrals/${thread.id}/${reported ? "reported" : "letters"}`,
			body,
			key,
			what: both("thread.titleOf", { what: say(kind.words), number: thread.number }),
		});
		form.changed.value = false;
		tell(kind, reported, sent.sent ? sent.answer : null);
		go(place, "replace");
		onDone();
	};
	const ways = [
		{ value: "phone", label: t("thread.phone") },
		{ value: "whatsapp", label: t("thread.whatsapp") },
		{ value: "paper", label: t("thread.onPaper") },
		{ value: "visit", label: t("thread.visit") },
	];
	return (
		<div class="jb-write" ref={box} tabIndex={-1}>
			<h2 class="jb-heading-m" id="write">{say(kind.words)}</h2>
			<FormBox form={form} onSubmit={send}>
				{reported && !own && (
					<>
						<Radios form={form} name="via" label={t("thread.via")} choices={ways} />
						<TextField form={form} name="said_by" label={t("thread.saidBy")} width={20} optional />
						<DateField form={form} name="said_at" label={t("thread.saidAt")} withTime optional />
					</>
				)}
				<KindForm
					form={form}
					kind={kind}
					around={surroundings(catalogue, kind, { referral: thread.number })}
				/>
				<Buttons>
					<Button type="submit" kind={endsBadly(type, kind.kind) ? "warning" : "primary"} busy={form.busy.value}>
						{reported ? t("thread.record") : t("thread.send")}
					</Button>
					<a class="jb-link" href={place}>{t("shell.cancel")}</a>
				</Buttons>
			</FormBox>
		</div>
	);
}
