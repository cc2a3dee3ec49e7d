/* Mitra: who can be written to, over the wire or on paper. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { PartnerRow } from "../admin/types";
import { address } from "../core/api";
import { say, t } from "../core/language";
import { useLoad } from "../core/load";
import type { List } from "../core/types";
import { EmptyState, Pagination, Shown } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";

export function Carrier({ partner }: { partner: PartnerRow }): JSX.Element {
	if (!partner.active) return <Tag tone="bad" text={t("partners.suspended")} />;
	if (partner.self) return <Tag text={t("partners.self")} />;
	return partner.carrier === "wire" ? (
		<Tag tone="good" text={t("partners.wire")} />
	) : (
		<Tag tone="attention" text={t("partners.paper")} />
	);
}

export default function Partners(): JSX.Element {
	const [after, setAfter] = useState<string | null>(null);
	const loaded = useLoad<List<PartnerRow>>(address("/v1/partners", { after }));
	return (
		<Page title={t("nav.partners")} back={{ href: "/atur", text: t("nav.admin") }}>
			<Shown of={loaded}>
				{({ items, next }) => (
					<>
						{items.length ? (
							<Table
								caption={t("nav.partners")}
								captionHidden
								rows={items}
								keyOf={({ id }) => id}
								columns={[
									{
										title: t("partners.name"),
										lead: true,
										show: ({ id, name }) => (
											<a class="jb-link" href={`/mitra/${encodeURIComponent(id)}`}>{say(name)}</a>
										),
									},
									{ title: t("partners.region"), show: ({ region }) => region },
									{ title: t("partners.phone"), show: ({ phone }) => phone },
									{ title: t("partners.carrier"), show: (partner) => <Carrier partner={partner} /> },
								]}
							/>
						) : (
							<EmptyState text={t("partners.none")} />
						)}
						<Pagination
							label={t("nav.partners")}
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
