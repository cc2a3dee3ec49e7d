/*
 * Alarms: what is the matter, what to do, whom to phone; closed by somebody who has dealt with it. The
 * newest few stand open, so that the day's work below stays in sight.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { both, say, t } from "../core/language";
import { sendOrQueue } from "../core/queue";
import { may, session } from "../core/session";
import type { Agency } from "../core/types";
import { Button } from "../parts/Button";
import { Confirm } from "../parts/Confirm";
import { Details } from "../parts/Details";
import { toast } from "../shell/Toasts";
import { Counted, ThreadLink } from "./today-parts";
import type { Alarm, Part } from "./today-types";

const OPEN = 3;

function Phone({ agency }: { agency: Agency }): JSX.Element {
	return (
		<>
			{say(agency.name)}
			{agency.phone && <>, <a class="jb-link" href={`tel:${agency.phone}`}>{agency.phone}</a></>}
		</>
	);
}

function Item({ alarm, onClose }: { alarm: Alarm; onClose: () => void }): JSX.Element {
	const other = alarm.partner?.id === session.value?.agency.id ? null : alarm.partner;
	return (
		<li class="jb-alarm">
			<div>
				<p class="jb-alarm-what">
					<span aria-hidden="true">! </span>
					{say(alarm.words)} {alarm.thread && <ThreadLink thread={alarm.thread} />}
				</p>
				<p class="jb-alarm-todo">
					{say(alarm.todo)}
					{other && <>: <Phone agency={other} /></>}
					{" "}<span class="jb-soft">({t("today.since", { when: say(alarm.raised_local) })})</span>
				</p>
			</div>
			{may("send") && (
				<Button kind="secondary" about={say(alarm.words)} onClick={onClose}>{t("today.closeAlarm")}</Button>
			)}
		</li>
	);
}

export function Alarms({ section, onDone }: { section: Part<Alarm>; onDone: () => void }): JSX.Element {
	const [closing, setClosing] = useState<Alarm | null>(null);
	const close = async (key: string): Promise<void> => {
		const outcome = await sendOrQueue({
			path: `/v1/alarms/${closing?.n}/close`,
			body: {},
			key,
			what: both("today.alarmClosed"),
		});
		if (outcome.sent) onDone();
		else toast(t("shell.queuedNow"));
	};
	const list = (alarms: Alarm[]): JSX.Element => (
		<ul class="jb-alarms">
			{alarms.map((alarm) => (
				<Item key={alarm.n} alarm={alarm} onClose={() => setClosing(alarm)} />
			))}
		</ul>
	);
	const rest = section.items.slice(OPEN);
	return (
		<Counted title={t("today.alarms")} section={section}>
			{list(section.items.slice(0, OPEN))}
			{rest.length > 0 && (
				<Details summary={t("today.moreAlarms", { n: section.count - OPEN })}>{list(rest)}</Details>
			)}
			{closing && (
				<Confirm
					title={t("today.closeTitle")}
					action={t("today.closeAlarm")}
					onDo={close}
					onClose={() => setClosing(null)}
				>
					<p class="jb-body">{say(closing.words)}</p>
				</Confirm>
			)}
		</Counted>
	);
}
