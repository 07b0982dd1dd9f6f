import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { bounds } from "../../domain/bounds.ts";
import { assertionAlgs } from "../../domain/client-keys.ts";
import { clientOptions } from "../../domain/client-options.ts";
import type { Stored } from "../../domain/stored.ts";
import { issuerKinds, subjectClaims, type TrustedIssuer } from "../../domain/trusted-issuer.ts";
import type { Call } from "../../endpoint/call.ts";
import { described, titled } from "../../http/described.ts";
import { etag, ifMatching, preconditionFailed } from "../../http/preconditions.ts";
import { fieldProblem } from "../../http/problem.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import * as operations from "../../operations/people/trusted-issuers.ts";
import type { Body } from "../guard/access.ts";
import { bodyEndpointForAdministrator, endpointForAdministrator, forAdministrators } from "../guard/administrator.ts";
import { malformed, notFound, overtaken, limitReached } from "../refusals.ts";

const tag = "Trusted issuers";
const text = v.string("is a string");
const texts = v.array(text, "is a list of strings");

const ruleSchema = titled(
	"ClaimRule",
	v.strictObject({
		client_id: described(text, "The application of the account that acts for itself, and that such a workload is."),
		claims: described(
			v.record(v.string(), text),
			"What its token has to say, by claim: a text, number or truth value, in which `*` stands for any characters (never the first).",
		),
	}),
);

const fields = {
	name: v.pipe(text, v.metadata({ minLength: 1, maxLength: 100, description: "What people call it." })),
	issuer: described(text, "What `iss` says, exactly: an https URL."),
	jwks_uri: v.nullable(described(text, "Where its public keys are; null where they are in `jwks`.")),
	jwks: v.nullable(described(clientOptions.jwks.schema, "Its public keys; null where they are at `jwks_uri`.")),
	algorithms: described(
		v.array(v.picklist(assertionAlgs, `is one of ${assertionAlgs.join(", ")}`)),
		"What it may sign with; all of them where it is left out.",
	),
	clients: described(texts, "Of an identity provider: the clients that may present its assertions, by their ids."),
	subject: described(
		v.picklist(subjectClaims, `is one of ${subjectClaims.join(", ")}`),
		"Of an identity provider: the claim that says which member of the account somebody is. `aud_sub` is their `sub` here, `email` an " +
			"address that an administrator says is theirs, or that they showed to be theirs. `aud_sub` where it is left out.",
	),
	tenant: v.nullable(
		described(text, "Of an identity provider of many: what `tenant` says; null where it is left out."),
	),
	rules: described(
		v.array(ruleSchema, "is a list of rules"),
		"Of an issuer of workloads: one of them has to be true of a token, for the client that the request names.",
	),
};

const kind = described(
	v.picklist(issuerKinds, `is one of ${issuerKinds.join(", ")}`),
	"`identity_provider`: it vouches for members of the account (ID-JAG); `workload`: for programs, such as the jobs of a CI system.",
);

const issuerSchema = titled("TrustedIssuer", v.object({ id: described(v.string(), "Its id."), kind, ...fields }));
const createSchema = titled(
	"TrustIssuer",
	v.strictObject({ ...v.partial(v.object(fields)).entries, kind, name: fields.name, issuer: fields.issuer }),
);
const editSchema = titled("EditTrustedIssuer", v.partial(v.strictObject(fields)));

/** `GET /v1/trusted-issuers` */
async function listIssuers({ services }: Call, actor: Actor): Promise<Response> {
	return json(200, { trusted_issuers: (await operations.listIssuers(actor, services)).map(shown) });
}

export const listTrustedIssuersEndpoint = endpointForAdministrator(listIssuers, {
	tag,
	summary: "List the issuers whose JWTs the account takes as a grant",
	answers: {
		200: {
			description: `All of them, by name: ${bounds.trustedIssuers.most} at most.`,
			schema: titled(
				"TrustedIssuerList",
				v.object({ trusted_issuers: described(v.array(issuerSchema), "All of them.") }),
			),
		},
	},
});

/** `POST /v1/trusted-issuers` */
async function trustIssuer(call: Call, actor: Actor, body: Body<typeof createSchema>): Promise<Response> {
	const draft = { ...draftOf(body, nobody), kind: body.kind };
	const written = await operations.trustIssuer(draft, nonceOf(call), actor, call.services);
	if (written.kind !== "written") return refuse(written);
	const { issuer } = written;
	return json(201, shown(issuer), { location: `/v1/trusted-issuers/${issuer.id}`, etag: etag(issuer.rev) });
}

