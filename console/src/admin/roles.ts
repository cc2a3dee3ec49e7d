/* Roles as the agent's table has them, in the words of people. */
import { t, type Label } from "../core/language";
import type { Choice } from "../parts/Field";

const ROLES: Record<string, Label> = {
	caseworker: "admin.caseworker",
	clinician: "admin.clinician",
	supervisor: "admin.supervisor",
	auditor: "admin.auditor",
	admin: "admin.admin",
};

export function roleText(role: string): string {
	const words = ROLES[role];
	return words ? t(words) : role;
}

export function roleChoices(roles: readonly string[] = Object.keys(ROLES)): Choice[] {
	return roles.map((role) => ({ value: role, label: roleText(role) }));
}
