/* Antrean: what was sent without a line and waits in this browser, and what the agent then refused. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { say, t } from "../core/language";
import { dropQueued, queue, sendQueue, type Queued } from "../core/queue";
import { sinceText } from "../core/times";
import { Button } from "../parts/Button";
import { Confirm } from "../parts/Confirm";
import { EmptyState } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";

function StateOf({ write }: { write: Queued }): JSX.Element {
	if (!write.refused) return <Tag tone="info" text={t("queue.waits")} />;
	return (
		<>
			<Tag tone="bad" text={t("queue.refused")} /> {say(write.refused)}
		</>
	);
}

export default function Queue(): JSX.Element {
	const [dropping, setDropping] = useState<Queued | null>(null);
	return (
		<Page title={t("nav.queue")}>
			<p class="jb-body">{t("queue.what")}</p>
			{queue.value.length ? (
				<>
					<Table
						caption={t("nav.queue")}
						captionHidden
						rows={queue.value}
						keyOf={({ n }) => n}
						columns={[
							{ title: t("queue.letter"), lead: true, show: ({ what }) => say(what) },
							{ title: t("queue.since"), show: ({ at }) => sinceText(at) },
							{ title: t("queue.state"), show: (write) => <StateOf write={write} /> },
							{
								title: t("queue.action"),
								show: (write) => (
									<Button kind="secondary" about={say(write.what)} onClick={() => setDropping(write)}>
										{t("queue.drop")}
									</Button>
								),
							},
						]}
					/>
					<Button onClick={sendQueue}>{t("queue.sendNow")}</Button>
				</>
			) : (
				<EmptyState text={t("queue.nothing")} />
			)}
			{dropping && (
				<Confirm
					title={t("queue.dropTitle", { what: say(dropping.what) })}
					action={t("queue.drop")}
					onDo={() => dropQueued(dropping.n)}
					onClose={() => setDropping(null)}
				>
					<p class="jb-body">{t("queue.dropWhat")}</p>
				</Confirm>
			)}
		</Page>
	);
}
