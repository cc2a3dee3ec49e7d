/* Letters to write: opened, or closed with the reason why none is needed. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { address } from "../core/api";
import { both, say, t } from "../core/language";
import { sendOrQueue } from "../core/queue";
import { may } from "../core/session";
import { Button } from "../parts/Button";
import { Confirm } from "../parts/Confirm";
import { Table } from "../parts/Table";
import { toast } from "../shell/Toasts";
import { Counted, PersonLink, When } from "./today-parts";
import type { Part, Reminder } from "./today-types";

/* Where the letter is written: a thread of its own begins as a new referral does. */
function writeAt({ kind, opens, thread, person }: Reminder): string {
	if (!opens && thread) return address(`/rujukan/${thread.number}`, { kind });
	return address("/rujukan/baru", { kind, person: person.id, about: thread?.number });
}

export function Reminders({ section, onDone }: { section: Part<Reminder>; onDone: () => void }): JSX.Element {
	const [closing, setClosing] = useState<Reminder | null>(null);
	const close = async (key: string, reason: string): Promise<void> => {
		const outcome = await sendOrQueue({
			path: `/v1/reminders/${closing?.n}/done`,
			body: { reason },
			key,
			what: both("today.reminderClosed"),
		});
		if (outcome.sent) onDone();
		else toast(t("shell.queuedNow"));
	};
	const action = (reminder: Reminder): JSX.Element | false =>
		may("send") && (
			<Button kind="secondary" about={say(reminder.words)} onClick={() => setClosing(reminder)}>
				{t("today.notNeeded")}
			</Button>
		);
	return (
		<Counted title={t("today.reminders")} section={section}>
			<Table
				caption={t("today.reminders")}
				captionHidden
				rows={section.items}
				keyOf={({ n }) => n}
				columns={[
					{
						title: t("today.letter"),
						lead: true,
						show: (reminder) => <a class="jb-link" href={writeAt(reminder)}>{say(reminder.words)}</a>,
					},
					{ title: t("today.client"), show: ({ person }) => <PersonLink person={person} /> },
					{
						title: t("today.due"),
						show: ({ due, due_local, days, late }) => <When at={due} local={due_local} days={days} late={late} />,
					},
					{ title: t("today.action"), show: action },
				]}
			/>
			{closing && (
				<Confirm
					title={t("today.notNeededTitle", { letter: say(closing.words) })}
					action={t("today.notNeeded")}
					reason={t("today.reason")}
					onDo={close}
					onClose={() => setClosing(null)}
				/>
			)}
		</Counted>
	);
}
