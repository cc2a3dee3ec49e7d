/* One partner: how to reach it, how soon it answers, and the words by which its keys are told on the phone. */
import type { JSX } from "preact";

import type { PartnerPage } from "../admin/types";
import { say, t, type Label } from "../core/language";
import { useLoad } from "../core/load";
import type { ScreenProps } from "../routes";
import { EmptyState, Shown, SummaryList } from "../parts/Lists";
import { Page, Section } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";
import { Carrier } from "./partners";

const STATES: Record<string, Label> = {
	active: "partners.keyActive",
	retired: "partners.keyRetired",
	compromised: "partners.keyCompromised",
};

function stateText(state: string): string {
	const words = STATES[state];
	return words ? t(words) : state;
}

function Keys({ partner: { keys } }: { partner: PartnerPage }): JSX.Element {
	if (!keys.length) return <EmptyState text={t("partners.noKeys")} />;
	return (
		<>
			<p class="jb-body">{t("partners.keysWhat")}</p>
			<Table
				caption={t("partners.keys")}
				captionHidden
				rows={keys}
				keyOf={({ use, fingerprint }) => `${use} ${fingerprint}`}
				columns={[
					{ title: t("partners.keyUse"), lead: true, show: ({ words }) => say(words) },
					{ title: t("partners.fingerprint"), show: ({ fingerprint }) => <code>{fingerprint}</code> },
					{
						title: t("partners.keyState"),
						show: ({ state }) => <Tag tone={state === "compromised" ? "bad" : "neutral"} text={stateText(state)} />,
					},
				]}
			/>
		</>
	);
}

export default function OnePartner({ params }: ScreenProps): JSX.Element {
	const loaded = useLoad<PartnerPage>(`/v1/partners/${encodeURIComponent(params["id"] ?? "")}`);
	return (
		<Page
			title={loaded.data ? say(loaded.data.name) : t("nav.partner")}
			back={{ href: "/mitra", text: t("nav.partners") }}
		>
			<Shown of={loaded}>
				{(partner) => (
					<>
						<SummaryList
							facts={[
								{ name: t("partners.carrier"), value: <Carrier partner={partner} /> },
								{ name: t("partners.phone"), value: partner.phone },
								{ name: t("partners.whatsapp"), value: partner.whatsapp },
								{ name: t("partners.address"), value: partner.address },
								{ name: t("partners.hours"), value: partner.office_hours },
								{ name: t("partners.distance"), value: say(partner.distance.words) },
								partner.answers_in && {
									name: t("partners.answersIn"),
									value: t("partners.answersHours", {
										hours: Math.max(1, Math.round(partner.answers_in.median_hours)),
										n: partner.answers_in.count,
									}),
								},
							]}
						/>
						<Section title={t("partners.keys")}><Keys partner={partner} /></Section>
					</>
				)}
			</Shown>
		</Page>
	);
}
