/* Alarms: what is the matter, what to do, whom to phone; closed by somebody who has dealt with it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api } from "../core/api";
import { say, t } from "../core/language";
import { may } from "../core/session";
import type { Agency } from "../core/types";
import { Button } from "../parts/Button";
import { Confirm } from "../parts/Confirm";
import { Counted, ThreadLink } from "./today-parts";
import type { Alarm, Part } from "./today-types";

function Phone({ agency }: { agency: Agency }): JSX.Element {
	return (
		<>
			{say(agency.name)}
			{agency.phone && <>, <a class="jb-link" href={`tel:${agency.phone}`}>{agency.phone}</a></>}
		</>
	);
}

function Item({ alarm, onClose }: { alarm: Alarm; onClose: () => void }): JSX.Element {
	return (
		<li class="jb-alarm">
			<p class="jb-alarm-what">
				<span aria-hidden="true">! </span>
				{say(alarm.words)} {alarm.thread && <ThreadLink thread={alarm.thread} />}
			</p>
			<p class="jb-body">
				{say(alarm.todo)}
				{alarm.partner && <>: <Phone agency={alarm.partner} /></>}
			</p>
			<p class="jb-hint">{t("today.since", { when: say(alarm.raised_local) })}</p>
			{may("send") && (
				<Button kind="secondary" about={say(alarm.words)} onClick={onClose}>{t("today.closeAlarm")}</Button>
			)}
		</li>
	);
}

export function Alarms({ section, onDone }: { section: Part<Alarm>; onDone: () => void }): JSX.Element {
	const [closing, setClosing] = useState<Alarm | null>(null);
	const close = async (key: string): Promise<void> => {
		await api.post(`/v1/alarms/${closing?.n}/close`, {}, key);
		onDone();
	};
	return (
		<Counted title={t("today.alarms")} section={section}>
			<ul class="jb-alarms">
				{section.items.map((alarm) => (
					<Item key={alarm.n} alarm={alarm} onClose={() => setClosing(alarm)} />
				))}
			</ul>
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
