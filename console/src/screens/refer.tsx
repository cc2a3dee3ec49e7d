/*
 * A new letter in four steps: client and service, partner, content with exactly what is shared and under
 * which clause, and the letter as its reader will see it. The step stands in the address, so that the
 * browser's own "back" goes one step back; what was typed rests in a draft.
 */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { address, ApiError, wrongField } from "../core/api";
import { useForm, type Form } from "../core/form";
import { both, language, say, t, type Label } from "../core/language";
import { useLoad } from "../core/load";
import { sendOrQueue } from "../core/queue";
import { go } from "../core/router";
import type { Person } from "../core/types";
import type { ScreenProps } from "../routes";
import { kindOf, useCatalogue, type Catalogue, type KindSpec, type ThreadType } from "../forms/catalogue";
import { checkForm } from "../forms/KindForm";
import { emptyValues } from "../forms/values";
import { Banner } from "../parts/Banner";
import { Button, Buttons } from "../parts/Button";
import { ErrorSummary, FormBox } from "../parts/ErrorSummary";
import { Written } from "../parts/LetterView";
import { Shown } from "../parts/Lists";
import { LoadingPage, Page } from "../parts/Page";
import { StageBar } from "../parts/StageBar";
import { toast } from "../shell/Toasts";
import { ClientStep, FindClient } from "./refer-client";
import { LetterStep } from "./refer-letter";
import { PartnerStep } from "./refer-partner";
import { ContentFields, Sharing } from "./refer-shared";
import {
	asksService, bodyOf, lacksConsent, preview, refusalError, SERVICE, TO, URGENCY, type Opening, type Preview,
} from "./refer-types";

const STEPS: readonly Label[] = ["refer.step1", "refer.step2", "refer.step3", "refer.step4"];
const REQUEST = "referral.request";

type Chosen = { kind: string; person: string | null; about: string | null };

function placeOf({ kind, person, about }: Chosen, step: number): string {
	return address("/rujukan/baru", { kind, person, about, step: step > 1 ? step : null });
}

/* The step that may be shown: none whose choices before it are open. */
function reached(opening: Opening, wanted: number): number {
	if (asksService(opening.kind) && !opening.form.text(SERVICE)) return 1;
	return opening.form.text(TO) ? wanted : Math.min(wanted, 2);
}

function Heading({ step }: { step: number }): JSX.Element {
	const heading = useRef<HTMLHeadingElement>(null);
	const first = useRef(true);
	useEffect(() => {
		if (!first.current) heading.current?.focus();
		first.current = false;
	}, [step]);
	return (
		<>
			<StageBar
				label={t("refer.steps")}
				at={String(step)}
				stages={STEPS.map((title, i) => ({ key: String(i + 1), title: t(title) }))}
			/>
			<h2 ref={heading} tabIndex={-1} class="jb-heading-m">{t(STEPS[step - 1] ?? "refer.step1")}</h2>
		</>
	);
}

/* A step that is checked and leads to the next one; it sends nothing, and the draft stays. */
function Step({ form, back, onNext, children, below }: {
	form: Form;
	back: string | null;
	onNext: () => Promise<void>;
	children: ComponentChildren;
	below?: ComponentChildren;
}): JSX.Element {
	const [busy, setBusy] = useState(false);
	const next = async (): Promise<void> => {
		setBusy(true);
		form.problems.value = [];
		form.general.value = null;
		try {
			await onNext();
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			form.fail(error);
		} finally {
			setBusy(false);
		}
	};
	return (
		<>
			<form
				noValidate
				id="refer-step"
				onSubmit={(event) => {
					event.preventDefault();
					void next();
				}}
			>
				<ErrorSummary form={form} />
				{children}
			</form>
			{below}
			<Buttons>
				<button type="submit" form="refer-step" class="jb-button" aria-disabled={busy}>{t("refer.next")}</button>
				{back && <a class="jb-link" href={back}>{t("refer.back")}</a>}
			</Buttons>
		</>
	);
}

/* Leads on when the agent would take the letter. */
async function checkLetter(opening: Opening): Promise<Preview> {
	checkForm(opening.form, opening.kind);
	const shown = await preview(opening);
	if (shown.refusal) throw refusalError(shown.refusal);
	return shown;
}

function SendStep({ opening, shown, back }: { opening: Opening; shown: Preview; back: string }): JSX.Element {
	const { form, kind } = opening;
	const onPaper = shown.reader.carrier === "paper";
	const send = async (key: string): Promise<void> => {
		const body = bodyOf(opening);
		const sent = await sendOrQueue<{ number: string }>({ path: "/v1/referrals", body, key, what: both("refer.title") });
		form.changed.value = false;
		if (!sent.sent) {
			toast(t("refer.queued"));
			go("/antrean", "replace");
			return;
		}
		const { number } = sent.answer;
		toast(t("refer.sent", { number }));
		go(onPaper ? `/rujukan/${number}/cetak` : `/rujukan/${number}`, "replace");
	};
	return (
		<FormBox form={form} onSubmit={send}>
			<LetterStep opening={opening} shown={shown} />
			<Buttons>
				<Button type="submit" busy={form.busy.value}>{onPaper ? t("refer.print") : say(kind.words)}</Button>
				<a class="jb-link" href={back}>{t("refer.back")}</a>
			</Buttons>
		</FormBox>
	);
}

