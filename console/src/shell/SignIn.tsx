/*
 * Masuk: account and password, then the code of the second factor where the account has one. The agent
 * says in one sentence whether account or password is wrong, how long an account is locked, and so on.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { ApiError } from "../core/api";
import { fieldId, useForm, type Form } from "../core/form";
import { t } from "../core/language";
import { signIn } from "../core/session";
import { Button } from "../parts/Button";
import { Details } from "../parts/Details";
import { FormBox } from "../parts/ErrorSummary";
import { TextField } from "../parts/Field";
import { Page } from "../parts/Page";

function Code({ form }: { form: Form }): JSX.Element {
	useEffect(() => document.getElementById(fieldId("code"))?.focus(), []);
	return (
		<TextField
			form={form}
			name="code"
			label={t("shell.code")}
			hint={t("shell.codeHint")}
			width={10}
			autocomplete="one-time-code"
		/>
	);
}

/* `account` is given where somebody comes back to their own unfinished work. */
export function SignInForm({ account }: { account?: string }): JSX.Element {
	const form = useForm({ account: account ?? "", password: "", code: "" });
	const [needsCode, setNeedsCode] = useState(false);

	const enter = async (): Promise<void> => {
		try {
			await signIn(form.text("account").trim(), form.text("password"), form.text("code").trim());
		} catch (error) {
			if (error instanceof ApiError && error.code === "CODE_NEEDED" && !needsCode) {
				setNeedsCode(true);
				return;
			}
			throw error;
		}
	};
	return (
		<FormBox form={form} onSubmit={enter}>
			{account === undefined && (
				<TextField form={form} name="account" label={t("shell.accountName")} width={20} autocomplete="username" />
			)}
			<TextField
				form={form}
				name="password"
				type="password"
				label={t("shell.password")}
				width={20}
				autocomplete="current-password"
			/>
			{needsCode && <Code form={form} />}
			<Button type="submit" busy={form.busy.value}>{t("shell.signIn")}</Button>
		</FormBox>
	);
}

export function SignIn(): JSX.Element {
	return (
		<Page title={t("shell.signIn")}>
			<SignInForm />
			<Details summary={t("shell.forgotten")}>
				<p class="jb-body">{t("shell.forgottenWhat")}</p>
			</Details>
		</Page>
	);
}
