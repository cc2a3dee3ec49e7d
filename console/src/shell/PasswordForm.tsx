/* A new password in place of the old one; both the first sign-in and "Akun saya" ask for it here. */
import type { JSX } from "preact";

import { api, wrongField } from "../core/api";
import { useForm } from "../core/form";
import { both, t } from "../core/language";
import { Button } from "../parts/Button";
import { FormBox } from "../parts/ErrorSummary";
import { TextField } from "../parts/Field";

export function PasswordForm({ onDone }: { onDone: () => Promise<void> }): JSX.Element {
	const form = useForm({ old: "", new: "", again: "" });

	const change = async (key: string): Promise<void> => {
		if (form.text("new") !== form.text("again"))
			throw wrongField("again", both("shell.passwordsDiffer"));
		await api.post("/v1/session/password", { old: form.text("old"), new: form.text("new") }, key);
		await onDone();
	};
	return (
		<FormBox form={form} onSubmit={change}>
			<TextField
				form={form}
				name="old"
				type="password"
				label={t("shell.passwordOld")}
				width={20}
				autocomplete="current-password"
			/>
			<TextField
				form={form}
				name="new"
				type="password"
				label={t("shell.passwordNew")}
				hint={t("shell.passwordHint")}
				width={20}
				autocomplete="new-password"
			/>
			<TextField
				form={form}
				name="again"
				type="password"
				label={t("shell.passwordAgain")}
				width={20}
				autocomplete="new-password"
			/>
			<Button type="submit" busy={form.busy.value}>{t("shell.changePassword")}</Button>
		</FormBox>
	);
}
