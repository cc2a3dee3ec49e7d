/* Cari: clients of this agency by name, case number or NIK. The words travel in a body only. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ApiError } from "../core/api";
import { say, t } from "../core/language";
import { searched } from "../core/search";
import type { List, Person } from "../core/types";
import { Banner } from "../parts/Banner";
import { EmptyState } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Table } from "../parts/Table";

type Found = { people: Person[] | null; error: ApiError | null };

function useFound(words: string): Found {
	const [found, setFound] = useState<Found>({ people: null, error: null });
	useEffect(() => {
		let wanted = true;
		if (!words) return;
		setFound({ people: null, error: null });
		api.post<List<Person>>("/v1/people/search", { words }).then(
			({ items }) => wanted && setFound({ people: items, error: null }),
			(error: unknown) => {
				if (!(error instanceof ApiError)) throw error;
				if (wanted) setFound({ people: null, error });
			},
		);
		return () => {
			wanted = false;
		};
	}, [words]);
	return found;
}

function Results({ people }: { people: Person[] }): JSX.Element {
	if (!people.length) return <EmptyState text={t("work.nobody")} />;
	return (
		<Table
			caption={t("work.found", { n: people.length })}
			rows={people}
			keyOf={({ id }) => id}
			columns={[
				{
					title: t("work.name"),
					lead: true,
					show: ({ id, name }) => <a class="jb-link" href={`/orang/${id}`}>{name}</a>,
				},
				{ title: t("work.number"), show: ({ number }) => number },
				{ title: t("work.birth"), show: ({ birth_date }) => birth_date },
			]}
		/>
	);
}

export default function Search(): JSX.Element {
	const words = searched.value;
	const { people, error } = useFound(words);
	return (
		<Page title={t("nav.search")}>
			{error && <Banner tone="bad" title={say(error.words)} />}
			<div aria-live="polite">
				{people ? <Results people={people} /> : words && !error && <p class="jb-body">{t("shell.loading")}</p>}
				{!words && <p class="jb-body">{t("shell.searchLabel")}</p>}
			</div>
		</Page>
	);
}