export const trustIssuerEndpoint = bodyEndpointForAdministrator(trustIssuer, {
	tag,
	repeatable: true,
	summary: "Trust an issuer of JWTs",
	description:
		"RFC 7523 §2.1: its JWTs are a grant at the token endpoint. Of an identity provider those are ID-JAGs (MCP's Enterprise-Managed " +
		"Authorization): a client that is named here gets a token for a member of the account, who is not asked. Of an issuer of workloads, " +
		"a program that shows its token, and names the client, gets what the application would by a secret. Within 30 seconds everywhere.",
	body: {
		schema: createSchema,
		example: {
			kind: "identity_provider",
			name: "Acme's identity provider",
			issuer: "https://idp.acme.example",
			jwks_uri: "https://idp.acme.example/keys",
			algorithms: ["ES256"],
			clients: ["lkid_…"],
			subject: "email",
		},
	},
	answers: {
		201: { description: "The issuer.", schema: issuerSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		409: { description: `The account trusts it already, or ${bounds.trustedIssuers.most} of them.` },
	},
});

/** `GET /v1/trusted-issuers/{id}` */
async function readIssuer({ params, services }: Call, actor: Actor): Promise<Response> {
	const issuer = await operations.findIssuer(params.id ?? "", actor, services);
	return issuer ? json(200, shown(issuer), { etag: etag(issuer.rev) }) : notFound("issuer");
}

export const readTrustedIssuerEndpoint = endpointForAdministrator(readIssuer, {
	tag,
	summary: "Read an issuer that the account trusts",
	tagged: true,
	path: { id: "The issuer." },
	answers: {
		200: { description: "The issuer.", schema: issuerSchema },
		404: { description: "The account trusts no such issuer." },
	},
});

/** `PATCH /v1/trusted-issuers/{id}` */
async function editIssuer(
	{ request, params, services }: Call,
	actor: Actor,
	body: Body<typeof editSchema>,
): Promise<Response> {
	const edit = ifMatching(request, (issuer: Stored<TrustedIssuer>) => draftOf(body, issuer));
	const written = await operations.editIssuer(params.id ?? "", edit, actor, services);
	if (written.kind !== "written") return refuse(written);
	return json(200, shown(written.issuer), { etag: etag(written.issuer.rev) });
}

export const editTrustedIssuerEndpoint = bodyEndpointForAdministrator(editIssuer, {
	tag,
	summary: "Change an issuer that the account trusts",
	description: "What is left out stays; `kind` always does. It takes up to 30 seconds to reach every check.",
	tagged: true,
	path: { id: "The issuer." },
	body: { schema: editSchema, example: { algorithms: ["ES256", "EdDSA"] } },
	answers: {
		200: { description: "The issuer, as it stands now.", schema: issuerSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		404: { description: "The account trusts no such issuer." },
		409: { description: "The account trusts that issuer already, or others change it all the time." },
	},
});

/** `DELETE /v1/trusted-issuers/{id}` */
async function distrustIssuer({ request, params, services }: Call, actor: Actor): Promise<Response> {
	const isConditional = request.headers.has("if-match");
	const edit = ifMatching(request, ({ rev }: Stored<TrustedIssuer>) => ({ rev: isConditional ? rev : null }));
	const { kind: outcome } = await operations.distrustIssuer(params.id ?? "", edit, actor, services);
	if (outcome === "deleted") return empty(204);
	return refuse({ kind: outcome === "overtaken" ? "stale" : outcome });
}

export const distrustIssuerEndpoint = endpointForAdministrator(distrustIssuer, {
	tag,
	summary: "Trust an issuer no more",
	description:
		"Within 30 seconds nothing that it signed is taken. What was got for it goes on to its own end; people and administrators end it " +
		"as anything that was allowed.",
	tagged: true,
	path: { id: "The issuer." },
	answers: {
		204: { description: "It is trusted no more." },
		404: { description: "The account trusts no such issuer." },
	},
});

function refuse(refusal: Exclude<operations.IssuerWritten, { kind: "written" }>): Response {
	switch (refusal.kind) {
		case "invalid":
			return malformed(refusal.problems);
		case "taken":
			return fieldProblem("taken", "issuer", "The account trusts this issuer already: edit that entry instead.");
		case "full":
			return limitReached(bounds.trustedIssuers);
		case "unknown":
			return notFound("issuer");
		case "stale":
			return preconditionFailed();
		case "overtaken":
			return overtaken();
		case "not_permitted":
			return forAdministrators();
	}
}

const nobody: Omit<TrustedIssuer, "id" | "accountId" | "kind"> = {
	name: "",
	issuer: "",
	algorithms: assertionAlgs,
	clients: [],
	subject: "aud_sub",
	tenant: null,
	rules: [],
};

/** What is said in the place of what was there. */
function draftOf(body: Body<typeof editSchema>, before: typeof nobody): operations.IssuerEdit {
	const jwks = body.jwks === undefined ? before.jwks : body.jwks;
	const jwksUri = body.jwks_uri === undefined ? before.jwksUri : body.jwks_uri;
	const { name, issuer, algorithms, clients, subject, tenant, rules } = body;
	return {
		name: name ?? before.name,
		issuer: issuer ?? before.issuer,
		...(jwks && { jwks }),
		...((jwksUri ?? null) !== null && { jwksUri: jwksUri ?? "" }),
		algorithms: algorithms ?? before.algorithms,
		clients: clients ?? before.clients,
		subject: subject ?? before.subject,
		tenant: tenant === undefined ? before.tenant : tenant,
		rules: rules?.map(({ client_id, claims }) => ({ client: client_id, claims })) ?? before.rules,
	};
}

function shown(trusted: TrustedIssuer): v.InferOutput<typeof issuerSchema> {
	const { id, kind: vouches, name, issuer, jwks, jwksUri, algorithms, clients, subject, tenant, rules } = trusted;
	return {
		id,
		kind: vouches,
		name,
		issuer,
		jwks_uri: jwksUri ?? null,
		jwks: jwks ? { keys: [...jwks.keys] } : null,
		algorithms: [...algorithms],
		clients: [...clients],
		subject,
		tenant,
		rules: rules.map(({ client, claims }) => ({ client_id: client, claims: { ...claims } })),
	};
}
