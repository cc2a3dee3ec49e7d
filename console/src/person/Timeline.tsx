/* What happened around a person, the newest pages on demand, in the lanes that the catalogue names. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { address, api, ApiError } from "../core/api";
import { say, t, type Both } from "../core/language";
import type { List } from "../core/types";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";
import { Lanes } from "../parts/Lanes";
import { useCatalogueWords } from "../forms/catalogue";
import type { TimelineEntry } from "./types";

/* What concerns the person as a whole: intake, consent, looks. */
const ALL = "all";

function useTimeline(person: string): { entries: TimelineEntry[]; more: (() => void) | null; problem: Both | null } {
	const [entries, setEntries] = useState<TimelineEntry[]>([]);
	const [next, setNext] = useState<string | null>(null);
	const [problem, setProblem] = useState<Both | null>(null);

	const load = (after: string | null, stop?: AbortSignal): void => {
		api.get<List<TimelineEntry>>(address(`/v1/people/${person}/timeline`, { after, limit: 100 }), stop).then(
			(page) => {
				setEntries((before) => (after ? [...before, ...page.items] : page.items));
				setNext(page.next);
			},
			(error: unknown) => {
				if (stop?.aborted) return;
				if (!(error instanceof ApiError)) throw error;
				setProblem(error.words);
			},
		);
	};
	useEffect(() => {
		const stop = new AbortController();
		load(null, stop.signal);
		return () => stop.abort();
	}, [person]);
	return { entries, more: next ? () => load(next) : null, problem };
}

function Title({ entry }: { entry: TimelineEntry }): JSX.Element {
	return entry.thread ? <a class="jb-link" href={`/rujukan/${entry.thread}`}>{say(entry.words)}</a> : <>{say(entry.words)}</>;
}

function Body({ entry }: { entry: TimelineEntry }): JSX.Element {
	const parts = [say(entry.partner?.name), entry.to && say(entry.to.words), entry.user].filter(Boolean);
	return <p class="jb-lane-body"><bdi>{parts.join(" · ")}</bdi></p>;
}

export function Timeline({ person }: { person: string }): JSX.Element {
	const { entries, more, problem } = useTimeline(person);
	const catalogue = useCatalogueWords();
	const lanes = [
		{ key: ALL, title: t("person.laneAll") },
		...(catalogue.data?.lanes ?? []).map(({ code, words }) => ({ key: code, title: say(words) })),
	];
	return (
		<>
			{problem && <Banner tone="bad" title={say(problem)} />}
			<Lanes
				label={t("person.timeline")}
				lanes={lanes}
				events={entries.map((entry) => ({
					key: entry.n,
					lane: entry.lane ?? ALL,
					at: entry.at,
					atText: say(entry.at_local),
					title: <Title entry={entry} />,
					body: <Body entry={entry} />,
				}))}
			/>
			{more && <Button kind="secondary" onClick={more}>{t("person.moreEntries")}</Button>}
		</>
	);
}
