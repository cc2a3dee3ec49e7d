/* A field whose answer is an agency: chosen from the partners, never typed. */
import type { JSX } from "preact";

import { say } from "../core/language";
import { useLoad } from "../core/load";
import type { Agency, List } from "../core/types";
import { Select, type FieldProps } from "../parts/Field";

export const AGENCY_SYSTEM = "urn:jembatan:agency";

export function AgencyField(props: FieldProps): JSX.Element {
	const partners = useLoad<List<Agency & { self: boolean; active: boolean }>>("/v1/partners?limit=200");
	const others = (partners.data?.items ?? []).filter(({ self, active }) => active && !self);
	return <Select {...props} choices={others.map(({ id, name }) => ({ value: id, label: say(name) }))} />;
}
