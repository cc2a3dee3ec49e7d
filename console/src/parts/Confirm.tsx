/*
 * Asks before something that can't be undone, with the reason where one is due. The dialog is the
 * browser's own: it holds the focus, closes by Escape, and gives the focus back.
 */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { useForm } from "../core/form";
import { t } from "../core/language";
import { Button, Buttons } from "./Button";
import { FormBox } from "./ErrorSummary";
import { TextArea } from "./Field";

export function Dialog({ title, onClose, covers, children }: {
	title: string;
	/* Left out where the user can't just go away. */
	onClose?: () => void;
	/* Nothing of the page behind it can be read. */
	covers?: boolean;
	children: ComponentChildren;
}): JSX.Element {
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		const element = dialog.current;
		element?.showModal();
		return () => element?.close();
	}, []);
	return (
		<dialog
			ref={dialog}
			class={covers ? "jb-dialog jb-dialog-covers" : "jb-dialog"}
			aria-labelledby="dialog-title"
			onCancel={(event) => {
				event.preventDefault();
				onClose?.();
			}}
		>
			<h2 class="jb-heading-m" id="dialog-title">{title}</h2>
			{children}
		</dialog>
	);
}

export function Confirm({ title, action, reason, onDo, onClose, children }: {
	title: string;
	/* The verb on the button, as "Tarik persetujuan". */
	action: string;
	/* Asked for where given: the label of the reason's field. The agent's field is "reason". */
	reason?: string;
	/* What it does; what it throws is shown in the dialog. */
	onDo: (key: string, reason: string) => Promise<void>;
	onClose: () => void;
	children?: ComponentChildren;
}): JSX.Element {
	const form = useForm({ reason: "" });
	const act = async (key: string): Promise<void> => {
		await onDo(key, form.text("reason").trim());
		onClose();
	};
	return (
		<Dialog title={title} onClose={onClose}>
			{children}
			<FormBox form={form} onSubmit={act}>
				{reason && <TextArea form={form} name="reason" label={reason} rows={2} maxLength={500} />}
				<Buttons>
					<Button type="submit" kind="warning" busy={form.busy.value}>{action}</Button>
					<Button kind="secondary" onClick={onClose}>{t("shell.cancel")}</Button>
				</Buttons>
			</FormBox>
		</Dialog>
	);
}
