import { readFileSync } from "node:fs";
import * as v from "valibot";
import { readJsonText, tooDeep } from "../../src/json-text.ts";

// What a client and a profile may have is for the API to say: `POST /v1/integrations`, `PUT /v1/profile`.
const account = v.strictObject({ name: v.string(), slug: v.string() });
const planSchema = v.strictObject({
	account,
	/** Beyond the first. */
	accounts: v.optional(
		v.array(v.strictObject({ ...account.entries, state: v.optional(v.picklist(["active", "suspended"])) })),
		[],
	),
	person: v.strictObject({
		name: v.string(),
		username: v.string(),
		password: v.string(),
		profile: v.optional(v.record(v.string(), v.unknown()), {}),
	}),
	/** What an API may have is for `POST /v1/apis` to say; `servers` are clients of this file, by their names. */
	apis: v.optional(
		v.array(
			v.looseObject({
				identifier: v.string(),
				deployment_wide: v.optional(v.boolean(), false),
				servers: v.optional(v.array(v.string()), []),
			}),
		),
		[],
	),
	clients: v.array(v.looseObject({ name: v.string() })),
	/** What a provider may have is for `POST /v1/sign-in-providers` to say; `domains` are of the account's people. */
	providers: v.optional(
		v.array(
			v.looseObject({
				name: v.string(),
				kind: v.string(),
				issuer: v.string(),
				client_id: v.string(),
				deployment_wide: v.optional(v.boolean(), false),
				domains: v.optional(v.array(v.string()), []),
			}),
		),
		[],
	),
	invitations: v.optional(
		v.array(v.strictObject({ account: v.string(), role: v.string(), note: v.pipe(v.string(), v.nonEmpty()) })),
		[],
	),
	/** By the user names that they have here. */
	operators: v.optional(v.array(v.string()), []),
});

export type Plan = v.InferOutput<typeof planSchema>;

/** Or what is wrong with the file, for people. */
export function readPlan(path: string): Plan | string {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		return `${path} cannot be read: ${(error as Error).message}`;
	}
	const read = readJsonText(text);
	if (!read.ok) return `${path}: ${read.reason === "too_deep" ? tooDeep : "is not JSON"}`;
	const found = v.safeParse(planSchema, read.value);
	if (found.success) return found.output;
	return found.issues.map((issue) => `${path}: ${v.getDotPath(issue) ?? ""} ${issue.message}`).join("\n");
}
