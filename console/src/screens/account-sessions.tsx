/* Where the account is signed in, and how to end what is not this browser. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ApiError } from "../core/api";
import { say, t } from "../core/language";
import { recallSession, session, type OpenSession } from "../core/session";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";

export function Sessions(): JSX.Element {
	const [error, setError] = useState<ApiError | null>(null);
	const sessions = session.value?.sessions ?? [];

	const end = (which: string): void => {
		setError(null);
		api.post("/v1/session/end", { which })
			.then(recallSession)
			.catch((failed: unknown) => {
				if (!(failed instanceof ApiError)) throw failed;
				setError(failed);
			});
	};
	const action = (one: OpenSession): JSX.Element =>
		one.this ? (
			<Tag tone="good" text={t("account.thisOne")} />
		) : (
			<Button kind="secondary" about={`${one.address}, ${say(one.begun_local)}`} onClick={() => end(one.id)}>
				{t("account.end")}
			</Button>
		);
	return (
		<>
			{error && <Banner tone="bad" title={say(error.words)} />}
			<Table
				caption={t("account.sessions")}
				captionHidden
				rows={sessions}
				keyOf={({ id }) => id}
				columns={[
					{ title: t("account.from"), lead: true, show: ({ address }) => address },
					{ title: t("account.begun"), show: ({ begun_local }) => say(begun_local) },
					{ title: t("account.seen"), show: ({ seen_local }) => say(seen_local) },
					{ title: t("account.state"), show: action },
				]}
			/>
			{sessions.length > 1 && (
				<Button kind="secondary" onClick={() => end("others")}>{t("account.endOthers")}</Button>
			)}
		</>
	);
}
