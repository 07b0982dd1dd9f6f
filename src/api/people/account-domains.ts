import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { type AccountDomain, recordOf } from "../../domain/account-domain.ts";
import { bounds } from "../../domain/bounds.ts";
import type { Account } from "../../domain/account.ts";
import type { Call } from "../../endpoint/call.ts";
import { described, instant, titled } from "../../http/described.ts";
import { fieldProblem, problem } from "../../http/problem.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor, OperatorActor } from "../../operations/actor.ts";
import * as operations from "../../operations/people/account-domains.ts";
import { findAccount } from "../../operations/people/accounts.ts";
import type { Body } from "../guard/access.ts";
import { bodyEndpointForAdministrator, endpointForAdministrator, forAdministrators } from "../guard/administrator.ts";
import { endpointForOperator, notAnOperator } from "../guard/operator.ts";
import { conflict, malformed, notFound, limitReached } from "../refusals.ts";

// An account names its domains and shows them; an operator sees them too, vouches for one, and takes one back.

const tag = "Domains";
const path = { domain: "The domain." };
const both = { slug: "The account's slug.", ...path };
const unknown = { description: "The account has named no such domain." };

const domainSchema = titled(
	"AccountDomain",
	v.object({
		domain: described(v.string(), "As DNS has it: in lower case, other scripts as `xn--`."),
		provider_id: v.nullable(described(v.string(), "Where people with such an address sign in; null: nowhere else.")),
		verified_at: v.nullable(instant("Since when it counts for this account; null while it does not.")),
		verified_by: v.nullable(described(v.picklist(["dns", "operator"]), "By what.")),
		record: described(
			titled(
				"DomainRecord",
				v.object({
					type: described(v.literal("TXT"), "A text."),
					name: described(v.string(), "Where."),
					value: described(v.string(), "What it says. It is no secret, and of this account alone."),
				}),
			),
			"The DNS record that shows that it is the account's. It may go once the domain is verified.",
		),
	}),
);
const listSchema = titled("AccountDomainList", v.object({ domains: described(v.array(domainSchema), "All of them.") }));
const nameSchema = titled(
	"NameDomain",
	v.strictObject({
		provider_id: v.optional(
			v.nullable(
				described(v.string("is a string"), "Where people with such an address sign in: a provider of the account."),
			),
			null,
		),
	}),
);
const all = {
	200: { description: `All of them, by name: ${bounds.accountDomains.most} at most.`, schema: listSchema },
} as const;

export const listDomainsEndpoint = endpointForAdministrator(
	async ({ services }, { accountId }) => listOf(accountId, services),
	{ tag, summary: "List the domains of the account's e-mail addresses", answers: all },
);

/** `PUT /v1/domains/{domain}` */
async function nameDomain({ params, services }: Call, actor: Actor, body: Body<typeof nameSchema>): Promise<Response> {
	const named = await operations.nameDomain(params.domain ?? "", body.provider_id, actor, services);
	switch (named.kind) {
		case "added":
		case "written":
			return json(200, shown(named.domain));
		case "malformed":
			return malformed([{ field: "domain", detail: "Give a domain as in addresses, such as acme.example." }]);
		case "no_provider":
			return fieldProblem("wrong_members", "provider_id", "The account has no such provider.");
		case "full":
			return limitReached(bounds.accountDomains);
		case "unknown":
			return conflict("Somebody removed it at this moment: add it again.");
		case "not_permitted":
			return forAdministrators();
	}
}

export const nameDomainEndpoint = bodyEndpointForAdministrator(nameDomain, {
	tag,
	summary: "Name a domain of the account's e-mail addresses, or where its people sign in",
	description:
		"It counts for nothing until it is verified: then people who type such an address on the sign-in page are led to `provider_id`, " +
		"and an address of it that a provider of the account verified is taken for its member's. Several accounts may name one; one has it.",
	path,
	body: { schema: nameSchema, example: { provider_id: null } },
	answers: {
		200: {
			description: "It is named, now or before, and where its people sign in is as it was sent.",
			schema: domainSchema,
		},
		400: { description: "It is no domain, or `provider_id` no provider of the account." },
		409: { description: `The account has named ${bounds.accountDomains.most} of them.` },
	},
});

