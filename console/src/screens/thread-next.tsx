/* What can come next in a thread, as links that open the form of that letter on the same page. */
import type { JSX } from "preact";

import { address } from "../core/api";
import { say, t } from "../core/language";
import { may } from "../core/session";
import { ButtonLink, Buttons } from "../parts/Button";
import { endsBadly, type ThreadType } from "../forms/catalogue";
import { Section } from "../parts/Page";
import type { NextKind, WholeThread } from "./thread-types";

function Links({ number, kinds, reported, first }: {
	number: string;
	kinds: readonly NextKind[];
	reported: boolean;
	/* The first one is the way on. */
	first: boolean;
}): JSX.Element {
	return (
		<Buttons>
			{kinds.map(({ kind, words }, i) => (
				<ButtonLink
					key={kind}
					kind={first && i === 0 ? "primary" : "secondary"}
					href={address(`/rujukan/${number}`, { kind, reported: reported ? 1 : null })}
				>
					{say(words)}
				</ButtonLink>
			))}
		</Buttons>
	);
}

function Kinds({ thread, type, kinds, reported }: {
	thread: WholeThread;
	type: ThreadType | null;
	kinds: readonly NextKind[];
	reported: boolean;
}): JSX.Element {
	const badly = kinds.filter(({ kind }) => type && endsBadly(type, kind));
	const onward = kinds.filter((one) => !badly.includes(one));
	return (
		<>
			{onward.length > 0 && <Links number={thread.number} kinds={onward} reported={reported} first />}
			{badly.length > 0 && (
				<>
					<h3 class="jb-heading-s">{t("thread.otherwise")}</h3>
					<Links number={thread.number} kinds={badly} reported={reported} first={false} />
				</>
			)}
		</>
	);
}

export function Next({ thread, type }: { thread: WholeThread; type: ThreadType | null }): JSX.Element | null {
	if (!may("send")) return null;
	const partner = say(thread.partner.name);
	return (
		<>
			{thread.reportable.length > 0 && (
				<Section title={t("thread.reported", { partner })}>
					{thread.carrier === "paper" && <p class="jb-body">{t("thread.reportedWhat", { partner })}</p>}
					<Kinds thread={thread} type={type} kinds={thread.reportable} reported />
				</Section>
			)}
			<Section title={t("thread.next")}>
				{thread.next.length ? (
					<Kinds thread={thread} type={type} kinds={thread.next} reported={false} />
				) : (
					<p class="jb-body">{t("thread.nothingNext")}</p>
				)}
			</Section>
		</>
	);
}
