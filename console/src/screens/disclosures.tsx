/* "Who has received my data": one page to print and hand to the client. */
import type { JSX } from "preact";

import { say, t } from "../core/language";
import { useLoad } from "../core/load";
import type { ScreenProps } from "../routes";
import { Inset } from "../parts/Banner";
import { Button } from "../parts/Button";
import { EmptyState, Shown } from "../parts/Lists";
import { Page, Section } from "../parts/Page";
import { Table } from "../parts/Table";
import type { DisclosedLetter, Disclosures } from "../person/types";

function under({ clause, rule }: DisclosedLetter): string {
	if (rule) return t("disclosed.rule", { rule: rule.id, article: rule.article });
	if (!clause) return t("disclosed.noPersonal");
	const purpose = t("disclosed.consent", { purpose: say(clause.purpose_words) });
	if (clause.stopped_local) return `${purpose}; ${t("disclosed.stopped", { when: say(clause.stopped_local) })}`;
	if (clause.withdrawn_local) return `${purpose}; ${t("disclosed.withdrawn", { when: say(clause.withdrawn_local) })}`;
	return purpose;
}

function came({ carrier, delivered_local, opened_local }: DisclosedLetter): string {
	if (opened_local) return t("disclosed.opened", { when: say(opened_local) });
	if (delivered_local) return t("disclosed.delivered", { when: say(delivered_local) });
	return t(carrier === "paper" ? "disclosed.paper" : "disclosed.underway");
}

function Recipients({ page }: { page: Disclosures }): JSX.Element {
	return (
		<>
			{page.items.map(({ recipient, words, letters }) => (
				<Section key={recipient.id} title={say(recipient.name)}>
					<p class="jb-body">{say(words)}</p>
					<Table
						caption={t("disclosed.letters", { who: say(recipient.name) })}
						captionHidden
						rows={letters}
						keyOf={({ id }) => id}
						columns={[
							{ title: t("disclosed.letter"), lead: true, show: ({ words: what }) => say(what) },
							{ title: t("disclosed.when"), show: ({ at_local }) => say(at_local) },
							{ title: t("disclosed.under"), show: under },
							{ title: t("disclosed.came"), show: came },
							{ title: t("disclosed.files"), show: ({ files }) => <bdi>{files.join(", ")}</bdi> },
						]}
					/>
				</Section>
			))}
		</>
	);
}

function Evidence({ page }: { page: Disclosures }): JSX.Element | null {
	if (!page.evidence.length) return null;
	return (
		<Section title={t("disclosed.evidence")}>
			<ul class="jb-list jb-list--bullet">
				{page.evidence.map((one) => (
					<li key={one.at_local.en}>
						<bdi>{t("disclosed.evidenceOne", { when: say(one.at_local), reason: one.reason })}</bdi>
					</li>
				))}
			</ul>
		</Section>
	);
}

export default function WhoHasIt({ params }: ScreenProps): JSX.Element {
	const person = params["id"] ?? "";
	const loaded = useLoad<Disclosures>(`/v1/people/${person}/disclosures`);
	return (
		<Page title={t("nav.disclosures")} back={{ href: `/orang/${person}`, text: t("person.back") }}>
			<Shown of={loaded}>
				{(page) => (
					<>
						<p class="jb-body">
							{t("disclosed.intro", {
								number: page.person.number ?? "",
								agency: say(page.agency.name),
								when: say(page.at_local),
							})}
						</p>
						<Button kind="secondary" onClick={() => window.print()}>{t("disclosed.print")}</Button>
						{page.items.length ? <Recipients page={page} /> : <EmptyState text={t("disclosed.nobody")} />}
						<Evidence page={page} />
						{page.more && <Inset>{t("disclosed.more")}</Inset>}
						<p class="jb-body">{t("consent.rights")}</p>
					</>
				)}
			</Shown>
		</Page>
	);
}
