/*
 * Files of a field: chosen, uploaded at once with their progress, taken along by the letter. An upload that
 * breaks goes on from where the agent stands. What is kept in the draft is the upload's id and title.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { fieldId } from "../core/form";
import { say, t } from "../core/language";
import { Button } from "../parts/Button";
import { describe, FieldError, Hint, labelText, type FieldProps } from "../parts/Field";
import type { FieldSpec } from "./catalogue";
import type { Surroundings } from "./AnswerField";
import { MOST_BYTES, newUpload, type Upload } from "./upload";
import { isUploaded, type Uploaded } from "./values";

type Props = FieldProps & { spec: FieldSpec; around: Surroundings };

function Running({ upload, onRemove }: { upload: Upload; onRemove: () => void }): JSX.Element {
	const percent = Math.floor((100 * upload.done.value) / Math.max(1, upload.length));
	const broken = upload.state.value === "broken";
	return (
		<li class="jb-file">
			<label class="jb-label" for={`upload-${upload.id}`} dir="auto">
				{t("form.uploading", { title: upload.title, n: percent })}
			</label>
			<progress id={`upload-${upload.id}`} max={100} value={percent} />
			{broken && <p class="jb-error-message" role="alert">{say(upload.error.value)}</p>}
			<div class="jb-button-group">
				{broken && <Button kind="secondary" about={upload.title} onClick={() => void upload.go()}>{t("form.goOn")}</Button>}
				<Button kind="secondary" about={upload.title} onClick={onRemove}>{t("form.removeFile")}</Button>
			</div>
		</li>
	);
}

function Ready({ file, name, labels, ownLabel, onLabel, onRemove }: {
	file: Uploaded;
	name: string;
	labels: Surroundings["labels"];
	/* The field itself says what data it holds. */
	ownLabel: boolean;
	onLabel: (label: string) => void;
	onRemove: () => void;
}): JSX.Element {
	const id = `${fieldId(name)}-label-${file.attachment}`;
	return (
		<li class="jb-file">
			<p class="jb-body" dir="auto" role="status">{t("form.uploaded", { title: file.title })}</p>
			{!ownLabel && labels.length > 0 && (
				<div class="jb-form-group">
					<label class="jb-label" for={id}>{t("form.fileLabel", { title: file.title })}</label>
					<select
						id={id}
						class="jb-select"
						value={file.label ?? ""}
						onChange={(event) => onLabel(event.currentTarget.value)}
					>
						<option value="">{t("form.fileNothing")}</option>
						{labels.map(({ code, words }) => <option key={code} value={code}>{say(words)}</option>)}
					</select>
				</div>
			)}
			<Button kind="secondary" about={file.title} onClick={onRemove}>{t("form.removeFile")}</Button>
		</li>
	);
}

export function Files(props: Props): JSX.Element {
	const { form, name, spec, around } = props;
	const { describedBy, wrong } = describe(props);
	const [running, setRunning] = useState<Upload[]>([]);
	const [tooLarge, setTooLarge] = useState("");
	const live = useRef<Upload[]>([]);
	live.current = running;
	useEffect(() => () => live.current.forEach((upload) => upload.stop()), []);

	const value = form.raw(name);
	const files = (Array.isArray(value) ? value : [value]).filter(isUploaded);
	const put = (next: Uploaded[]): void => form.set(name, spec.many ? next : (next[0] ?? undefined));
	const current = (): Uploaded[] => {
		const now = form.raw(name);
		return (Array.isArray(now) ? now : [now]).filter(isUploaded);
	};

	const begin = async (file: File): Promise<void> => {
		if (file.size > MOST_BYTES) {
			setTooLarge(t("form.fileTooLarge", { title: file.name }));
			return;
		}
		const upload = newUpload(file, around.about);
		const gone = (): void => setRunning((all) => all.filter((one) => one !== upload));
		upload.state.subscribe((state) => {
			if (state !== "ready") return;
			const label = spec.label ? {} : { label: around.labels[0]?.code ?? "" };
			put([...(spec.many ? current() : []), { attachment: upload.id, title: upload.title, ...label }]);
			gone();
		});
		setRunning((all) => [...all, upload]);
		await upload.go();
	};
	const remove = (upload: Upload): void => {
		upload.stop();
		setRunning((all) => all.filter((one) => one !== upload));
	};
	const full = !spec.many && files.length + running.length > 0;

	return (
		<div class={wrong ? "jb-form-group jb-form-group--error" : "jb-form-group"}>
			<label class="jb-label" for={fieldId(name)}>{labelText(props)}</label>
			<Hint {...props} />
			<FieldError name={name} wrong={wrong || tooLarge} />
			<ul class="jb-files">
				{files.map((file) => (
					<Ready
						key={file.attachment}
						file={file}
						name={name}
						labels={around.labels}
						ownLabel={spec.label !== ""}
						onLabel={(label) => put(current().map((one) => (one.attachment === file.attachment ? { ...one, label } : one)))}
						onRemove={() => put(current().filter((one) => one.attachment !== file.attachment))}
					/>
				))}
				{running.map((upload) => <Running key={upload.id} upload={upload} onRemove={() => remove(upload)} />)}
			</ul>
			{!full && (
				<>
					<p class="jb-hint">{t("form.fileHint")}</p>
					<input
						id={fieldId(name)}
						type="file"
						multiple={spec.many}
						class={wrong ? "jb-file-upload jb-file-upload--error" : "jb-file-upload"}
						aria-describedby={describedBy}
						onChange={(event) => {
							setTooLarge("");
							for (const file of event.currentTarget.files ?? []) void begin(file);
							event.currentTarget.value = "";
						}}
					/>
				</>
			)}
		</div>
	);
}
