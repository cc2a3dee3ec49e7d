/* Pemeriksaan: is the ledger whole, do receipts and the hub's log say what they should? With its progress. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ApiError } from "../core/api";
import { say, t, type Both, type Label } from "../core/language";
import { Banner } from "../parts/Banner";
import { Button, Buttons } from "../parts/Button";
import { Page, Section } from "../parts/Page";
import { Table } from "../parts/Table";

type Part = { name: string; done: number; whole: number; ms: number };
type Finding = { what: string; message_id: string; message_en: string };
type Missing = { from: string; class: string; first: number; last: number; since_local: Both | null };
type Check = {
	running: boolean;
	parts: Part[];
	findings: Finding[];
	more: number;
	missing: Missing[];
	unjudged: number;
	entries: number;
	ok: boolean | null;
};

const LOOK_AGAIN_MS = 400;

const PARTS: Record<string, Label> = {
	entries: "verify.entries",
	written: "verify.written",
	sent: "verify.sent",
	arrived: "verify.arrived",
	proofs: "verify.proofs",
	checkpoints: "verify.checkpoints",
};

function partName(name: string): string {
	const words = PARTS[name];
	return words ? t(words) : name;
}

function share(parts: readonly Part[]): number {
	const done = parts.reduce((sum, part) => sum + part.done, 0);
	const whole = parts.reduce((sum, part) => sum + Math.max(part.whole, part.done), 0);
	return whole ? Math.floor((100 * done) / whole) : 0;
}

function Progress({ check }: { check: Check }): JSX.Element {
	const percent = check.running ? share(check.parts) : 100;
	return (
		<p class="jb-body">
			<label for="verify-progress">{t("verify.progress", { percent })}</label>
			<br />
			<progress id="verify-progress" class="jb-progress" max={100} value={percent} />
		</p>
	);
}

function Verdict({ check }: { check: Check }): JSX.Element | null {
	if (check.ok === null) return null;
	if (check.ok)
		return (
			<Banner tone="good" title={t("verify.whole")}>
				<p class="jb-body">{t("verify.wholeWhat", { n: check.entries })}</p>
			</Banner>
		);
	return (
		<Banner tone="bad" title={t("verify.damaged")}>
			<ul class="jb-list jb-list--bullet">
				{check.findings.map((finding, i) => (
					<li key={i}>{say({ id: finding.message_id, en: finding.message_en })}</li>
				))}
			</ul>
			{check.more > 0 && <p class="jb-body">{t("verify.more", { n: check.more })}</p>}
		</Banner>
	);
}

function Parts({ check }: { check: Check }): JSX.Element {
	return (
		<Table
			caption={t("verify.parts")}
			rows={check.parts}
			keyOf={({ name }) => name}
			columns={[
				{ title: t("verify.part"), lead: true, show: ({ name }) => partName(name) },
				{ title: t("verify.looked"), numeric: true, show: ({ done }) => done },
				{
					title: t("verify.rate"),
					numeric: true,
					show: ({ done, ms }) => (ms > 0 ? Math.round((done * 1000) / ms) : ""),
				},
			]}
		/>
	);
}

function NotReceived({ missing }: { missing: readonly Missing[] }): JSX.Element | null {
	if (!missing.length) return null;
	return (
		<Section title={t("verify.missing")}>
			<ul class="jb-list jb-list--bullet">
				{missing.map((one) => (
					<li key={`${one.from} ${one.class} ${one.first}`}>
						{t("verify.missingOne", {
							from: one.from,
							kind: one.class,
							first: one.first,
							last: one.last,
							when: say(one.since_local),
						})}
					</li>
				))}
			</ul>
		</Section>
	);
}

/* The check as it stands; null while nobody has asked for one. Asks again as long as one runs. */
function useCheck(): { check: Check | null; problem: Both | null; begin: (quick: boolean) => void } {
	const [check, setCheck] = useState<Check | null>(null);
	const [problem, setProblem] = useState<Both | null>(null);

	const take = (asked: Promise<Check>): void => {
		asked.then(
			(found) => {
				setCheck(found);
				setProblem(null);
			},
			(error: unknown) => {
				if (!(error instanceof ApiError)) throw error;
				if (error.code !== "NOT_FOUND") setProblem(error.words);
			},
		);
	};
	useEffect(() => take(api.get<Check>("/v1/verify")), []);
	useEffect(() => {
		if (!check?.running) return;
		const timer = setTimeout(() => take(api.get<Check>("/v1/verify")), LOOK_AGAIN_MS);
		return () => clearTimeout(timer);
	}, [check]);
	return { check, problem, begin: (quick) => take(api.post<Check>("/v1/verify", { quick })) };
}

export default function Verify(): JSX.Element {
	const { check, problem, begin } = useCheck();
	return (
		<Page title={t("nav.verify")}>
			<p class="jb-body">{t("verify.what")}</p>
			<Buttons>
				<Button busy={check?.running ?? false} onClick={() => begin(false)}>{t("verify.begin")}</Button>
				<Button kind="secondary" busy={check?.running ?? false} onClick={() => begin(true)}>
					{t("verify.quick")}
				</Button>
			</Buttons>
			{problem && <Banner tone="bad" title={say(problem)} />}
			{check && (
				<div aria-live="polite">
					<Progress check={check} />
					<Verdict check={check} />
					<Parts check={check} />
					<NotReceived missing={check.missing} />
					{check.unjudged > 0 && <p class="jb-body">{t("verify.unjudged", { n: check.unjudged })}</p>}
				</div>
			)}
		</Page>
	);
}