/* The last step asks the agent once more: a consent may have been withdrawn since. */
function LastStep({ opening, back }: { opening: Opening; back: string }): JSX.Element {
	const [shown, setShown] = useState<Preview | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	useEffect(() => {
		checkLetter(opening).then(setShown, (why: unknown) => {
			if (!(why instanceof ApiError)) throw why;
			setError(why);
		});
	}, []);
	if (error)
		return (
			<Banner tone="bad" title={t("refer.refused")}>
				<p class="jb-body">{say(error.fields[0]?.message ?? error.words)}</p>
				<a class="jb-link" href={back}>{t("refer.back")}</a>
			</Banner>
		);
	if (!shown) return <p class="jb-body" role="status">{t("refer.checking")}</p>;
	return <SendStep opening={opening} shown={shown} back={back} />;
}

function showConsent(): void {
	const box = document.querySelector<HTMLElement>("#refer-below .jb-notification-banner");
	box?.scrollIntoView({ block: "start" });
	box?.querySelector<HTMLElement>("input, button")?.focus();
}

function Steps({ opening, chosen, step }: { opening: Opening; chosen: Chosen; step: number }): JSX.Element {
	const { form, kind } = opening;
	const at = reached(opening, step);
	const onward = (to: number): void => go(placeOf(chosen, to));
	const first = async (): Promise<void> => {
		if (asksService(kind) && !form.text(SERVICE)) throw wrongField(SERVICE, both("refer.serviceMissing"));
		onward(2);
	};
	const second = async (): Promise<void> => {
		if (!form.text(TO)) throw wrongField(TO, both("refer.partnerMissing"));
		onward(3);
	};
	const third = async (): Promise<void> => {
		checkForm(form, kind);
		const shown = await preview(opening);
		if (lacksConsent(shown)) showConsent();
		else if (shown.refusal) throw refusalError(shown.refusal);
		else onward(4);
	};
	return (
		<>
			<Heading step={at} />
			{at === 1 && <Step form={form} back={null} onNext={first}><ClientStep opening={opening} /></Step>}
			{at === 2 && <Step form={form} back={placeOf(chosen, 1)} onNext={second}><PartnerStep opening={opening} /></Step>}
			{at === 3 && (
				<Step
					form={form}
					back={placeOf(chosen, 2)}
					onNext={third}
					below={<div id="refer-below"><Sharing opening={opening} /></div>}
				>
					<ContentFields opening={opening} />
				</Step>
			)}
			{at === 4 && <LastStep opening={opening} back={placeOf(chosen, 3)} />}
		</>
	);
}

function Wizard({ catalogue, kind, person, chosen, step }: {
	catalogue: Catalogue;
	kind: KindSpec;
	person: Person | null;
	chosen: Chosen;
	step: number;
}): JSX.Element {
	const draft = `open:${kind.kind}:${chosen.person ?? ""}:${chosen.about ?? ""}`;
	const form = useForm({ ...emptyValues(kind), [URGENCY]: "routine" }, draft);
	const opening: Opening = { form, catalogue, kind, person, about: chosen.about };
	return (
		<>
			{person && (
				<p class="jb-body">
					{t("refer.client")}: <strong><Written text={`${person.name}, ${person.number}`} /></strong>{" "}
					<a class="jb-link" href={placeOf({ ...chosen, person: null }, 1)}>{t("refer.otherClient")}</a>
				</p>
			)}
			{chosen.about && (
				<p class="jb-body">
					{t("refer.about")}: <a class="jb-link" href={`/rujukan/${chosen.about}`}>{chosen.about}</a>
				</p>
			)}
			<Steps opening={opening} chosen={chosen} step={step} />
		</>
	);
}

function ForPerson({ catalogue, type, kind, chosen, step }: {
	catalogue: Catalogue;
	type: ThreadType;
	kind: KindSpec;
	chosen: Chosen;
	step: number;
}): JSX.Element {
	const person = useLoad<Person>(chosen.person && `/v1/people/${encodeURIComponent(chosen.person)}`, "once");
	if (chosen.person)
		return (
			<Shown of={person}>
				{(data) => (
					<Wizard key={chosen.person} catalogue={catalogue} kind={kind} person={data} chosen={chosen} step={step} />
				)}
			</Shown>
		);
	if (type.person === "required") return <FindClient kind={kind.kind} about={chosen.about} />;
	return <Wizard catalogue={catalogue} kind={kind} person={null} chosen={chosen} step={step} />;
}

export default function Refer({ query }: ScreenProps): JSX.Element {
	void language.value;
	const chosen: Chosen = {
		kind: query.get("kind") ?? REQUEST,
		person: query.get("person"),
		about: query.get("about"),
	};
	const step = Math.min(4, Math.max(1, Number(query.get("step")) || 1));
	const catalogue = useCatalogue(null, chosen.kind);
	const found = catalogue.data && kindOf(catalogue.data, chosen.kind);
	if (!catalogue.data && !catalogue.error) return <LoadingPage />;
	const title = !found || chosen.kind === REQUEST ? t("refer.title") : say(found.kind.words);
	return (
		<Page title={title}>
			<Shown of={catalogue}>
				{(data) =>
					found && (
						<ForPerson key={chosen.kind} catalogue={data} type={found.type} kind={found.kind} chosen={chosen} step={step} />
					)
				}
			</Shown>
		</Page>
	);
}
