import { type PairScope, pairScopes, verbOf } from "./permission.ts";

/** The permissions of an API as people choose them: a row for each subject, a column for each verb, and whatever fits in none. */
export interface PermissionTable<Named> {
	readonly verbs: readonly PairScope[];
	readonly rows: readonly { readonly subject: string; readonly cells: readonly (Named | null)[] }[];
	readonly others: readonly Named[];
}

/** In the order in which the API lists them; a column that would be empty is left out. */
export function tableOf<Named extends { readonly name: string }>(listed: readonly Named[]): PermissionTable<Named> {
	const named = listed.map((each) => ({ each, ...verbOf(each.name) }));
	const verbs = pairScopes.filter((verb) => named.some((one) => one.verb === verb));
	const subjects = [...new Set(named.flatMap(({ subject }) => subject ?? []))];
	const find = (subject: string, verb: PairScope) =>
		named.find((one) => one.subject === subject && one.verb === verb)?.each ?? null;
	return {
		verbs,
		rows: subjects.map((subject) => ({ subject, cells: verbs.map((verb) => find(subject, verb)) })),
		others: named.filter(({ verb }) => verb === undefined).map(({ each }) => each),
	};
}
