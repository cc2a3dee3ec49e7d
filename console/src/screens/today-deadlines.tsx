/* Deadlines: what waits for us, whom we wait for, what ends today. */
import type { JSX } from "preact";

import { say, t } from "../core/language";
import { Table } from "../parts/Table";
import { Counted, PersonLink, ThreadLink, When } from "./today-parts";
import type { Due, Part } from "./today-types";

export function Deadlines({ title, partner, section, all }: {
	title: string;
	partner: string;
	section: Part<Due>;
	all: string;
}): JSX.Element {
	return (
		<Counted title={title} section={section} all={all}>
			<Table
				caption={title}
				captionHidden
				rows={section.items}
				keyOf={({ thread, what }) => `${thread?.id} ${what}`}
				columns={[
					{ title: t("today.number"), lead: true, show: ({ thread }) => <ThreadLink thread={thread} /> },
					{ title: partner, show: ({ thread }) => say(thread?.partner.name) },
					{ title: t("today.what"), show: ({ words }) => say(words) },
					{ title: t("today.client"), show: ({ thread }) => <PersonLink person={thread?.person} /> },
					{
						title: t("today.due"),
						show: ({ due, due_local, days, late }) => <When at={due} local={due_local} days={days} late={late} />,
					},
				]}
			/>
		</Counted>
	);
}
