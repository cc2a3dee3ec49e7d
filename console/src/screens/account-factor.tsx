/* The second factor: set up with an app by QR code, confirmed with its first code, taken away with another. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ApiError } from "../core/api";
import { useForm } from "../core/form";
import { say, t } from "../core/language";
import { recallSession, session } from "../core/session";
import { Banner, Inset } from "../parts/Banner";
import { Button, Buttons } from "../parts/Button";
import { Details } from "../parts/Details";
import { FormBox } from "../parts/ErrorSummary";
import { TextField } from "../parts/Field";
import { Svg } from "../parts/Svg";

const PATH = "/v1/session/second-factor";

type Begun = { secret: string; uri: string; qr: string | null };

/* Shown once: the agent keeps only what it needs to know them again. */
function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }): JSX.Element {
	return (
		<Banner tone="good" title={t("account.recovery")}>
			<p class="jb-body">{t("account.recoveryWhat")}</p>
			<ul class="jb-list jb-codes">
				{codes.map((code) => <li key={code}><code>{code}</code></li>)}
			</ul>
			<Buttons>
				<Button kind="secondary" onClick={() => print()}>{t("account.print")}</Button>
				<Button onClick={onDone}>{t("account.recoveryKept")}</Button>
			</Buttons>
		</Banner>
	);
}

function SetUp({ begun, onCodes, onStop }: {
	begun: Begun;
	onCodes: (codes: string[]) => void;
	onStop: () => void;
}): JSX.Element {
	const form = useForm({ code: "" });
	const confirm = async (key: string): Promise<void> => {
		const { recovery } = await api.post<{ recovery: string[] }>(PATH, { code: form.text("code").trim() }, key);
		onCodes(recovery);
	};
	return (
		<>
			<p class="jb-body">{t("account.scan")}</p>
			{begun.qr && <Svg text={begun.qr} label={t("account.qr")} />}
			<Details summary={t("account.noCamera")}>
				<p class="jb-body">{t("account.typeSecret")}</p>
				<p class="jb-body"><code>{begun.secret}</code></p>
			</Details>
			<FormBox form={form} onSubmit={confirm}>
				<TextField
					form={form}
					name="code"
					label={t("account.firstCode")}
					width={10}
					numeric
					autocomplete="one-time-code"
				/>
				<Buttons>
					<Button type="submit" busy={form.busy.value}>{t("account.turnOn")}</Button>
					<Button kind="secondary" onClick={onStop}>{t("shell.cancel")}</Button>
				</Buttons>
			</FormBox>
		</>
	);
}

function Present({ left }: { left: number }): JSX.Element {
	const form = useForm({ remove: "" });
	const remove = async (key: string): Promise<void> => {
		await api.post(PATH, { remove: form.text("remove").trim() }, key);
		await recallSession();
	};
	return (
		<>
			<p class="jb-body">{t("account.factorOn")}</p>
			<p class="jb-body">{t("account.recoveryLeft", { n: left })}</p>
			<Details summary={t("account.turnOff")}>
				<FormBox form={form} onSubmit={remove}>
					<TextField
						form={form}
						name="remove"
						label={t("shell.code")}
						hint={t("shell.codeHint")}
						width={10}
						autocomplete="one-time-code"
					/>
					<Button type="submit" kind="warning" busy={form.busy.value}>{t("account.turnOff")}</Button>
				</FormBox>
			</Details>
		</>
	);
}

export function SecondFactor(): JSX.Element {
	const factor = session.value?.second_factor;
	const [begun, setBegun] = useState<Begun | null>(null);
	const [codes, setCodes] = useState<string[] | null>(null);
	const [error, setError] = useState<ApiError | null>(null);

	const begin = (): void => {
		setError(null);
		api.post<Begun>(PATH).then(setBegun, (failed: unknown) => {
			if (!(failed instanceof ApiError)) throw failed;
			setError(failed);
		});
	};
	const done = (): void => {
		setCodes(null);
		setBegun(null);
		void recallSession().catch(() => undefined);
	};
	if (codes) return <RecoveryCodes codes={codes} onDone={done} />;
	if (begun) return <SetUp begun={begun} onCodes={setCodes} onStop={() => setBegun(null)} />;
	if (factor?.set) return <Present left={factor.recovery_left} />;
	return (
		<>
			<p class="jb-body">{t("account.factorWhy")}</p>
			{error && <Inset>{say(error.words)}</Inset>}
			<Button kind="secondary" onClick={begin}>{t("account.setUp")}</Button>
		</>
	);
}
