/* Kunci perangkat lunak: what the agency's own programs may do here. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { roleChoices, roleText } from "../admin/roles";
import { Secret } from "../admin/Secret";
import type { KeyRow } from "../admin/types";
import { api } from "../core/api";
import { useForm } from "../core/form";
import { say, t, type Label } from "../core/language";
import { useLoad } from "../core/load";
import type { List } from "../core/types";
import { Button, Buttons } from "../parts/Button";
import { Confirm, Dialog } from "../parts/Confirm";
import { DateField } from "../parts/DateField";
import { FormBox } from "../parts/ErrorSummary";
import { Checkboxes, Select, TextField } from "../parts/Field";
import { EmptyState, Shown } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Table } from "../parts/Table";

const SCOPES: Record<string, Label> = {
	status: "admin.scopeStatus",
	inbox: "admin.scopeInbox",
	findings: "admin.scopeFindings",
	referrals: "admin.scopeReferrals",
};

function scopeText(scope: string): string {
	const words = SCOPES[scope];
	return words ? t(words) : scope;
}

function Add({ onDone, onClose }: { onDone: (key: string) => void; onClose: () => void }): JSX.Element {
	const form = useForm({ name: "", role: "clinician", scopes: [], kinds: "", until: "" });
	return (
		<Dialog title={t("admin.addKey")} onClose={onClose}>
			<FormBox
				form={form}
				onSubmit={async (key) => {
					const kinds = form.text("kinds").split(/[\s,]+/).filter(Boolean);
					const until = form.text("until");
					const body = {
						name: form.text("name"),
						role: form.text("role"),
						scopes: form.list("scopes"),
						...(kinds.length ? { kinds } : {}),
						...(until ? { until } : {}),
					};
					onDone((await api.post<{ key: string }>("/v1/keys", body, key)).key);
				}}
			>
				<TextField form={form} name="name" label={t("admin.keyName")} hint={t("admin.keyNameHint")} />
				<Select form={form} name="role" label={t("admin.role")} choices={roleChoices(["caseworker", "clinician"])} />
				<Checkboxes
					form={form}
					name="scopes"
					label={t("admin.scopes")}
					choices={Object.keys(SCOPES).map((scope) => ({ value: scope, label: scopeText(scope) }))}
				/>
				<TextField form={form} name="kinds" label={t("admin.kinds")} hint={t("admin.kindsHint")} optional />
				<DateField form={form} name="until" label={t("admin.until")} optional />
				<Buttons>
					<Button type="submit" busy={form.busy.value}>{t("admin.addKey")}</Button>
					<Button kind="secondary" onClick={onClose}>{t("shell.cancel")}</Button>
				</Buttons>
			</FormBox>
		</Dialog>
	);
}

function KeyTable({ keys, onEnd }: { keys: readonly KeyRow[]; onEnd: (key: KeyRow) => void }): JSX.Element {
	if (!keys.length) return <EmptyState text={t("admin.noKeys")} />;
	return (
		<Table
			caption={t("nav.keys")}
			captionHidden
			rows={keys}
			keyOf={({ id }) => id}
			columns={[
				{ title: t("admin.keyName"), lead: true, show: ({ name }) => <bdi>{name}</bdi> },
				{ title: t("admin.role"), show: ({ role }) => roleText(role) },
				{ title: t("admin.scopes"), show: ({ scopes, kinds }) => [...scopes.map(scopeText), ...kinds].join(", ") },
				{ title: t("admin.lastUsed"), show: ({ used_local }) => say(used_local) || t("admin.never") },
				{ title: t("admin.until"), show: ({ until_local, ended_local }) => say(ended_local) || say(until_local) },
				{
					title: t("admin.action"),
					show: (key) =>
						key.open ? (
							<Button kind="secondary" about={key.name} onClick={() => onEnd(key)}>{t("admin.endKey")}</Button>
						) : (
							t("admin.closed")
						),
				},
			]}
		/>
	);
}

export default function Keys(): JSX.Element {
	const loaded = useLoad<List<KeyRow>>("/v1/keys");
	const [adding, setAdding] = useState(false);
	const [made, setMade] = useState("");
	const [ending, setEnding] = useState<KeyRow | null>(null);
	return (
		<Page title={t("nav.keys")} back={{ href: "/atur", text: t("nav.admin") }}>
			{made && (
				<Secret title={t("admin.keyMade")} text={made} what={t("admin.keyWhat")} onClose={() => setMade("")} />
			)}
			<Button onClick={() => setAdding(true)}>{t("admin.addKey")}</Button>
			{adding && (
				<Add
					onClose={() => setAdding(false)}
					onDone={(key) => {
						setAdding(false);
						setMade(key);
						loaded.reload();
					}}
				/>
			)}
			<Shown of={loaded}>{({ items }) => <KeyTable keys={items} onEnd={setEnding} />}</Shown>
			{ending && (
				<Confirm
					title={t("admin.endKeyTitle", { name: ending.name })}
					action={t("admin.endKey")}
					onDo={async (key) => {
						await api.post(`/v1/keys/${ending.id}/end`, {}, key);
						loaded.reload();
					}}
					onClose={() => setEnding(null)}
				/>
			)}
		</Page>
	);
}
