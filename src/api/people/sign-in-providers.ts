import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { bounds } from "../../domain/bounds.ts";
import { githubIssuer, type SignInProvider } from "../../domain/sign-in-provider.ts";
import type { Stored } from "../../domain/stored.ts";
import type { Call } from "../../endpoint/call.ts";
import { described, titled } from "../../http/described.ts";
import { etag, ifMatching, preconditionFailed } from "../../http/preconditions.ts";
import { problem } from "../../http/problem.ts";
import { empty, json } from "../../http/reply.ts";
import * as operations from "../../operations/people/sign-in-providers.ts";
import type { Body } from "../guard/access.ts";
import { bodyEndpointForAdministrator, endpointForAdministrator, forAdministrators } from "../guard/administrator.ts";
import { bodyEndpointForOperator, endpointForOperator, notAnOperator } from "../guard/operator.ts";
import { malformed, notFound, overtaken, limitReached } from "../refusals.ts";
import { createSchema, editOf, editSchema, providerSchema, shownProvider, unsaid } from "./sign-in-provider-body.ts";

// Those of an account are for its administrators, those of the whole deployment for operators: two places of one thing.

type Manager = operations.ProviderManager;

const tag = "Sign-in providers";
const path = { id: "The provider." };
const all = {
	200: {
		description: `All of them, by name: ${bounds.signInProviders.most} at most.`,
		schema: titled(
			"SignInProviderList",
			v.object({ sign_in_providers: described(v.array(providerSchema), "All of them.") }),
		),
	},
} as const;
const one = {
	200: { description: "The provider.", schema: providerSchema },
	404: { description: "There is no such provider." },
};

/** `GET /v1/sign-in-providers` */
async function listProviders({ services }: Call, manager: Manager): Promise<Response> {
	const found = await operations.listProviders(manager, services);
	return json(200, { sign_in_providers: found.map((each) => shown(each, services)) });
}

/** `POST /v1/sign-in-providers` */
async function addProvider(call: Call, manager: Manager, body: Body<typeof createSchema>): Promise<Response> {
	const { services } = call;
	const { kind, issuer = githubIssuer, client_id: clientId } = body;
	const draft = { ...editOf(body, unsaid(kind)), kind, issuer, clientId };
	const written = await operations.addProvider(draft, nonceOf(call), manager, services);
	if (written.kind !== "written") return refuse(written, manager);
	const { provider } = written;
	const place = manager.accountId === null ? "/v1/deployment/sign-in-providers" : "/v1/sign-in-providers";
	return json(201, shown(provider, services), { location: `${place}/${provider.id}`, etag: etag(provider.rev) });
}

/** `GET /v1/sign-in-providers/{id}` */
async function readProvider({ params, services }: Call, manager: Manager): Promise<Response> {
	const found = await operations.findProvider(params.id ?? "", manager, services);
	return found ? json(200, shown(found, services), { etag: etag(found.rev) }) : notFound("provider");
}

/** `PATCH /v1/sign-in-providers/{id}` */
async function editProvider(
	{ request, params, services }: Call,
	manager: Manager,
	body: Body<typeof editSchema>,
): Promise<Response> {
	const edit = ifMatching(request, (provider: Stored<SignInProvider>) => editOf(body, provider));
	const written = await operations.editProvider(params.id ?? "", edit, manager, services);
	if (written.kind !== "written") return refuse(written, manager);
	return json(200, shown(written.provider, services), { etag: etag(written.provider.rev) });
}

/** `DELETE /v1/sign-in-providers/{id}` */
async function removeProvider({ request, params, services }: Call, manager: Manager): Promise<Response> {
	const isConditional = request.headers.has("if-match");
	const edit = ifMatching(request, ({ rev }: Stored<SignInProvider>) => ({ rev: isConditional ? rev : null }));
	const { kind: outcome } = await operations.removeProvider(params.id ?? "", edit, manager, services);
	if (outcome === "deleted") return empty(204);
	return refuse({ kind: outcome === "overtaken" ? "stale" : outcome }, manager);
}

