/* Step 4: the letter as its reader will see it. */
import type { JSX } from "preact";

import { say, t } from "../core/language";
import { session } from "../core/session";
import { Answers, AnswerTable, Written } from "../parts/LetterView";
import { SummaryList } from "../parts/Lists";
import { Basis } from "./refer-shared";
import type { Opening, Preview, PreviewField } from "./refer-types";

const asRead = (field: PreviewField): PreviewField => ({ ...field, text: field.reads });

function tableOf(shown: Preview, group: string): PreviewField[][] {
	const fields = shown.fields.filter((field) => field.group === group).map(asRead);
	const rows = [...new Set(fields.map(({ row }) => row))].sort((a, b) => a - b);
	return rows.map((row) => fields.filter((field) => field.row === row));
}

const URGENCIES = {
	routine: "refer.routine", urgent: "refer.urgent", asap: "refer.asap", stat: "refer.stat",
} as const;

export function LetterStep({ opening, shown }: { opening: Opening; shown: Preview }): JSX.Element {
	const { kind } = opening;
	return (
		<div class="jb-letter-preview">
			<h3 class="jb-heading-m">{say(shown.words)}</h3>
			<SummaryList
				facts={[
					{ name: t("refer.letterFrom"), value: say(session.value?.agency.name) },
					{ name: t("refer.letterTo"), value: say(shown.reader.agency.name) },
					{ name: t("refer.letterUrgency"), value: t(URGENCIES[shown.urgency]) },
					{ name: t("refer.letterReplyBy"), value: say(shown.reply_by_local) },
				]}
			/>
			<Answers answers={shown.fields.filter(({ group, goes }) => group === "" && goes).map(asRead)} />
			{kind.groups.map(({ name, words }) => (
				<AnswerTable key={name} table={{ group: name, words, rows: tableOf(shown, name) }} />
			))}
			{shown.files.length > 0 && (
				<>
					<h4 class="jb-heading-s">{t("refer.files")}</h4>
					<ul class="jb-list jb-list--bullet">
						{shown.files.map(({ title }) => <li key={title}><Written text={title} /></li>)}
					</ul>
				</>
			)}
			<Basis shown={shown} />
		</div>
	);
}
