/* Step 2: who gets the letter: the nearest first, connected or not, with the places that they published. */
import type { JSX } from "preact";

import { address } from "../core/api";
import { say, t } from "../core/language";
import { useLoad } from "../core/load";
import { session } from "../core/session";
import { sinceText } from "../core/times";
import type { Agency, List } from "../core/types";
import { Checkbox, Radios, type Choice } from "../parts/Field";
import { EmptyState, Shown } from "../parts/Lists";
import { SERVICE, TO, type Opening } from "./refer-types";

type Partner = Agency & { active: boolean; self: boolean; carrier: "wire" | "paper" | "own"; address: string };
type Places = { agency: Agency; total: number; free: number; stale: boolean; published: string };

const ALL = "#all-partners";

function placesText(places: Places | undefined): string {
	if (!places) return t("refer.capacityUnknown");
	const { free, total, stale, published } = places;
	return t(stale ? "refer.freeStale" : "refer.free", { free, total, when: sinceText(Date.parse(published)) });
}

function choiceOf(partner: Partner, places: readonly Places[]): Choice {
	const carrier = partner.carrier === "paper" ? t("refer.onPaper") : t("refer.connected");
	const published = placesText(places.find(({ agency }) => agency.id === partner.id));
	return {
		value: partner.id,
		label: say(partner.name),
		hint: [carrier, published, partner.address].filter(Boolean).join(" · "),
	};
}

export function PartnerStep({ opening: { form, kind, person } }: { opening: Opening }): JSX.Element {
	const service = form.text(SERVICE) || null;
	const all = form.raw(ALL) === true;
	const near = person?.region || session.value?.agency.region || null;
	const partners = useLoad<List<Partner>>(
		address("/v1/partners", { service: all ? null : service, near, limit: 200 }),
	);
	const capacity = useLoad<List<Places>>(address("/v1/capacity", { service, limit: 200 }));
	const fits = ({ active, self, kind: agencyKind }: Partner): boolean =>
		active && !self && (!kind.to_kinds.length || kind.to_kinds.includes(agencyKind ?? ""));
	return (
		<>
			<Shown of={partners}>
				{({ items }) => {
					const choices = items.filter(fits).map((one) => choiceOf(one, capacity.data?.items ?? []));
					if (!choices.length) return <EmptyState text={t("refer.noPartner")} />;
					return (
						<Radios form={form} name={TO} label={t("refer.partner")} hint={t("refer.partnerHint")} choices={choices} />
					);
				}}
			</Shown>
			{service && <Checkbox form={form} name={ALL} label={t("refer.allPartners")} />}
		</>
	);
}
