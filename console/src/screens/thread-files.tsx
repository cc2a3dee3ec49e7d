/* Files that came or went with a thread's letters. */
import type { JSX } from "preact";

import { say, t } from "../core/language";
import { Written } from "../parts/LetterView";
import { Section } from "../parts/Page";
import { Table } from "../parts/Table";
import type { Attachment } from "./thread-types";

const BUSY = ["sending", "expected"];

function State({ file }: { file: Attachment }): JSX.Element {
	const error = file.error ? `: ${say({ id: file.error.message_id, en: file.error.message_en })}` : "";
	return <>{say(file.words)}{BUSY.includes(file.state) && ` ${file.percent} %`}{error}</>;
}

export function Attachments({ files }: { files: readonly Attachment[] }): JSX.Element | null {
	if (!files.length) return null;
	return (
		<Section title={t("thread.files")}>
			<Table
				caption={t("thread.files")}
				captionHidden
				rows={files}
				keyOf={({ number }) => number}
				columns={[
					{
						title: t("thread.file"),
						lead: true,
						show: ({ number, title, coming, state }) =>
							coming && state === "here" ? (
								<a class="jb-link" href={`/v1/attachments/${number}/content`} download>
									<Written text={title} /> <span class="jb-visually-hidden">{t("thread.save")}</span>
								</a>
							) : (
								<Written text={title} />
							),
					},
					{
						title: t("thread.size"),
						numeric: true,
						show: ({ length }) => t("thread.kb", { n: Math.ceil(length / 1024) }),
					},
					{ title: t("thread.state"), show: (file) => <State file={file} /> },
				]}
			/>
		</Section>
	);
}
