import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { sha256 } from "../../crypto/digest.ts";
import { isSlug, slugRule } from "../../domain/account.ts";
import { bounds } from "../../domain/bounds.ts";
import type { ListedAccount } from "../../domain/ports/accounts.ts";
import { described, titled } from "../../http/described.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { etag, ifMatch, preconditionFailed } from "../../http/preconditions.ts";
import { fieldProblem, problem } from "../../http/problem.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { json } from "../../http/reply.ts";
import {
	type AccountChanged,
	findAccount,
	listAccounts,
	makeAccount,
	renameAnyAccount,
} from "../../operations/people/accounts.ts";
import {
	bodyEndpointForOperator,
	bodyEndpointForPerson,
	endpointForOperator,
	notAnOperator,
} from "../guard/operator.ts";
import { name as nameSchema } from "../keys/fields.ts";
import { next } from "../list-endpoint.ts";
import { notFound, overtaken, limitReached } from "../refusals.ts";
import { accountSchema, countedAccountSchema, shownAccount, shownWithCounts } from "./account-schemas.ts";

const tag = "Accounts";
const path = { slug: "The account's slug." };
const states = ["active", "suspended"] as const;

/** `GET /v1/accounts` */
export const listAccountsEndpoint = endpointForOperator(
	async ({ url, services }) => {
		const asked = readListPage(url);
		if (!asked.ok) return asked.response;
		const said = url.searchParams.get("state");
		const state = states.find((each) => each === said) ?? null;
		if (said !== null && state === null)
			return problem(400, `state: One of ${states.join(", ")}.`, { code: "wrong_query" });
		const found = await listAccounts(state, asked.page, services);
		return found ? json(200, { accounts: found.rows.map(shownAccount), next: found.next }) : wrongCursor();
	},
	{
		tag,
		summary: "List the accounts of the deployment",
		query: {
			...pageParameters,
			state: { description: "Those alone that are in this state.", example: "active", schema: { enum: states } },
		},
		answers: {
			200: {
				description: "By name.",
				schema: titled(
					"AccountList",
					v.object({ accounts: described(v.array(accountSchema), "A page of them."), next }),
				),
			},
			400: { description: "A limit or a state out of range, or a cursor that is not of this list." },
		},
	},
);

const slugSchema = v.pipe(
	v.string("is a string"),
	v.check(isSlug, slugRule),
	v.metadata({ minLength: 1, maxLength: 40, description: "1 to 40 small letters, digits and hyphens." }),
);

/** `POST /v1/accounts` */
export const createAccountEndpoint = bodyEndpointForPerson(
	async (call, person, { slug, name: called, administrator = "me" }) => {
		const { services } = call;
		const id = nonceOf(call);
		const wanted = { id, slug, name: called, administered: administrator === "me" };
		// Whoever could not give it to somebody would have made it for nobody.
		if (administrator === "nobody" && !person.isOperator)
			return problem(403, notAnOperator, { code: "operator_needed" });
		const made = await makeAccount(wanted, person, services);
		switch (made.kind) {
			case "made": {
				const found = await findAccount(slug, services);
				return found ? json(201, shownAccount(found.account)) : notFound("account");
			}
			case "taken":
				return fieldProblem("taken", "slug", "This slug is, or was, another account's. Choose another.");
			case "full":
				return limitReached(bounds.ownAccounts);
			case "not_permitted":
				return problem(403, "This needs the login token of an operator of this deployment (`ACCOUNTS`).", {
					code: "operator_needed",
				});
			case "limited":
				return problem(429, "Too many accounts at once.", { headers: rateLimitHeaders(made) });
		}
	},
	{
		tag,
		repeatable: true,
		summary: "Create an account",
		description:
			"By an operator's own login token or, where the deployment lets everybody (`ACCOUNTS` is `open`), any person's. Whoever makes it " +
			"administers it, unless it says otherwise.",
		body: {
			schema: titled(
				"CreateAccount",
				v.strictObject({
					name: nameSchema,
					slug: slugSchema,
					administrator: v.optional(
						described(
							v.picklist(["me", "nobody"], "is me or nobody"),
							"Who administers it: whoever makes it (`me`, as it is where it is left out), or nobody yet, for an operator, who then has a " +
								"link for somebody by `POST …/first_administrator`.",
						),
					),
				}),
			),
			example: { name: "Initech", slug: "initech" },
		},
		answers: {
			201: { description: "The account.", schema: accountSchema },
			403: { description: "The deployment lets operators alone make accounts, or it is no person's token." },
			409: { description: "Another account has, or had, that slug; or the person made as many as they may." },
			429: { description: "Too many in an hour." },
		},
	},
);

/** `GET /v1/accounts/{slug}` */
export const readAccountEndpoint = endpointForOperator(
	async ({ params, services }) => {
		const found = await findAccount(params.slug ?? "", services);
		if (!found) return notFound("account");
		const { account, counts } = found;
		return json(200, shownWithCounts(account, counts), { etag: await tagOf(account) });
	},
	{
		tag,
		summary: "Read an account",
		tagged: true,
		path,
		answers: {
			200: { description: "What an operator sees of it, and how much there is in it.", schema: countedAccountSchema },
			404: { description: "There is no such account." },
		},
	},
);

/** `PATCH /v1/accounts/{slug}` */
export const renameAccountEndpoint = bodyEndpointForOperator(
	async ({ request, params, services }, operator, { name: to }) => {
		const isFor = ifMatch(request);
		const edit = async (now: ListedAccount) => (isFor(await tagOf(now)) ? to : "stale");
		return answered(await renameAnyAccount(params.slug ?? "", edit, operator, services));
	},
	{
		tag,
		summary: "Rename an account",
		tagged: true,
		path,
		body: { schema: titled("RenameAccount", v.strictObject({ name: nameSchema })), example: { name: "Acme & Sons" } },
		answers: {
			200: { description: "The account. Elsewhere the new name is known within 30 seconds.", schema: accountSchema },
			404: { description: "There is no such account." },
			409: { description: "It is changed all the time." },
			412: { description: "It is another one than `If-Match` names." },
		},
	},
);

export async function answered(changed: AccountChanged): Promise<Response> {
	switch (changed.kind) {
		case "changed":
			return json(200, shownAccount(changed.account), { etag: await tagOf(changed.account) });
		case "unknown":
			return notFound("account");
		case "not_permitted":
			return problem(403, notAnOperator, { code: "operator_needed" });
		case "overtaken":
			return overtaken();
		case "stale":
			return preconditionFailed();
	}
}

/** Of what can be changed. */
async function tagOf({ name, suspendedAt, deleteAt }: ListedAccount): Promise<string> {
	return etag(await sha256(JSON.stringify([name, suspendedAt, deleteAt])));
}
