/*
 * Hari ini: what a worker opens in the morning, the most pressing first. A part that has nothing in it
 * is left out; when all is empty the page says so.
 */
import type { JSX } from "preact";

import { t } from "../core/language";
import { useLoad } from "../core/load";
import { EmptyState, Shown } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Alarms } from "./today-alarms";
import { Deadlines } from "./today-deadlines";
import { Reminders } from "./today-reminders";
import { Arriving } from "./today-arriving";
import { State } from "./today-state";
import type { Today } from "./today-types";

function isEmpty({ alarms, answer, late, arriving, reminders, today }: Today): boolean {
	return [alarms, answer, late, arriving, reminders, today].every(({ count }) => count === 0);
}

export default function TodayScreen(): JSX.Element {
	const loaded = useLoad<Today>("/v1/today");
	const { data, reload } = loaded;
	return (
		<Page title={t("nav.today")} count={data ? data.answer.count + data.alarms.count : 0}>
			<Shown of={loaded}>
				{(today) => (
					<>
						<Alarms section={today.alarms} onDone={reload} />
						<Deadlines title={t("today.answer")} partner={t("today.from")} section={today.answer} all="/surat/masuk" />
						<Arriving section={today.arriving} />
						<Reminders section={today.reminders} onDone={reload} />
						<Deadlines title={t("today.late")} partner={t("today.waitingFor")} section={today.late} all="/surat/keluar" />
						<Deadlines title={t("today.endsToday")} partner={t("today.waitingFor")} section={today.today} all="/surat/keluar" />
						{isEmpty(today) && <EmptyState text={t("today.nothing")} />}
						<State today={today} />
					</>
				)}
			</Shown>
		</Page>
	);
}
