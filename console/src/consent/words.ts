/* Purposes, labels and kinds of agencies as the catalogue says them, for who chooses among them. */
import { say, t } from "../core/language";
import type { Loaded } from "../core/load";
import { useCatalogueWords, type Code } from "../forms/catalogue";
import type { Recipient } from "../person/types";

export type ConsentWords = {
	purposes: Code[];
	labels: Code[];
	agency_kinds: Code[];
};

export function useConsentWords(): Loaded<ConsentWords> {
	return useCatalogueWords();
}

export function codeText(codes: readonly Code[], code: string): string {
	return say(codes.find((one) => one.code === code)?.words) || code;
}

export function recipientText(recipient: Recipient, words: ConsentWords | null): string {
	if (recipient.id !== null) return say(recipient.name);
	return t("consent.kindIn", {
		kind: words ? codeText(words.agency_kinds, recipient.kind) : recipient.kind,
		region: recipient.region,
	});
}
