/* A new password in place of the old one; both the first sign-in and "Akun saya" ask for it here. */
import type { JSX } from "preact";

import { wrongField } from "../core/api";
import { useForm } from "../core/form";
import { both, t } from "../core/language";
import { changePassword, mustChange } from "../core/session";
import { Button } from "../parts/Button";
import { FormBox } from "../parts/ErrorSummary";
import { TextField } from "../parts/Field";
import { toast } from "./Toasts";

export function PasswordForm(): JSX.Element {
	const asksOld = !mustChange.value;
	const form = useForm({ old: "", new: "", again: "" });

	const change = async (key: string): Promise<void> => {
		if (form.text("new") !== form.text("again"))
			throw wrongField("again", both("shell.passwordsDiffer"));
		await changePassword(asksOld ? form.text("old") : null, form.text("new"), key);
		for (const name of ["old", "new", "again"]) form.set(name, "");
		toast(t("shell.passwordChanged"));
	};
	return (
		<FormBox form={form} onSubmit={change}>
			{asksOld && (
				<TextField
					form={form}
					name="old"
					type="password"
					label={t("shell.passwordOld")}
					width={20}
					autocomplete="current-password"
				/>
			)}
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
