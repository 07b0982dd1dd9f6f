import type { Api } from "./api.ts";
import { verbOf } from "./permission.ts";

/** What somebody can start a policy from: its text, to be changed before it is saved. */
export interface PolicyTemplate {
	readonly id: string;
	readonly name: string;
	readonly description: string;
	readonly permissions: readonly string[];
}

const longestName = 100;

/** Of the APIs that an account sees: to read everything, and everything of one. */
export function policyTemplates(apis: readonly Pick<Api, "id" | "name" | "permissions">[]): readonly PolicyTemplate[] {
	const names = apis.flatMap(({ permissions }) => permissions.map(({ name }) => name));
	return [
		{
			id: "read",
			name: "Read everything",
			description: "Reads whatever can be read, at every API, and changes nothing.",
			permissions: names.filter((name) => verbOf(name)?.verb === "read"),
		},
		...apis.map((api) => ({
			id: api.id,
			name: `Everything of ${api.name}`.slice(0, longestName),
			description: "Does everything that this API permits.",
			permissions: api.permissions.map(({ name }) => name),
		})),
	].filter(({ permissions }) => permissions.length > 0);
}
