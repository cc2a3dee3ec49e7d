/* The clauses of a person: who may have what and why, who has it, and the way to withdraw. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api } from "../core/api";
import { say, t } from "../core/language";
import { may } from "../core/session";
import { Button, ButtonLink, Buttons } from "../parts/Button";
import { Confirm } from "../parts/Confirm";
import { EmptyState } from "../parts/Lists";
import { Table } from "../parts/Table";
import { Tag, type Tone } from "../parts/Tag";
import type { Clause, Holder } from "../person/types";
import { codeText, recipientText, useConsentWords, type ConsentWords } from "./words";

const TONES: Record<string, Tone> = {
	"in-force": "good",
	ahead: "info",
	expired: "neutral",
	withdrawn: "bad",
};

export function ConsentChips({ clauses }: { clauses: readonly Clause[] }): JSX.Element | null {
	const words = useConsentWords().data;
	const shown = clauses.filter(({ state }) => state !== "expired");
	if (!shown.length) return <p class="jb-body">{t("consent.none")}</p>;
	return (
		<ul class="jb-chips" aria-label={t("consent.title")}>
			{shown.map((clause) => (
				<li key={clause.id}>
					<Tag
						tone={TONES[clause.state ?? ""] ?? "neutral"}
						text={t("consent.chip", {
							who: recipientText(clause.recipient, words),
							state: say(clause.state_words),
						})}
					/>
				</li>
			))}
		</ul>
	);
}

function holderText({ agency, told_local, stopped_local, passed_on }: Holder): string {
	const parts = [say(agency.name)];
	if (stopped_local) parts.push(t("consent.stopped", { when: say(stopped_local) }));
	else if (told_local) parts.push(t("consent.told", { when: say(told_local) }));
	if (passed_on) parts.push(t("consent.passedOn", { n: passed_on }));
	return parts.join(", ");
}

function Standing({ clause }: { clause: Clause }): JSX.Element {
	if (clause.withdrawn)
		return <Tag tone="bad" text={t("consent.withdrawnAt", { when: say(clause.withdrawn_local) })} />;
	return <Tag tone={TONES[clause.state ?? ""] ?? "neutral"} text={say(clause.state_words)} />;
}

function ClauseTable({ clauses, words, onWithdraw }: {
	clauses: readonly Clause[];
	words: ConsentWords | null;
	onWithdraw: (clause: Clause) => void;
}): JSX.Element {
	return (
		<Table
			caption={t("consent.clauses")}
			captionHidden
			rows={clauses}
			keyOf={({ id }) => id}
			columns={[
				{ title: t("consent.recipient"), lead: true, show: ({ recipient }) => recipientText(recipient, words) },
				{ title: t("consent.purpose"), show: ({ purpose_words }) => say(purpose_words) },
				{
					title: t("consent.labels"),
					show: ({ labels }) => labels.map((label) => (words ? codeText(words.labels, label) : label)).join(", "),
				},
				{ title: t("consent.until"), show: ({ valid_to_local }) => say(valid_to_local) },
				{ title: t("consent.state"), show: (clause) => <Standing clause={clause} /> },
				{
					title: t("consent.holders"),
					show: ({ holders }) => (holders.length ? holders.map(holderText).join("; ") : t("consent.noHolder")),
				},
				{
					title: t("consent.action"),
					show: (clause) =>
						clause.withdrawn || !may("consent") ? null : (
							<Button
								kind="secondary"
								about={recipientText(clause.recipient, words)}
								onClick={() => onWithdraw(clause)}
							>
								{t("consent.withdraw")}
							</Button>
						),
				},
			]}
		/>
	);
}

export function Clauses({ person, clauses, onChanged }: {
	person: string;
	clauses: readonly Clause[];
	onChanged: () => void;
}): JSX.Element {
	const words = useConsentWords().data;
	const [withdrawing, setWithdrawing] = useState<Clause | "all" | null>(null);
	const inForce = clauses.filter(({ withdrawn }) => !withdrawn);

	const withdraw = async (key: string): Promise<void> => {
		const what = withdrawing === "all" ? { all: true } : { clause: withdrawing?.id };
		await api.post(`/v1/people/${person}/consents/withdraw`, what, key);
		onChanged();
	};
	return (
		<>
			{clauses.length ? (
				<ClauseTable clauses={clauses} words={words} onWithdraw={setWithdrawing} />
			) : (
				<EmptyState text={t("consent.none")} />
			)}
			<Buttons>
				{may("consent") && <ButtonLink href={`/orang/${person}/persetujuan`}>{t("consent.give")}</ButtonLink>}
				<ButtonLink kind="secondary" href={`/orang/${person}/penerima`}>{t("consent.whoHas")}</ButtonLink>
				{may("consent") && inForce.length > 1 && (
					<Button kind="warning" onClick={() => setWithdrawing("all")}>{t("consent.withdrawAll")}</Button>
				)}
			</Buttons>
			{withdrawing && (
				<Confirm
					title={
						withdrawing === "all"
							? t("consent.withdrawAllTitle")
							: t("consent.withdrawTitle", { who: recipientText(withdrawing.recipient, words) })
					}
					action={t("consent.withdraw")}
					onDo={withdraw}
					onClose={() => setWithdrawing(null)}
				>
					<p class="jb-body">{t("consent.withdrawWhat")}</p>
				</Confirm>
			)}
		</>
	);
}
