/* Akun saya: who I am here, my language, my password, the second factor, where I am signed in. */
import type { JSX } from "preact";

import { language, setLanguage, t, type Label, type Lang } from "../core/language";
import { session } from "../core/session";
import { Button } from "../parts/Button";
import { SummaryList } from "../parts/Lists";
import { Page, Section } from "../parts/Page";
import { PasswordForm } from "../shell/PasswordForm";
import { toast } from "../shell/Toasts";
import { SecondFactor } from "./account-factor";
import { Sessions } from "./account-sessions";

const ROLES: Record<string, Label> = {
	caseworker: "account.caseworker",
	clinician: "account.clinician",
	supervisor: "account.supervisor",
	auditor: "account.auditor",
	admin: "account.admin",
};

function Language(): JSX.Element {
	const other: Lang = language.value === "id" ? "en" : "id";
	const change = (): void => {
		setLanguage(other).catch(() => toast(t("shell.noAgent")));
	};
	return (
		<>
			<p class="jb-body">{t("account.languageNow")}</p>
			<Button kind="secondary" onClick={change}>{t("account.languageOther")}</Button>
		</>
	);
}

export default function Account(): JSX.Element {
	const account = session.value?.account;
	const role = account ? ROLES[account.role] : undefined;
	return (
		<Page title={t("nav.account")}>
			<SummaryList
				facts={[
					{ name: t("account.name"), value: account?.name },
					{ name: t("account.id"), value: account?.account },
					{ name: t("account.role"), value: role ? t(role) : account?.role },
				]}
			/>
			<Section title={t("account.language")}><Language /></Section>
			<Section title={t("account.password")}><PasswordForm /></Section>
			<Section title={t("account.factor")}><SecondFactor /></Section>
			<Section title={t("account.sessions")}><Sessions /></Section>
		</Page>
	);
}
