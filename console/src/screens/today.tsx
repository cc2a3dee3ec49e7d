/* Hari ini: what a worker opens in the morning. */
import type { JSX } from "preact";

import { t } from "../core/language";
import { useLoad } from "../core/load";
import type { List, Thread } from "../core/types";
import { EmptyState, Shown } from "../parts/Lists";
import { Page, Section } from "../parts/Page";
import { ThreadTable } from "../parts/ThreadTable";

export default function Today(): JSX.Element {
	const answer = useLoad<List<Thread>>("/v1/referrals?box=needs-answer");
	return (
		<Page title={t("shell.today")} count={answer.data?.items.length ?? 0}>
			<Section title={t("work.needsAnswer")}>
				<Shown of={answer}>
					{({ items }) =>
						items.length ? (
							<ThreadTable caption={t("work.needsAnswer")} partner={t("work.from")} threads={items} />
						) : (
							<EmptyState text={t("work.nothing")} />
						)
					}
				</Shown>
			</Section>
		</Page>
	);
}
