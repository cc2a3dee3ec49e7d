/* Akun saya: who I am here, my password. */
import type { JSX } from "preact";

import { t } from "../core/language";
import { session } from "../core/session";
import { SummaryList } from "../parts/Lists";
import { Page, Section } from "../parts/Page";
import { PasswordForm } from "../shell/PasswordForm";
import { toast } from "../shell/Toasts";

export default function Account(): JSX.Element {
	const account = session.value?.account;
	return (
		<Page title={t("shell.account")}>
			<SummaryList
				facts={[
					{ name: t("account.name"), value: account?.name },
					{ name: t("account.id"), value: account?.id },
					{ name: t("account.role"), value: account?.role },
				]}
			/>
			<Section title={t("account.password")}>
				<PasswordForm onDone={async () => toast(t("shell.passwordChanged"))} />
			</Section>
		</Page>
	);
}
