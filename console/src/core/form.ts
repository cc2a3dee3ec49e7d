/*
 * The state of one form: values by field name, the problems that the agent found, and the sending.
 * A form keeps one Idempotency-Key while its values are the same, so that pressing "Send" again after
 * a broken line can't do a thing twice.
 */
import { signal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { ApiError, newKey, type FieldProblem } from "./api";
import { dropDraft, keepDraft, mayKeep, readDraft } from "./drafts";
import { both, type Both } from "./language";
import { guardLeaving } from "./router";
import { state } from "./session";

export type Values = Record<string, unknown>;

const AUTOSAVE_MS = 5_000;
/* Where a draft keeps its Idempotency-Key: a letter whose answer was lost is not sent twice by the draft
 * that is found again. */
const KEY = "#key";

/* Whose session has ended in between signs in above the form, and only then sees this. */
function wordsOf(error: ApiError): Both {
	return state.value === "ended" ? both("shell.sendAgain") : error.words;
}

export class Form {
	readonly values: Signal<Values>;
	readonly problems = signal<FieldProblem[]>([]);
	/* What each field is called on the screen: the summary of errors names it. */
	readonly labels = new Map<string, string>();
	/* What is wrong with the whole, when it isn't one field. */
	readonly general = signal<Both | null>(null);
	readonly busy = signal(false);
	readonly changed = signal(false);
	/* When the draft was last kept; null when there is none. */
	readonly kept = signal<number | null>(null);
	/* When the agent takes no attempt for a while: how many seconds. */
	readonly retryAfterS = signal(0);
	/* Counts failed attempts, so that the summary of errors takes the focus each time. */
	readonly failures = signal(0);
	/* The Idempotency-Key of what stands in the form now. */
	key = newKey();

	constructor(
		private readonly initial: Values,
		readonly draft: string | null,
	) {
		this.values = signal(initial);
	}

	/* The value as it is kept; in a row of a table that of its column. */
	raw(name: string): unknown {
		return this.values.value[name];
	}

	/* Begins anew, without what was kept. */
	async discard(): Promise<void> {
		this.values.value = this.initial;
		this.key = newKey();
		this.problems.value = [];
		this.general.value = null;
		this.changed.value = false;
		this.kept.value = null;
		if (this.draft) await dropDraft(this.draft);
	}

	text(name: string): string {
		const value = this.raw(name);
		return value === undefined || value === null ? "" : String(value);
	}

	list(name: string): string[] {
		const value = this.raw(name);
		return Array.isArray(value) ? value.map(String) : [];
	}

	rows(name: string): Values[] {
		const value = this.values.value[name];
		return Array.isArray(value) ? (value as Values[]) : [];
	}

	set(name: string, value: unknown): void {
		this.values.value = { ...this.values.value, [name]: value };
		this.changed.value = true;
		this.key = newKey();
	}

	problemOf(name: string): Both | null {
		return this.problems.value.find((problem) => problem.field === name)?.message ?? null;
	}

	fail(error: unknown): void {
		if (!(error instanceof ApiError)) throw error;
		this.problems.value = error.fields;
		this.general.value = error.fields.length ? null : wordsOf(error);
		this.retryAfterS.value = error.retryAfterS;
		this.failures.value++;
	}

	/* Sends with `act`, which gets the Idempotency-Key; the draft goes when it has succeeded. */
	async submit(act: (key: string, values: Values) => Promise<void>): Promise<boolean> {
		if (this.busy.value) return false;
		this.busy.value = true;
		this.problems.value = [];
		this.general.value = null;
		try {
			await keep(this);
			await act(this.key, this.values.value);
			this.changed.value = false;
			if (this.draft) await dropDraft(this.draft);
			return true;
		} catch (error) {
			this.fail(error);
			return false;
		} finally {
			this.busy.value = false;
		}
	}
}

/* The input element that belongs to a field; problems link to it. */
export function fieldId(name: string): string {
	return `f-${name.replace(/[^\w-]/g, "-")}`;
}

async function takeUp(form: Form): Promise<void> {
	const draft = form.draft ? await readDraft(form.draft) : null;
	if (!draft || form.changed.value) return;
	const { [KEY]: key, ...values } = draft.values;
	form.values.value = { ...form.values.value, ...values };
	if (typeof key === "string") form.key = key;
	form.kept.value = draft.at;
}

/* Files are not kept: they are chosen again. */
async function keep(form: Form): Promise<void> {
	const { draft, key, values, changed } = form;
	if (!draft || !changed.value) return;
	const kept = Object.entries(values.value).filter(([, value]) => !(value instanceof File));
	if (await keepDraft(draft, { ...Object.fromEntries(kept), [KEY]: key })) form.kept.value = Date.now();
}

/*
 * A form of a screen. `draft` names it ("referral-new:" and a UUID) when what is typed shall be kept,
 * encrypted, every five seconds and found again later; otherwise the user is asked before it is lost.
 */
export function useForm(initial: Values, draft: string | null = null): Form {
	const form = useMemo(() => new Form(initial, draft), [draft]);

	useEffect(() => {
		void takeUp(form);
		const timer = draft ? window.setInterval(() => void keep(form), AUTOSAVE_MS) : 0;
		const letGo = guardLeaving(() => form.changed.value && !(draft && mayKeep()));
		return () => {
			clearInterval(timer);
			letGo();
			void keep(form);
		};
	}, [form]);
	return form;
}
