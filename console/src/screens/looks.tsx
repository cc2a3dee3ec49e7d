/* Jejak: for the auditor, who looked at whose record and why, and what happened at the door. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { DoorEvent, Look } from "../admin/types";
import { address } from "../core/api";
import { say, t, type Label } from "../core/language";
import { useLoad } from "../core/load";
import type { List } from "../core/types";
import { EmptyState, Pagination, Shown } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Table, type Column } from "../parts/Table";
import { Tabs } from "../parts/Tabs";
import { Tag } from "../parts/Tag";

function lookColumns(): Column<Look>[] {
	return [
		{ title: t("looks.who"), lead: true, show: ({ who }) => <bdi>{who}</bdi> },
		{ title: t("looks.when"), show: ({ at, at_local }) => <time dateTime={at}>{say(at_local)}</time> },
		{ title: t("looks.person"), show: ({ person }) => person?.number ?? "" },
		{ title: t("looks.referral"), show: ({ referral }) => referral ?? "" },
		{
			title: t("looks.why"),
			show: ({ why }) => (why ? <bdi>{why}</bdi> : <Tag tone="neutral" text={t("looks.noReason")} />),
		},
	];
}

const DOOR: Record<string, Label> = {
	"account-added": "looks.accountAdded",
	"account-changed": "looks.accountChanged",
	dismissed: "looks.dismissed",
	"key-added": "looks.keyAdded",
	"key-ended": "looks.keyEnded",
	"lock-opened": "looks.lockOpened",
	"locked-out": "looks.lockedOut",
	"password-changed": "looks.passwordChanged",
	"password-reset": "looks.passwordReset",
	"reset-asked": "looks.resetAsked",
	"role-changed": "looks.roleChanged",
	"second-factor-removed": "looks.factorRemoved",
	"second-factor-reset": "looks.factorReset",
	"second-factor-set": "looks.factorSet",
	"sessions-ended": "looks.sessionsEnded",
	"sign-in": "looks.signIn",
	"sign-in-by-code": "looks.signInByCode",
	"sign-out": "looks.signOut",
};

function doorText(what: string): string {
	const words = DOOR[what];
	return words ? t(words) : what;
}

function doorColumns(): Column<DoorEvent>[] {
	return [
		{ title: t("looks.who"), lead: true, show: ({ who }) => <bdi>{who}</bdi> },
		{ title: t("looks.when"), show: ({ at, at_local }) => <time dateTime={at}>{say(at_local)}</time> },
		{ title: t("looks.what"), show: ({ what }) => doorText(what) },
		{ title: t("looks.about"), show: ({ about }) => about && <bdi>{about}</bdi> },
	];
}

function Paged<Row extends { n: number }>({ path, caption, columns }: {
	path: string;
	caption: string;
	columns: Column<Row>[];
}): JSX.Element {
	const [after, setAfter] = useState<string | null>(null);
	const loaded = useLoad<List<Row>>(address(path, { after }));
	return (
		<Shown of={loaded}>
			{({ items, next }) => (
				<>
					{items.length ? (
						<Table caption={caption} captionHidden rows={items} keyOf={({ n }) => n} columns={columns} />
					) : (
						<EmptyState text={t("looks.none")} />
					)}
					<Pagination
						label={caption}
						first={after === null}
						next={next}
						onFirst={() => setAfter(null)}
						onNext={setAfter}
					/>
				</>
			)}
		</Shown>
	);
}

export default function Looks(): JSX.Element {
	const [tab, setTab] = useState("looks");
	return (
		<Page title={t("nav.looks")}>
			<Tabs
				label={t("nav.looks")}
				chosen={tab}
				onChoose={setTab}
				tabs={[
					{
						id: "looks",
						title: t("looks.records"),
						show: () => <Paged<Look> path="/v1/looks" caption={t("looks.records")} columns={lookColumns()} />,
					},
					{
						id: "door",
						title: t("looks.door"),
						show: () => <Paged<DoorEvent> path="/v1/door" caption={t("looks.door")} columns={doorColumns()} />,
					},
				]}
			/>
		</Page>
	);
}
