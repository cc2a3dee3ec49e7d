/* A password that somebody else has set is changed before anything else. */
import type { JSX } from "preact";

import { t } from "../core/language";
import { Page } from "../parts/Page";
import { PasswordForm } from "./PasswordForm";

export function MustChange(): JSX.Element {
	return (
		<Page title={t("shell.mustChange")}>
			<p class="jb-body">{t("shell.mustChangeWhat")}</p>
			<PasswordForm />
		</Page>
	);
}
