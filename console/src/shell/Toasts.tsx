/* What is said in passing ("Rujukan terkirim"): shown for a while, and read out. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";

import { t } from "../core/language";

const SHOWN_MS = 8_000;

const said = signal<{ n: number; text: string }[]>([]);
let count = 0;

export function toast(text: string): void {
	const n = ++count;
	said.value = [...said.value, { n, text }];
	setTimeout(() => hide(n), SHOWN_MS);
}

function hide(n: number): void {
	said.value = said.value.filter((one) => one.n !== n);
}

export function Toasts(): JSX.Element {
	return (
		<div class="jb-toasts" role="status" aria-live="polite">
			{said.value.map(({ n, text }) => (
				<div class="jb-toast" key={n}>
					{text}
					<button type="button" class="jb-toast-close" onClick={() => hide(n)}>
						<span aria-hidden="true">✕</span>
						<span class="jb-visually-hidden">{t("shell.close")}</span>
					</button>
				</div>
			))}
		</div>
	);
}
