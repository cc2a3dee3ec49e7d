/* What was last searched for; kept in memory only. */
import { signal } from "@preact/signals";

export const searched = signal("");
