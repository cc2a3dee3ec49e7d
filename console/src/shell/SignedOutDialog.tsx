/* The session has ended while somebody works: they sign in above their work, which is covered, and
 * go on. */
import type { JSX } from "preact";

import { t } from "../core/language";
import { session, signOut } from "../core/session";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Confirm";
import { SignInForm } from "./SignIn";
import { toast } from "./Toasts";

export function SignedOutDialog(): JSX.Element {
	return (
		<Dialog title={t("shell.sessionEnded")} covers>
			<p class="jb-body">{t("shell.sessionEndedWhat", { name: session.value?.account.name ?? "" })}</p>
			<SignInForm account={session.value?.account.account ?? ""} />
			<Button kind="plain" onClick={() => void signOut().catch(() => toast(t("shell.noAgent")))}>{t("shell.signInOther")}</Button>
		</Dialog>
	);
}
