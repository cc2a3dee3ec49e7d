/* One chain: the tree as a drawing and as a table, who is waited for, and what each side told, step by step. */
import type { JSX } from "preact";

import { ExportButton } from "../chains/Export";
import { Tree } from "../chains/Tree";
import type { Chain, ChainReferral, Side, Step } from "../chains/types";
import { say, t } from "../core/language";
import { useLoad } from "../core/load";
import type { ScreenProps } from "../routes";
import { Inset } from "../parts/Banner";
import { Details } from "../parts/Details";
import { Shown, SummaryList } from "../parts/Lists";
import { Page, Section } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";

function way({ from, to }: { from: ChainReferral["from"]; to: ChainReferral["to"] }): string {
	return `${say(from.name)} → ${say(to.name)}`;
}

function told({ overseen, state, told_local }: Side): string {
	if (state) return told_local ? t("chains.toldAt", { state: say(state.words), when: say(told_local) }) : say(state.words);
	return t(overseen ? "chains.toldNothing" : "chains.notOverseen");
}

function Waiting({ referral: { waiting, open } }: { referral: ChainReferral }): JSX.Element {
	if (!waiting) return <>{t(open ? "chains.nobody" : "chains.markEnded")}</>;
	return (
		<>
			{t("chains.waitingFor", { who: say(waiting.agency.name), time: say(waiting.for) })}
			{waiting.due_local && (
				<>
					<br />
					<span class="jb-soft">{t("chains.dueAt", { when: say(waiting.due_local) })}</span>
				</>
			)}
			{waiting.late && (
				<>
					{" "}
					<Tag tone="bad" text={t("chains.markLate")} />
				</>
			)}
		</>
	);
}

function TreeTable({ tree }: { tree: readonly ChainReferral[] }): JSX.Element {
	return (
		<Table
			caption={t("chains.treeTable")}
			rows={tree}
			keyOf={({ id }) => id}
			columns={[
				{
					title: t("chains.referral"),
					lead: true,
					show: (referral) => (
						<>
							<span aria-hidden="true">{"└ ".repeat(Math.min(1, referral.depth))}</span>
							{referral.depth > 0 && <span class="jb-visually-hidden">{t("chains.onward", { n: referral.depth })} </span>}
							{way(referral)}
						</>
					),
				},
				{ title: t("chains.opened"), show: ({ opened_local }) => say(opened_local) },
				{
					title: t("chains.state"),
					show: ({ state, open }) => <Tag tone={open ? "info" : "neutral"} text={say(state.words)} />,
				},
				{ title: t("chains.waiting"), show: (referral) => <Waiting referral={referral} /> },
				{ title: t("chains.requester"), show: ({ requester }) => told(requester) },
				{ title: t("chains.performer"), show: ({ performer }) => told(performer) },
			]}
		/>
	);
}

function Steps({ referral }: { referral: ChainReferral }): JSX.Element {
	return (
		<Details summary={t("chains.stepsOf", { way: way(referral), n: referral.steps.length })}>
			<Table<Step>
				caption={t("chains.steps")}
				captionHidden
				rows={referral.steps}
				keyOf={(step) => `${step.at} ${step.reporter} ${step.state.name}`}
				columns={[
					{ title: t("chains.when"), lead: true, show: ({ at_local }) => say(at_local) },
					{
						title: t("chains.reporter"),
						show: ({ reporter }) =>
							say((reporter === referral.from.id ? referral.from : reporter === referral.to.id ? referral.to : null)?.name) ||
							reporter,
					},
					{ title: t("chains.state"), show: ({ state }) => say(state.words) },
					{ title: t("chains.reason"), show: ({ reason }) => say(reason?.words) },
					{ title: t("chains.told"), show: ({ told_local }) => say(told_local) },
				]}
			/>
		</Details>
	);
}

function Doubts({ tree }: { tree: readonly ChainReferral[] }): JSX.Element | null {
	const doubted = tree.filter(({ doubts }) => doubts.length);
	if (!doubted.length) return null;
	return (
		<Section title={t("chains.disagreements")}>
			{doubted.map((referral) => (
				<Inset key={referral.id}>
					<p class="jb-body"><strong>{way(referral)}</strong></p>
					<ul class="jb-list jb-list--bullet">
						{referral.doubts.map(({ name, words }) => <li key={name}>{say(words)}</li>)}
					</ul>
				</Inset>
			))}
		</Section>
	);
}

function Shows({ chain }: { chain: Chain }): JSX.Element {
	return (
		<>
			<SummaryList
				facts={[
					{ name: t("chains.state"), value: say(chain.state.words) },
					{ name: t("chains.at"), value: say(chain.at.name) },
					chain.waiting && {
						name: t("chains.waiting"),
						value: t("chains.waitingFor", { who: say(chain.waiting.agency.name), time: say(chain.waiting.for) }),
					},
					{ name: t("chains.opened"), value: say(chain.opened_local) },
					{ name: t("chains.moved"), value: say(chain.moved_local) },
				]}
			/>
			<Doubts tree={chain.tree} />
			<Section title={t("chains.tree")}>
				<Tree tree={chain.tree} label={t("chains.tree")} />
				<TreeTable tree={chain.tree} />
			</Section>
			<Section title={t("chains.steps")}>
				{chain.tree.map((referral) => <Steps key={referral.id} referral={referral} />)}
			</Section>
			<ExportButton path={`/v1/chains/${chain.id}/export`} />
		</>
	);
}

export default function OneChain({ params }: ScreenProps): JSX.Element {
	const loaded = useLoad<Chain>(`/v1/chains/${params["id"] ?? ""}`);
	return (
		<Page
			title={t("chains.title", { short: (params["id"] ?? "").slice(0, 8) })}
			back={{ href: "/rangkaian", text: t("nav.chains") }}
		>
			<Shown of={loaded}>{(chain) => <Shows chain={chain} />}</Shown>
		</Page>
	);
}
