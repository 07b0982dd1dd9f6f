import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, sentInstant, titled } from "../../http/described.ts";
import { problem } from "../../http/problem.ts";
import { json, streamedDownload } from "../../http/reply.ts";
import { exportParts } from "../../domain/ports/account-export.ts";
import {
	deletionNotice,
	inviteFirst,
	reinstateAccount,
	setDeletion,
	suspendAccount,
	type DeletionSet,
} from "../../operations/people/accounts.ts";
import { exportAccount } from "../../operations/people/export-account.ts";
import { bodyEndpointForOperator, endpointForOperator, notAnOperator } from "../guard/operator.ts";
import { conflict, notFound } from "../refusals.ts";
import { accountSchema } from "./account-schemas.ts";
import { answered } from "./accounts.ts";

const tag = "Accounts";
const path = { slug: "The account's slug." };
const unknown = { description: "There is no such account." };
const account = (description: string) => ({ description, schema: accountSchema });

const rows = described(
	v.array(
		titled(
			"ExportedRow",
			v.looseObject({ id: described(v.union([v.string(), v.number()]), "What the part is sorted by.") }),
		),
	),
	"All of them, by their `id`.",
);
const exportSchema = titled(
	"AccountExport",
	v.object({
		account: described(
			titled(
				"ExportedAccount",
				v.object({
					id: described(v.string(), "Its id."),
					slug: described(v.string(), "What URLs name it by."),
					name: described(v.string(), "As people call it."),
					created_at: v.nullable(instant("When it was made; null where that was not noted.")),
					exported_at: instant("When this was begun."),
				}),
			),
			"Which one it is.",
		),
		...(Object.fromEntries(exportParts.map((part) => [part, rows])) as Record<
			(typeof exportParts)[number],
			typeof rows
		>),
	}),
);

/** `POST /v1/accounts/{slug}/suspend` */
export const suspendAccountEndpoint = endpointForOperator(
	async ({ params, services }, operator) => answered(await suspendAccount(params.slug ?? "", operator, services)),
	{
		tag,
		repeatable: true,
		summary: "Suspend an account",
		description:
			"Within 30 seconds nothing of it opens anything: its people's sessions and what they let applications do in it, its API keys " +
			"(where another account has linked them too), its public keys, its integrations and applications (in other accounts too). " +
			"Nothing is ended: reinstated, all of it works as before. A server that verifies tokens by the published keys alone sees it " +
			"when they end.",
		path,
		answers: { 200: account("It is suspended now, or was before."), 404: unknown },
	},
);

/** `POST /v1/accounts/{slug}/reinstate` */
export const reinstateAccountEndpoint = endpointForOperator(
	async ({ params, services }, operator) => answered(await reinstateAccount(params.slug ?? "", operator, services)),
	{
		tag,
		repeatable: true,
		summary: "Reinstate an account",
		description:
			"Within 30 seconds all of it works as before, as far as it has not ended by its own time. A deletion that was to come is cancelled.",
		path,
		answers: { 200: account("It is active now, or was before."), 404: unknown },
	},
);

/** `PUT /v1/accounts/{slug}/deletion` */
export const scheduleDeletionEndpoint = bodyEndpointForOperator(
	async ({ params, services }, operator, { at }) =>
		deletionSet(await setDeletion(params.slug ?? "", at, operator, services)),
	{
		tag,
		summary: "Say when everything of an account goes",
		description:
			"Of one that is suspended, 7 days ahead at least and 366 at most. From that instant on all of it is deleted: keys, clients and " +
			"what they were allowed, memberships, people who belong to nothing else, events, audit log. Until then `DELETE`, or reinstating " +
			"it, takes the date back; `GET …/export` has what there is. Its slug never becomes another account's.",
		path,
		body: {
			schema: titled(
				"ScheduleDeletion",
				v.strictObject({
					at: sentInstant("From when on."),
				}),
			),
			example: { at: "2030-03-17T17:46:40Z" },
		},
		answers: {
			200: account("It goes then."),
			400: { description: `The date is not between ${deletionNotice / 86_400} and 366 days ahead.` },
			404: unknown,
			409: { description: "It is not suspended." },
		},
	},
);

/** `DELETE /v1/accounts/{slug}/deletion` */
export const cancelDeletionEndpoint = endpointForOperator(
	async ({ params, services }, operator) => deletionSet(await setDeletion(params.slug ?? "", null, operator, services)),
	{
		tag,
		summary: "Cancel the deletion of an account",
		description: "It stays suspended.",
		path,
		answers: { 200: account("It stays."), 404: unknown },
	},
);

/** `POST /v1/accounts/{slug}/first_administrator` */
export const firstAdministratorEndpoint = endpointForOperator(
	async (call, operator) => {
		const { params, services } = call;
		const invited = await inviteFirst(params.slug ?? "", nonceOf(call), operator, services);
		switch (invited.kind) {
			case "invited":
				return json(201, { url: invited.url, expires_at: writeInstant(invited.expiresAt) });
			case "unknown":
				return notFound("account");
			case "inhabited":
				return conflict("Somebody belongs to it: ask its administrators to invite others.");
			case "not_permitted":
				return problem(403, notAnOperator, { code: "operator_needed" });
		}
	},
	{
		tag,
		repeatable: true,
		summary: "Get a link for the first administrator of an account",
		description:
			"Of one to which nobody belongs. Whoever opens the link first administers it; a week later it ends. An operator gives no other way in.",
		path,
		answers: {
			201: {
				description: "The link, which is shown this once.",
				schema: titled(
					"FirstAdministrator",
					v.object({
						url: described(v.string(), "For the one person that it is meant for."),
						expires_at: instant("Until when it can be accepted."),
					}),
				),
			},
			404: unknown,
			409: { description: "Somebody belongs to it." },
		},
	},
);

/** `GET /v1/accounts/{slug}/export` */
export const exportAccountEndpoint = endpointForOperator(
	async ({ params, services }, operator) => {
		const exported = await exportAccount(params.slug ?? "", operator, services);
		switch (exported.kind) {
			case "exported":
				return streamedDownload({ media: "application/json", fileName: `${exported.slug}.json` }, exported.text);
			case "unknown":
				return notFound("account");
			case "not_suspended":
				return conflict(notSuspended);
		}
	},
	{
		tag,
		summary: "Export all that there is in an account",
		description:
			"Of one that is suspended, before it is deleted. One JSON object with the account and a list for each of its parts, without hashes, " +
			"sealed secrets or what else opens anything. It is sent as it is read, and noted in the account's audit log and in the " +
			"deployment's. What broke off is no JSON.",
		path,
		answers: {
			200: { description: "All of it.", schema: exportSchema },
			404: unknown,
			409: { description: "It is not suspended." },
		},
	},
);

const notSuspended = "An account is suspended before it is exported or deleted: POST /v1/accounts/{slug}/suspend.";

function deletionSet(set: DeletionSet): Promise<Response> | Response {
	switch (set.kind) {
		case "not_suspended":
			return conflict(notSuspended);
		case "out_of_range":
			return problem(400, "at: Between 7 and 366 days ahead.");
		default:
			return answered(set);
	}
}
