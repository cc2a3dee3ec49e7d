/* Rangkaian: at a coordinator, the chains of referrals, who is late, where two sides tell different things. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Bars, measured, MEASURES, pairName, type Measure } from "../chains/Bars";
import type { ChainRow, Summary } from "../chains/types";
import { address } from "../core/api";
import { say, t, type Label } from "../core/language";
import { useLoad } from "../core/load";
import type { List } from "../core/types";
import { ExportButton } from "../chains/Export";
import { EmptyState, Filter, Pagination, Shown } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tabs } from "../parts/Tabs";
import { Tag } from "../parts/Tag";

type Choice = { id: string; words: Label; query: { late?: 1; disagree?: 1 } };

const FILTERS: readonly [Choice, ...Choice[]] = [
	{ id: "all", words: "chains.all", query: {} },
	{ id: "late", words: "chains.late", query: { late: 1 } },
	{ id: "disagree", words: "chains.disagree", query: { disagree: 1 } },
];

function Standing({ chain }: { chain: ChainRow }): JSX.Element {
	return (
		<>
			<Tag tone={chain.open ? "info" : "neutral"} text={say(chain.state.words)} />{" "}
			{chain.late && <Tag tone="bad" text={t("chains.markLate")} />}{" "}
			{chain.doubts.length > 0 && <Tag tone="attention" text={t("chains.markDisagree")} />}
		</>
	);
}

function Waiting({ chain: { waiting } }: { chain: ChainRow }): JSX.Element {
	if (!waiting) return <>{t("chains.nobody")}</>;
	return <>{t("chains.waitingFor", { who: say(waiting.agency.name), time: say(waiting.for) })}</>;
}

function ChainList(): JSX.Element {
	const [filter, setFilter] = useState(FILTERS[0]);
	const [after, setAfter] = useState<string | null>(null);
	const loaded = useLoad<List<ChainRow>>(address("/v1/chains", { ...filter.query, after }));
	return (
		<>
			<Filter
				label={t("chains.filter")}
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
							<Table
								caption={t(filter.words)}
								captionHidden
								rows={items}
								keyOf={({ id }) => id}
								columns={[
									{
										title: t("chains.chain"),
										lead: true,
										show: ({ id, short }) => <a class="jb-link" href={`/rangkaian/${id}`}>{short}</a>,
									},
									{ title: t("chains.from"), show: ({ from }) => say(from.name) },
									{ title: t("chains.at"), show: ({ at }) => say(at.name) },
									{ title: t("chains.state"), show: (chain) => <Standing chain={chain} /> },
									{ title: t("chains.waiting"), show: (chain) => <Waiting chain={chain} /> },
									{ title: t("chains.moved"), show: ({ moved_local }) => say(moved_local) },
								]}
							/>
						) : (
							<EmptyState text={t("chains.none")} />
						)}
						<Pagination
							label={t("chains.pages")}
							first={after === null}
							next={next}
							onFirst={() => setAfter(null)}
							onNext={setAfter}
						/>
						<ExportButton path="/v1/chains/export" query={filter.query} />
					</>
				)}
			</Shown>
		</>
	);
}

function Pairs({ summary }: { summary: Summary }): JSX.Element {
	if (!summary.pairs.length) return <EmptyState text={t("chains.none")} />;
	return (
		<Table
			caption={t("chains.pairs")}
			rows={summary.pairs}
			keyOf={pairName}
			columns={[
				{ title: t("chains.pair"), lead: true, show: pairName },
				{ title: t("chains.sent"), numeric: true, show: ({ sent }) => sent },
				{ title: t("chains.inTime"), numeric: true, show: ({ in_time }) => in_time },
				{ title: t("chains.rejected"), numeric: true, show: ({ rejected }) => rejected },
				{ title: t("chains.completed"), numeric: true, show: ({ completed }) => completed },
				{ title: t("chains.stillOpen"), numeric: true, show: ({ open }) => open },
				{ title: t("chains.late"), numeric: true, show: ({ late }) => late },
				{ title: t("chains.disagree"), numeric: true, show: ({ disagree }) => disagree },
			]}
		/>
	);
}

function Times({ summary }: { summary: Summary }): JSX.Element {
	const [measure, setMeasure] = useState<Measure>("accept");
	return (
		<>
			<Filter
				label={t("chains.measure")}
				choices={MEASURES}
				chosen={measure}
				onChoose={({ id }) => setMeasure(id)}
			/>
			<Bars pairs={summary.pairs} measure={measure} />
			{measured(summary.pairs, measure).length > 0 && (
				<Table
					caption={t("chains.medians")}
					rows={measured(summary.pairs, measure)}
					keyOf={({ pair }) => pairName(pair)}
					columns={[
						{ title: t("chains.pair"), lead: true, show: ({ pair }) => pairName(pair) },
						{ title: t("chains.median"), show: ({ median }) => say(median.words) },
						{ title: t("chains.counted"), numeric: true, show: ({ median }) => median.count },
					]}
				/>
			)}
		</>
	);
}

function Summarized({ show }: { show: (summary: Summary) => JSX.Element }): JSX.Element {
	return <Shown of={useLoad<Summary>("/v1/chains/summary")}>{show}</Shown>;
}

export default function Chains(): JSX.Element {
	const [tab, setTab] = useState("chains");
	return (
		<Page title={t("nav.chains")}>
			<Tabs
				label={t("nav.chains")}
				chosen={tab}
				onChoose={setTab}
				tabs={[
					{ id: "chains", title: t("chains.tabChains"), show: () => <ChainList /> },
					{
						id: "pairs",
						title: t("chains.tabPairs"),
						show: () => <Summarized show={(summary) => <Pairs summary={summary} />} />,
					},
					{
						id: "times",
						title: t("chains.tabTimes"),
						show: () => <Summarized show={(summary) => <Times summary={summary} />} />,
					},
				]}
			/>
		</Page>
	);
}
