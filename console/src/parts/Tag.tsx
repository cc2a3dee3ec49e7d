import type { JSX } from "preact";

const TONES = {
	/* Nothing to do. */
	neutral: "jb-tag jb-tag--grey",
	/* On its way. */
	info: "jb-tag jb-tag--blue",
	/* Done, and well. */
	good: "jb-tag jb-tag--green",
	/* Somebody has to do something. */
	attention: "jb-tag jb-tag--yellow",
	/* Late, refused, failed. */
	bad: "jb-tag jb-tag--red",
} as const;

const SIGNS = { neutral: "", info: "→", good: "✓", attention: "!", bad: "✕" } as const;

export type Tone = keyof typeof TONES;

/* A status in words; colour and sign only repeat what the words say. */
export function Tag({ tone = "neutral", text }: { tone?: Tone; text: string }): JSX.Element {
	const sign = SIGNS[tone];
	return (
		<strong class={TONES[tone]}>
			{sign && <span aria-hidden="true">{sign} </span>}
			{text}
		</strong>
	);
}
