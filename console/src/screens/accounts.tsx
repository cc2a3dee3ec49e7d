/* Akun: who works with this agent, in which role and until when; forgotten passwords are reset by two. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { roleChoices, roleText } from "../admin/roles";
import { Secret } from "../admin/Secret";
import type { AccountRow } from "../admin/types";
import { api } from "../core/api";
import { useForm } from "../core/form";
import { say, t, type Label } from "../core/language";
import { useLoad } from "../core/load";
import { may, session } from "../core/session";
import type { List } from "../core/types";
import { Button, Buttons } from "../parts/Button";
import { Confirm, Dialog } from "../parts/Confirm";
import { DateField } from "../parts/DateField";
import { FormBox } from "../parts/ErrorSummary";
import { Select, TextField } from "../parts/Field";
import { Shown, SummaryList } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Table } from "../parts/Table";
import { Tag } from "../parts/Tag";

type Code = { account: string; code: string };

/* What an admin does to an account, each after asking. */
type Action = { id: string; words: Label; what: Label; path: string; body: object; may: "accounts" | "reset" };

const ACTIONS: readonly Action[] = [
	{ id: "password", words: "admin.resetPassword", what: "admin.resetWhat", path: "reset", body: { what: "password" }, may: "reset" },
	{ id: "factor", words: "admin.resetFactor", what: "admin.resetWhat", path: "reset", body: { what: "second-factor" }, may: "reset" },
	{ id: "sessions", words: "admin.endSessions", what: "admin.endSessionsWhat", path: "sessions/end", body: {}, may: "accounts" },
	{ id: "dismiss", words: "admin.dismiss", what: "admin.dismissWhat", path: "dismiss", body: {}, may: "accounts" },
];

function actionsFor(account: AccountRow): readonly Action[] {
	const own = account.id === session.value?.account.id;
	return ACTIONS.filter((action) => {
		if (own || !may(action.may)) return false;
		if (action.id === "factor") return account.second_factor;
		if (action.id === "sessions") return account.sessions > 0;
		return action.id !== "dismiss" || account.open;
	});
}

function Standing({ account }: { account: AccountRow }): JSX.Element {
	return (
		<>
			{account.open ? <Tag tone="good" text={t("admin.open")} /> : <Tag text={t("admin.closed")} />}{" "}
			{account.locked_until_local && (
				<Tag tone="attention" text={t("admin.lockedUntil", { when: say(account.locked_until_local) })} />
			)}{" "}
			{!account.password && <Tag tone="info" text={t("admin.noPassword")} />}{" "}
			{account.reset && <Tag tone="attention" text={t("admin.resetAsked", { who: account.reset.by })} />}
		</>
	);
}

function Add({ onDone, onClose }: { onDone: (code: Code) => void; onClose: () => void }): JSX.Element {
	const form = useForm({ account: "", name: "", role: "caseworker", until: "" });
	return (
		<Dialog title={t("admin.add")} onClose={onClose}>
			<FormBox
				form={form}
				onSubmit={async (key, values) => {
					const { until, ...rest } = values;
					const made = await api.post<Code>("/v1/accounts", until ? { ...rest, until } : rest, key);
					onDone({ account: form.text("account"), code: made.code });
				}}
			>
				<TextField form={form} name="name" label={t("admin.name")} />
				<TextField form={form} name="account" label={t("admin.account")} hint={t("admin.accountHint")} width={20} />
				<Select form={form} name="role" label={t("admin.role")} choices={roleChoices()} />
				<DateField form={form} name="until" label={t("admin.until")} optional />
				<Buttons>
					<Button type="submit" busy={form.busy.value}>{t("admin.add")}</Button>
					<Button kind="secondary" onClick={onClose}>{t("shell.cancel")}</Button>
				</Buttons>
			</FormBox>
		</Dialog>
	);
}

function Change({ account, onDone, onClose }: {
	account: AccountRow;
	onDone: () => void;
	onClose: () => void;
}): JSX.Element {
	const form = useForm({ name: account.name, role: account.role, until: account.until?.slice(0, 10) ?? "" });
	return (
		<Dialog title={t("admin.changeOf", { account: account.account })} onClose={onClose}>
			<FormBox
				form={form}
				onSubmit={async (key, values) => {
					const { until, ...rest } = values;
					const body = { ...rest, ...(until ? { until } : account.open ? {} : { reopen: true }) };
					await api.post(`/v1/accounts/${account.id}`, body, key);
					onDone();
				}}
			>
				<TextField form={form} name="name" label={t("admin.name")} />
				<Select form={form} name="role" label={t("admin.role")} choices={roleChoices()} />
				<DateField form={form} name="until" label={t("admin.until")} optional />
				<Buttons>
					<Button type="submit" busy={form.busy.value}>{t("admin.save")}</Button>
					<Button kind="secondary" onClick={onClose}>{t("shell.cancel")}</Button>
				</Buttons>
			</FormBox>
		</Dialog>
	);
}

