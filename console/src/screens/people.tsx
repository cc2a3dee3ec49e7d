/* Klien: the caseload, what is due soonest first. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { address } from "../core/api";
import { say, t, type Label } from "../core/language";
import { useLoad } from "../core/load";
import { may } from "../core/session";
import { daysText } from "../core/times";
import type { List } from "../core/types";
import { ButtonLink } from "../parts/Button";
import { EmptyState, Filter, Pagination, Shown } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";
import type { CaseRow } from "../person/types";

type Choice = { id: string; words: Label; query: { mine?: 1; open?: 1 } };

const FILTERS: readonly [Choice, ...Choice[]] = [
	{ id: "open", words: "person.filterOpen", query: { open: 1 } },
	{ id: "mine", words: "person.filterMine", query: { mine: 1 } },
	{ id: "all", words: "person.filterAll", query: {} },
];

function Stage({ row: { stage } }: { row: CaseRow }): JSX.Element {
	if (!stage) return <>{t("person.noStage")}</>;
	return (
		<>
			{say(stage.words)}
			<br />
			<span class="jb-soft">{t("person.stageFor", { place: stage.place, of: stage.of, n: stage.days })}</span>
		</>
	);
}

function NextDue({ row: { next_due: next } }: { row: CaseRow }): JSX.Element {
	if (!next) return <>{t("person.nothingDue")}</>;
	return (
		<>
			{say(next.words)}
			<br />
			<time dateTime={next.due}>{say(next.due_local)}</time>{" "}
			{next.late ? (
				<Tag tone="bad" text={daysText(next.days, true)} />
			) : (
				<span class="jb-soft">{daysText(next.days)}</span>
			)}
		</>
	);
}

function Caseload({ rows, caption }: { rows: readonly CaseRow[]; caption: string }): JSX.Element {
	return (
		<Table
			caption={caption}
			captionHidden
			rows={rows}
			keyOf={({ id }) => id}
			columns={[
				{
					title: t("person.client"),
					lead: true,
					show: ({ id, number, name }) => (
						<>
							<a class="jb-link" href={`/orang/${id}`}>{name ? <bdi>{name}</bdi> : number}</a>
							{name && <span class="jb-soft"> {number}</span>}
						</>
					),
				},
				{ title: t("person.age"), numeric: true, show: ({ age }) => age ?? "" },
				{ title: t("person.stage"), show: (row) => <Stage row={row} /> },
				{ title: t("person.nextDue"), show: (row) => <NextDue row={row} /> },
				{ title: t("person.openLoops"), numeric: true, show: ({ open_loops }) => open_loops },
			]}
		/>
	);
}

export default function People(): JSX.Element {
	const [filter, setFilter] = useState(FILTERS[0]);
	const [after, setAfter] = useState<string | null>(null);
	const loaded = useLoad<List<CaseRow>>(address("/v1/people", { ...filter.query, after }));
	return (
		<Page title={t("nav.people")}>
			{may("intake") && <ButtonLink href="/orang/baru">{t("person.intake")}</ButtonLink>}
			<Filter
				label={t("person.filter")}
				choices={FILTERS}
				chosen={filter.id}
				onChoose={(one) => {
					setFilter(one);
					setAfter(null);
				}}
			/>
			<Shown of={loaded}>
				{({ items, next }) => (
					<>
						{items.length ? (
							<Caseload rows={items} caption={t(filter.words)} />
						) : (
							<EmptyState text={t("person.nobodyHere")} />
						)}
						<Pagination
							label={t("person.pages")}
							first={after === null}
							next={next}
							onFirst={() => setAfter(null)}
							onNext={setAfter}
						/>
					</>
				)}
			</Shown>
		</Page>
	);
}
