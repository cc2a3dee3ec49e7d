/* Who comes today and tomorrow, to us or to a partner. */
import type { JSX } from "preact";

import { say, t } from "../core/language";
import { Table } from "../parts/Table";
import { Counted, PersonLink, ThreadLink, When } from "./today-parts";
import type { Appointment, Part } from "./today-types";

export function Arriving({ section }: { section: Part<Appointment> }): JSX.Element {
	return (
		<Counted title={t("today.arriving")} section={section}>
			<Table
				caption={t("today.arriving")}
				captionHidden
				rows={section.items}
				keyOf={({ thread, appointment }) => `${thread?.id} ${appointment}`}
				columns={[
					{ title: t("today.client"), lead: true, show: ({ thread }) => <PersonLink person={thread?.person} /> },
					{
						title: t("today.where"),
						show: ({ here, thread }) => (here ? t("today.here") : say(thread?.partner.name)),
					},
					{ title: t("today.service"), show: ({ service_words }) => say(service_words) },
					{
						title: t("today.when"),
						show: ({ appointment, appointment_local, days }) => (
							<When at={appointment} local={appointment_local} days={days} />
						),
					},
					{ title: t("today.number"), show: ({ thread }) => <ThreadLink thread={thread} /> },
				]}
			/>
		</Counted>
	);
}