export const verifyDomainEndpoint = endpointForAdministrator(
	async ({ params, services }, actor) =>
		answered(await operations.verifyDomain(params.domain ?? "", actor, services), forAdministrators),
	{
		tag,
		repeatable: true,
		summary: "Look in DNS whether a domain is the account's",
		description:
			"By the resolver of the deployment (`DNS_RESOLVER`, over HTTPS). What was seen a while ago may be seen again until its TTL ends.",
		path,
		answers: {
			200: { description: "It counts for the account, now or before.", schema: domainSchema },
			404: unknown,
			409: {
				description:
					"DNS does not say so, it counts for another account, or the deployment asks no DNS: an operator confirms it.",
			},
			429: { description: "It was looked for thirty times within the hour; `Retry-After` says when to try again." },
			503: { description: "The resolver does not answer." },
		},
	},
);

export const removeDomainEndpoint = endpointForAdministrator(
	async ({ params, services }, actor) => {
		const of = { accountId: actor.accountId, domain: params.domain ?? "" };
		return removed(await operations.removeDomain(of, actor, services), forAdministrators);
	},
	{
		tag,
		summary: "Remove a domain of the account",
		description: "It leads nobody anywhere from then on, and what it says by then stays said.",
		path,
		answers: { 204: { description: "It is gone." }, 404: unknown },
	},
);

export const listAccountDomainsEndpoint = endpointForOperator(
	async ({ params, services }) => ofAccount(params.slug, services, ({ id }) => listOf(id, services)),
	{
		tag,
		summary: "List the domains of an account's e-mail addresses",
		path: { slug: both.slug },
		answers: { ...all, 404: { description: "There is no such account." } },
	},
);

export const confirmDomainEndpoint = endpointForOperator(
	async ({ params, services }, operator) =>
		ofAccount(params.slug, services, async ({ id }) =>
			answered(await operations.confirmDomain(id, params.domain ?? "", operator, services), notPermitted),
		),
	{
		tag,
		repeatable: true,
		summary: "Vouch for a domain of an account",
		description: "By an operator who has seen by other means whose it is: what DNS says is not asked.",
		path: both,
		answers: {
			200: { description: "It counts for the account, now or before.", schema: domainSchema },
			404: { description: "There is no such account, or it has named no such domain." },
			409: { description: "It counts for another account." },
		},
	},
);

export const removeAccountDomainEndpoint = endpointForOperator(
	async ({ params, services }, operator: OperatorActor) =>
		ofAccount(params.slug, services, async ({ id: accountId }) =>
			removed(
				await operations.removeDomain({ accountId, domain: params.domain ?? "" }, operator, services),
				notPermitted,
			),
		),
	{
		tag,
		summary: "Remove a domain of an account",
		description: "For one that belongs to somebody else by now. Whoever it belongs to may show it from then on.",
		path: both,
		answers: {
			204: { description: "It is gone." },
			404: { description: "There is no such account, or it has named no such domain." },
		},
	},
);

function notPermitted(): Response {
	return problem(403, notAnOperator, { code: "operator_needed" });
}

async function ofAccount(
	slug: string | undefined,
	services: Call["services"],
	then: (account: Pick<Account, "id">) => Promise<Response>,
): Promise<Response> {
	const found = await findAccount(slug ?? "", services);
	return found ? then(found.account) : notFound("account");
}

async function listOf(accountId: string, services: Call["services"]): Promise<Response> {
	return json(200, { domains: (await operations.listDomains(accountId, services)).map(shown) });
}

function answered(verified: operations.DomainVerified, forbidden: () => Response): Response {
	switch (verified.kind) {
		case "verified":
			return json(200, shown(verified.domain));
		case "unknown":
			return notFound("domain");
		case "missing":
			return conflict(
				"DNS does not have the record yet. What was asked before may be answered as it was for a while: try again in some minutes.",
			);
		case "taken":
			return conflict("The domain counts for another account here. Ask whoever runs this deployment.");
		case "unasked":
			return conflict("This deployment asks no DNS. Ask whoever runs it to confirm the domain.");
		case "unreachable":
			return problem(503, "DNS could not be asked. Please try again later.", { headers: { "retry-after": "30" } });
		case "limited": {
			const detail = `DNS was asked often for this account. Try again in ${verified.retryAfter} seconds.`;
			return problem(429, detail, { headers: rateLimitHeaders(verified) });
		}
		case "not_permitted":
			return forbidden();
	}
}

function removed(outcome: Awaited<ReturnType<typeof operations.removeDomain>>, forbidden: () => Response): Response {
	if (outcome === "not_permitted") return forbidden();
	return outcome === "deleted" ? empty(204) : notFound("domain");
}

function shown(domain: AccountDomain): v.InferOutput<typeof domainSchema> {
	const { verified, providerId } = domain;
	return {
		domain: domain.domain,
		provider_id: providerId,
		verified_at: writeInstant(verified?.at ?? null),
		verified_by: verified?.by ?? null,
		record: { type: "TXT", ...recordOf(domain) },
	};
}
