/* What several parts of "Hari ini" are made of. */
import type { ComponentChildren, JSX } from "preact";

import { say, t } from "../core/language";
import { daysText } from "../core/times";
import type { PersonNumber, ThreadBrief } from "../core/types";
import { Section } from "../parts/Page";
import { Tag } from "../parts/Tag";
import type { Part } from "./today-types";

/* A part with its heading and how many there are; nothing where there are none. */
export function Counted<T>({ title, section, all, children }: {
	title: string;
	section: Part<T>;
	/* Where the rest is, when not all are shown. */
	all?: string;
	children: ComponentChildren;
}): JSX.Element | null {
	if (!section.count) return null;
	return (
		<Section title={t("today.counted", { title, n: section.count })}>
			{children}
			{section.more && all && <p class="jb-body"><a class="jb-link" href={all}>{t("today.all")}</a></p>}
		</Section>
	);
}

export function ThreadLink({ thread }: { thread: ThreadBrief | null }): JSX.Element | null {
	return thread && <a class="jb-link jb-number" href={`/rujukan/${thread.number}`}>{thread.number}</a>;
}

export function PersonLink({ person }: { person: PersonNumber | undefined }): JSX.Element | null {
	return person?.id && person.number ? <a class="jb-link jb-number" href={`/orang/${person.id}`}>{person.number}</a> : null;
}

/* An instant as the agent tells it, and how far it is. */
export function When({ at, local, days, late }: {
	at: string;
	local: Parameters<typeof say>[0];
	days: number;
	late?: boolean;
}): JSX.Element {
	return (
		<>
			<time dateTime={at}>{say(local)}</time>
			<br />
			{late ? <Tag tone="bad" text={daysText(days, true)} /> : <span class="jb-soft">{daysText(days)}</span>}
		</>
	);
}
