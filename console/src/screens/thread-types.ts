/* What GET /v1/referrals/{id} says beyond the row of a list. */
import type { Both } from "../core/language";
import type { Deadline, Thread } from "../core/types";
import type { Answer, LetterTable, Remark } from "../parts/LetterView";

export type Custody = {
	state: string;
	words: Both;
	at_hub_local?: Both | null;
	delivered_local?: Both | null;
	opened_local?: Both | null;
	recipient_seen_local?: Both | null;
	next_try_local?: Both | null;
	late?: boolean;
	time_doubtful?: boolean;
	error?: { code: string; message_id: string; message_en: string } | null;
};

export type Letter = {
	id: string;
	way: "in" | "out";
	kind: string;
	words: Both;
	user: string;
	at: string;
	at_local: Both;
	reported: { via: string; words: Both } | null;
	custody?: Custody;
	/* Absent where the letter's content may not be shown. */
	answers?: Answer[];
	tables?: LetterTable[];
	remarks?: Remark[];
	from_user?: string;
	from_role?: string;
	reply_by_local?: Both | null;
};

export type Attachment = {
	number: number;
	title: string;
	media_type: string;
	label: string;
	length: number;
	coming: boolean;
	state: string;
	words: Both;
	percent: number;
	error: { message_id: string; message_en: string } | null;
};

export type Named = { id: string; number: string } | null;
export type NextKind = { kind: string; words: Both };

export type WholeThread = Omit<Thread, "person"> & {
	person: {
		id: string | null;
		number: string | null;
		name?: string;
		phone?: string;
		safe_to_call?: string;
		may_leave_message?: string;
		who_knows?: string;
	} | null;
	attachments: Attachment[];
	parent: Named;
	child: Named;
	replaces: Named;
	cancel_asked_local: Both | null;
	deadlines: Deadline[];
	letters: Letter[];
	next: NextKind[];
	reportable: NextKind[];
};
