/* Surat masuk and surat keluar: the threads of one box, narrowed by what is still to be done. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { address } from "../core/api";
import { t, type Label } from "../core/language";
import { useLoad } from "../core/load";
import type { List, Thread } from "../core/types";
import { EmptyState, Filter, Pagination, Shown } from "../parts/Lists";
import { Page } from "../parts/Page";
import { ThreadTable } from "../parts/ThreadTable";

export type Box = { id: string; words: Label };

export function Letters({ title, partner, showsSent, boxes }: {
	title: Label;
	partner: Label;
	showsSent?: boolean;
	/* What can be shown, the first one at first. */
	boxes: readonly [Box, ...Box[]];
}): JSX.Element {
	const [box, setBox] = useState(boxes[0].id);
	const [after, setAfter] = useState<string | null>(null);
	const loaded = useLoad<List<Thread>>(address("/v1/referrals", { box, after }));

	return (
		<Page title={t(title)}>
			<Filter
				label={t("work.filter")}
				choices={boxes}
				chosen={box}
				onChoose={({ id }) => {
					setBox(id);
					setAfter(null);
				}}
			/>
			<Shown of={loaded}>
				{({ items, next }) => (
					<>
						{items.length ? (
							<ThreadTable caption={t(title)} partner={t(partner)} showsSent={showsSent} threads={items} />
						) : (
							<EmptyState text={t("work.noLetters")} />
						)}
						<Pagination
							label={t("work.pages")}
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
