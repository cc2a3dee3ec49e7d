/* Findings and plans: letters with what they say, the newest first. */
import type { JSX } from "preact";

import { say, t } from "../core/language";
import { Inset } from "../parts/Banner";
import { EmptyState, SummaryList } from "../parts/Lists";
import { Table } from "../parts/Table";
import type { Answer, LetterOf } from "./types";

type Group = NonNullable<LetterOf["tables"]>[number];

function cell(row: readonly Answer[], title: string): string {
	return say(row.find(({ words }) => say(words) === title)?.text);
}

function Rows({ group }: { group: Group }): JSX.Element | null {
	const titles = [...new Set(group.rows.flatMap((row) => row.map(({ words }) => say(words))))];
	if (!group.rows.length) return null;
	return (
		<Table<Answer[]>
			caption={say(group.words)}
			rows={group.rows}
			keyOf={(row) => group.rows.indexOf(row)}
			columns={titles.map((title, i) => ({ title, lead: i === 0, show: (row) => <bdi>{cell(row, title)}</bdi> }))}
		/>
	);
}

function OneLetter({ letter }: { letter: LetterOf }): JSX.Element {
	return (
		<article class="jb-letter">
			<h3 class="jb-heading-s">
				{letter.thread ? <a class="jb-link" href={`/rujukan/${letter.thread}`}>{say(letter.words)}</a> : say(letter.words)}
			</h3>
			<p class="jb-soft">
				{say(letter.partner.name)} · <time dateTime={letter.at}>{say(letter.at_local)}</time>
			</p>
			{(letter.remarks ?? []).map(({ group, row, words }) => (
				<Inset key={`${group} ${row} ${words.en}`}>{say(words)}</Inset>
			))}
			<SummaryList
				facts={(letter.answers ?? []).map(({ words, text }) => ({
					name: say(words),
					value: <bdi>{say(text)}</bdi>,
				}))}
			/>
			{(letter.tables ?? []).map((group) => <Rows key={group.group} group={group} />)}
		</article>
	);
}

export function Letters({ letters, empty }: { letters: readonly LetterOf[]; empty: string }): JSX.Element {
	if (!letters.length) return <EmptyState text={empty} />;
	return <>{letters.map((letter) => <OneLetter key={letter.id ?? letter.at} letter={letter} />)}</>;
}

export function Months({ aftercare }: {
	aftercare: { months: readonly { month: number; reached: boolean | null; on: string | null }[] };
}): JSX.Element {
	const standing = (reached: boolean | null): string =>
		t(reached === null ? "person.monthNotTold" : reached ? "person.monthReached" : "person.monthNotReached");
	return (
		<Table
			caption={t("person.aftercare")}
			captionHidden
			rows={aftercare.months}
			keyOf={({ month }) => month}
			columns={[
				{ title: t("person.month"), lead: true, show: ({ month }) => month },
				{ title: t("person.reached"), show: ({ reached }) => standing(reached) },
				{ title: t("person.on"), show: ({ on }) => on ?? "" },
			]}
		/>
	);
}