function OneAccount({ account, onChanged, onCode, onClose }: {
	account: AccountRow;
	onChanged: () => void;
	onCode: (code: Code) => void;
	onClose: () => void;
}): JSX.Element {
	const [asking, setAsking] = useState<Action | null>(null);
	const [changing, setChanging] = useState(false);

	const act = async (key: string): Promise<void> => {
		if (!asking) return;
		const done = await api.post<{ code?: string | null }>(`/v1/accounts/${account.id}/${asking.path}`, asking.body, key);
		if (done.code) onCode({ account: account.account, code: done.code });
		onChanged();
	};
	return (
		<section class="jb-section" aria-labelledby="account-heading">
			<h2 class="jb-heading-m" id="account-heading"><bdi>{account.name}</bdi></h2>
			<SummaryList
				facts={[
					{ name: t("admin.account"), value: account.account },
					{ name: t("admin.role"), value: roleText(account.role) },
					{ name: t("admin.from"), value: say(account.from_local) },
					{ name: t("admin.until"), value: say(account.until_local) },
					{ name: t("admin.secondFactor"), value: t(account.second_factor ? "admin.yes" : "admin.no") },
					{ name: t("admin.sessions"), value: account.sessions },
				]}
			/>
			<Buttons>
				{may("accounts") && <Button onClick={() => setChanging(true)}>{t("admin.change")}</Button>}
				{actionsFor(account).map((action) => (
					<Button key={action.id} kind="secondary" onClick={() => setAsking(action)}>{t(action.words)}</Button>
				))}
				<Button kind="plain" onClick={onClose}>{t("admin.close")}</Button>
			</Buttons>
			{changing && (
				<Change
					account={account}
					onClose={() => setChanging(false)}
					onDone={() => {
						setChanging(false);
						onChanged();
					}}
				/>
			)}
			{asking && (
				<Confirm
					title={t("admin.actionOn", { action: t(asking.words), account: account.account })}
					action={t(asking.words)}
					onDo={act}
					onClose={() => setAsking(null)}
				>
					<p class="jb-body">{t(asking.what)}</p>
				</Confirm>
			)}
		</section>
	);
}

export default function Accounts(): JSX.Element {
	const loaded = useLoad<List<AccountRow>>("/v1/accounts?limit=200");
	const [chosen, setChosen] = useState<string | null>(null);
	const [adding, setAdding] = useState(false);
	const [code, setCode] = useState<Code | null>(null);

	return (
		<Page title={t("nav.accounts")} back={{ href: "/atur", text: t("nav.admin") }}>
			{code && (
				<Secret
					title={t("admin.codeFor", { account: code.account })}
					text={code.code}
					what={t("admin.codeWhat")}
					onClose={() => setCode(null)}
				/>
			)}
			{may("accounts") && <Button onClick={() => setAdding(true)}>{t("admin.add")}</Button>}
			{adding && (
				<Add
					onClose={() => setAdding(false)}
					onDone={(made) => {
						setAdding(false);
						setCode(made);
						loaded.reload();
					}}
				/>
			)}
			<Shown of={loaded}>
				{({ items }) => {
					const account = items.find(({ id }) => id === chosen);
					return (
						<>
							<Table
								caption={t("nav.accounts")}
								captionHidden
								rows={items}
								keyOf={({ id }) => id}
								columns={[
									{
										title: t("admin.name"),
										lead: true,
										show: ({ id, name }) => (
											<Button kind="plain" onClick={() => setChosen(id)}><bdi>{name}</bdi></Button>
										),
									},
									{ title: t("admin.account"), show: ({ account: typed }) => typed },
									{ title: t("admin.role"), show: ({ role }) => roleText(role) },
									{ title: t("admin.state"), show: (row) => <Standing account={row} /> },
								]}
							/>
							{account && (
								<OneAccount
									key={account.id}
									account={account}
									onChanged={loaded.reload}
									onCode={setCode}
									onClose={() => setChosen(null)}
								/>
							)}
						</>
					);
				}}
			</Shown>
		</Page>
	);
}