const createDoc = {
	tag,
	description:
		"OpenID Connect, with latchkey as the client: endpoints and keys come from the issuer's discovery document. Register " +
		"`redirect_uri` of the answer there. Somebody there is a person here by the provider's `sub` alone, once they linked it or were let " +
		"in just in time, and never by an e-mail address.",
	body: {
		schema: createSchema,
		example: {
			kind: "oidc",
			name: "Acme",
			issuer: "https://idp.acme.example",
			client_id: "latchkey",
			client_secret: "what-it-gave-you",
			just_in_time: true,
			default_role: "member",
		},
	},
	answers: {
		201: { description: "The provider.", schema: providerSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		409: { description: `There are ${bounds.signInProviders.most} of them.` },
	},
} as const;

const editDoc = {
	tag,
	description:
		"What is left out stays; `kind`, `issuer` and `client_id` always do: what a `sub` means hangs on them. It takes up to 30 seconds to " +
		"be seen everywhere.",
	tagged: true,
	path,
	body: { schema: editSchema, example: { name: "Acme's people", trusts_amr: true } },
	answers: {
		...one,
		400: { description: "`errors` names each field that is wrong, and why." },
		409: { description: "Others change it all the time." },
	},
} as const;

const deleteDoc = {
	tag,
	description:
		"Nobody comes in through it any more, and who is whom there is forgotten. Within 30 seconds whom it let in is out.",
	tagged: true,
	path,
	answers: { 204: { description: "It is gone." }, 404: { description: "There is no such provider." } },
} as const;

export const listSignInProvidersEndpoint = endpointForAdministrator(listProviders, {
	tag,
	summary: "List the providers that people of the account sign in through",
	answers: all,
});

export const addSignInProviderEndpoint = bodyEndpointForAdministrator(addProvider, {
	repeatable: true,
	summary: "Have people of the account sign in through a provider",
	...createDoc,
});

export const readSignInProviderEndpoint = endpointForAdministrator(readProvider, {
	tag,
	summary: "Read a provider of the account",
	tagged: true,
	path,
	answers: one,
});

export const editSignInProviderEndpoint = bodyEndpointForAdministrator(editProvider, {
	summary: "Change a provider of the account",
	...editDoc,
});

export const removeSignInProviderEndpoint = endpointForAdministrator(removeProvider, {
	summary: "Remove a provider of the account",
	...deleteDoc,
});

export const listDeploymentProvidersEndpoint = endpointForOperator(listProviders, {
	tag,
	summary: "List the providers that anybody may sign in through",
	answers: all,
});

export const addDeploymentProviderEndpoint = bodyEndpointForOperator(addProvider, {
	repeatable: true,
	summary: "Have people of the whole deployment sign in through a provider",
	...createDoc,
	description:
		`${createDoc.description} One of the deployment makes nobody a member of anything: \`groups_claim\`, \`group_roles\`, ` +
		"`just_in_time`, `default_role`, `admits` and `only` say nothing of it.",
	body: {
		...createDoc.body,
		example: {
			kind: "github",
			name: "GitHub",
			client_id: "Iv1.0123456789abcdef",
			client_secret: "what-it-gave-you",
		},
	},
});

export const readDeploymentProviderEndpoint = endpointForOperator(readProvider, {
	tag,
	summary: "Read a provider of the deployment",
	tagged: true,
	path,
	answers: one,
});

export const editDeploymentProviderEndpoint = bodyEndpointForOperator(editProvider, {
	summary: "Change a provider of the deployment",
	...editDoc,
	body: { schema: editSchema, example: { enabled: false } },
});

export const removeDeploymentProviderEndpoint = endpointForOperator(removeProvider, {
	summary: "Remove a provider of the deployment",
	...deleteDoc,
});

function refuse(
	refusal: Exclude<operations.ProviderWritten, { kind: "written" }>,
	{ accountId }: Pick<Manager, "accountId">,
): Response {
	switch (refusal.kind) {
		case "invalid":
			return malformed(refusal.problems);
		case "full":
			return limitReached(bounds.signInProviders);
		case "unknown":
			return notFound("provider");
		case "stale":
			return preconditionFailed();
		case "overtaken":
			return overtaken();
		case "not_permitted":
			return accountId === null ? problem(403, notAnOperator, { code: "operator_needed" }) : forAdministrators();
	}
}

function shown(provider: SignInProvider, services: Call["services"]) {
	return shownProvider(provider, operations.callbackOf(provider, services));
}
