/* A password that somebody else has set is changed before anything else. */
import type { JSX } from "preact";

import { t } from "../core/language";
import { recallSession } from "../core/session";
import { Page } from "../parts/Page";
import { PasswordForm } from "./PasswordForm";
import { toast } from "./Toasts";

export function MustChange(): JSX.Element {
	const done = async (): Promise<void> => {
		await recallSession();
		toast(t("shell.passwordChanged"));
	};
	return (
		<Page title={t("shell.mustChange")}>
			<p class="jb-body">{t("shell.mustChangeWhat")}</p>
			<PasswordForm onDone={done} />
		</Page>
	);
}
