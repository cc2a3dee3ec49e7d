/* Hari libur and tenggat: what the clocks of this agent run by. Both are files, so they are read here only. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { roleText } from "../admin/roles";
import type { HolidayYear, Template } from "../admin/types";
import { say, t, type Label } from "../core/language";
import { useLoad } from "../core/load";
import type { List } from "../core/types";
import { Shown } from "../parts/Lists";
import { Page, Section } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tabs } from "../parts/Tabs";
import { Tag } from "../parts/Tag";

function Holidays(): JSX.Element {
	return (
		<Shown of={useLoad<List<HolidayYear>>("/v1/holidays")}>
			{({ items }) => (
				<>
					{items.map(({ year, source, complete, days }) => (
						<Section key={year} title={String(year)}>
							<p class="jb-body">
								{source}{" "}
								{!complete && <Tag tone="attention" text={t("rules.incomplete")} />}
							</p>
							<Table
								caption={t("rules.holidaysOf", { year })}
								captionHidden
								rows={days}
								keyOf={({ date }) => date}
								columns={[
									{ title: t("rules.date"), lead: true, show: ({ date }) => date },
									{ title: t("rules.holiday"), show: ({ words }) => say(words) },
								]}
							/>
						</Section>
					))}
				</>
			)}
		</Shown>
	);
}

const URGENCIES: readonly [string, Label][] = [
	["routine", "rules.routine"],
	["urgent", "rules.urgent"],
	["asap", "rules.asap"],
	["stat", "rules.stat"],
];

function withinText(limits: Template["reply"], urgency: string): string {
	const within = limits?.within[urgency];
	if (!within) return "";
	if (within.working_days) return t("rules.workingDays", { n: within.working_days });
	return within.hours ? t("rules.hours", { n: within.hours }) : "";
}

function escalationText({ escalation }: Template): string {
	return escalation.map(({ days, role }) => t("rules.escalates", { n: days, role: roleText(role) })).join("; ");
}

function Templates(): JSX.Element {
	return (
		<Shown of={useLoad<List<Template>>("/v1/templates")}>
			{({ items }) => (
				<Table
					caption={t("rules.templates")}
					captionHidden
					rows={items}
					keyOf={({ kind }) => kind}
					columns={[
						{ title: t("rules.kind"), lead: true, show: ({ words }) => say(words) },
						...URGENCIES.map(([urgency, words]) => ({
							title: t(words),
							show: ({ reply, seen }: Template) => withinText(reply ?? seen, urgency),
						})),
						{ title: t("rules.escalation"), show: escalationText },
						{ title: t("rules.reminds"), show: ({ reminds }) => reminds.map(({ words }) => say(words)).join("; ") },
					]}
				/>
			)}
		</Shown>
	);
}

export default function Rules(): JSX.Element {
	const [tab, setTab] = useState("templates");
	return (
		<Page title={t("nav.rules")} back={{ href: "/atur", text: t("nav.admin") }}>
			<p class="jb-body">{t("rules.what")}</p>
			<Tabs
				label={t("nav.rules")}
				chosen={tab}
				onChoose={setTab}
				tabs={[
					{ id: "templates", title: t("rules.templates"), show: () => <Templates /> },
					{ id: "holidays", title: t("rules.holidays"), show: () => <Holidays /> },
				]}
			/>
		</Page>
	);
}
