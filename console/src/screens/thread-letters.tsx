/* The letters of a thread, oldest first: what each says, and how far it has come. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api } from "../core/api";
import { say, t } from "../core/language";
import { Button } from "../parts/Button";
import { Confirm } from "../parts/Confirm";
import { Answers, AnswerTable, Remarks } from "../parts/LetterView";
import { Tag, type Tone } from "../parts/Tag";
import { toast } from "../shell/Toasts";
import type { Custody, Letter, WholeThread } from "./thread-types";

/* How custody looks; what is named here by no state is on its way. */
const TONES: Record<string, Tone> = {
	stored: "good", applied: "good", reported: "good", own: "good", refused: "bad", expired: "bad",
	held: "attention", quarantined: "bad", late: "attention", unknown: "attention", recalled: "neutral",
	erased: "neutral", old: "neutral",
};
/* The recipient has it in none of these. */
const MAY_BE_RECALLED = ["written", "sealed", "in-custody"];

function Steps({ custody }: { custody: Custody }): JSX.Element {
	const steps = [
		custody.at_hub_local && t("thread.atHub", { when: say(custody.at_hub_local) }),
		custody.delivered_local && t("thread.delivered", { when: say(custody.delivered_local) }),
		custody.opened_local && t("thread.openedAt", { when: say(custody.opened_local) }),
		custody.next_try_local && t("thread.nextTry", { when: say(custody.next_try_local) }),
		!custody.delivered_local && custody.recipient_seen_local &&
			t("thread.partnerSeen", { when: say(custody.recipient_seen_local) }),
		custody.time_doubtful && t("thread.doubtful"),
		custody.error && say({ id: custody.error.message_id, en: custody.error.message_en }),
	].filter(Boolean);
	return (
		<p class="jb-letter-custody">
			<Tag tone={TONES[custody.state] ?? "info"} text={say(custody.words)} />
			{steps.length > 0 && <span class="jb-soft"> {steps.join(" · ")}</span>}
		</p>
	);
}

function Content({ letter }: { letter: Letter }): JSX.Element {
	if (!letter.answers) return <p class="jb-hint">{t("thread.hidden")}</p>;
	return (
		<>
			<Remarks remarks={letter.remarks ?? []} />
			<Answers answers={letter.answers} />
			{letter.tables?.map((table) => <AnswerTable key={table.group} table={table} />)}
			{letter.reply_by_local && (
				<p class="jb-hint">{t("thread.replyBy", { when: say(letter.reply_by_local) })}</p>
			)}
		</>
	);
}

function LetterBox({ letter, partner, onRecall }: {
	letter: Letter;
	partner: string;
	onRecall: (letter: Letter) => void;
}): JSX.Element {
	/* What the machine says by itself (a receipt) has no answers. */
	const recallable = letter.way === "out" && (letter.answers?.length ?? 0) > 0 &&
		MAY_BE_RECALLED.includes(letter.custody?.state ?? "");
	return (
		<li class={letter.way === "out" ? "jb-letter jb-letter-out" : "jb-letter"}>
			<h3 class="jb-heading-s">{say(letter.words)}</h3>
			<p class="jb-letter-meta">
				{letter.way === "out" ? t("thread.byUs") : t("thread.byPartner", { partner })}
				{" · "}<time dateTime={letter.at}>{say(letter.at_local)}</time>
				{letter.from_user && <> · <bdi>{t("thread.writtenBy", { user: letter.from_user })}</bdi></>}
			</p>
			{letter.custody && <Steps custody={letter.custody} />}
			<Content letter={letter} />
			{recallable && (
				<Button kind="secondary" about={say(letter.words)} onClick={() => onRecall(letter)}>{t("thread.recall")}</Button>
			)}
		</li>
	);
}

export function Letters({ thread, onDone }: { thread: WholeThread; onDone: () => void }): JSX.Element {
	const [recalling, setRecalling] = useState<Letter | null>(null);
	const partner = say(thread.partner.name);
	const recall = async (key: string): Promise<void> => {
		const path = `/v1/referrals/${thread.id}/recall`;
		const { taken } = await api.post<{ taken: boolean }>(path, { letter: recalling?.id }, key);
		toast(t(taken ? "thread.recalled" : "thread.recallAsked"));
		onDone();
	};
	return (
		<>
			<ol class="jb-letters">
				{thread.letters.map((letter) => (
					<LetterBox key={letter.id} letter={letter} partner={partner} onRecall={setRecalling} />
				))}
			</ol>
			{recalling && (
				<Confirm
					title={t("thread.recallTitle")}
					action={t("thread.recall")}
					onDo={recall}
					onClose={() => setRecalling(null)}
				>
					<p class="jb-body">{say(recalling.words)} {t("thread.recallWhat", { partner })}</p>
				</Confirm>
			)}
		</>
	);
}
