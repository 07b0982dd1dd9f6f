import { readResources } from "../../domain/audience.ts";
import { readAskedScope } from "../../domain/scope.ts";
import { accessTokenType } from "../../domain/token-exchange.ts";
import { idJagType, idTokenType } from "../../domain/identity-assertion.ts";
import { eachOf } from "../../http/body.ts";
import { exchangeToken } from "../../operations/tokens/exchange-token.ts";
import { issueIdJag } from "../../operations/tokens/issue-id-jag.ts";
import { type GrantTypeHandler, invalidTarget, missing, scopeMalformed, type ToldRefusal } from "./grant-type.ts";
import type { TokenRequest } from "./token-request.ts";

/** RFC 8693 §2.1: an access token of ours in exchange for another. */
export const tokenExchange: GrantTypeHandler = async (params, client, call) => {
	if (params.get("requested_token_type") === idJagType) return assertion(params, client, call);
	const { address, sender, services } = call;
	const subjectToken = params.get("subject_token");
	if (subjectToken === undefined) return missing("subject_token");
	const actorToken = params.get("actor_token") ?? null;
	const wrongType = typeProblem(params);
	if (wrongType) return wrongType;
	const scope = readAskedScope(params.get("scope"));
	if (scope === "malformed") return scopeMalformed;
	// RFC 8693 §2.1: both say where the token is used, and may be given together.
	const all = [...(eachOf(params, "resource") ?? []), ...(eachOf(params, "audience") ?? [])];
	const named = readResources(all.length > 0 ? all : null, services.config.issuer);
	if (!named.ok) return invalidTarget(named.detail);
	const { resource } = named;
	return exchangeToken({ subjectToken, actorToken, scope, resource, sender, address }, client, services);
};

/** ID-JAG §4.3: an id_token of ours in exchange for an assertion for another authorization server. */
const assertion: GrantTypeHandler = async (params, client, { address, sender, services }) => {
	const subjectToken = params.get("subject_token");
	if (subjectToken === undefined) return missing("subject_token");
	const type = params.get("subject_token_type");
	if (type === undefined) return missing("subject_token_type");
	if (type !== idTokenType) return typeRefused(`subject_token_type has to be ${idTokenType} for an assertion`);
	// §4.3: what it would mean is not said, and to leave it out would be a guess.
	if (params.get("actor_token") !== undefined) return typeRefused("actor_token is not taken for an assertion");
	// §4.3.3: they MUST be heeded, and none are understood here.
	if (params.get("authorization_details") !== undefined) {
		const detail = "authorization_details are not taken for an assertion";
		return { ok: false, error: "invalid_request", reason: "authorization_details", detail };
	}
	const scope = readAskedScope(params.get("scope"));
	if (scope === "malformed") return scopeMalformed;
	const [audience, ...more] = eachOf(params, "audience") ?? [];
	if (audience === undefined) return missing("audience");
	if (more.length > 0) return invalidTarget("An assertion is for one audience");
	const named = readResources(eachOf(params, "resource") ?? null, services.config.issuer);
	if (!named.ok) return invalidTarget(named.detail);
	return issueIdJag({ subjectToken, audience, scope, resource: named.resource, sender, address }, client, services);
};

/** RFC 8693 §2.1: what is presented has its type beside it, and nothing else has. */
function typeProblem(params: TokenRequest): ToldRefusal | null {
	if (params.get("subject_token_type") === undefined) return missing("subject_token_type");
	const hasActor = params.get("actor_token") !== undefined;
	if (hasActor !== (params.get("actor_token_type") !== undefined)) {
		if (hasActor) return missing("actor_token_type");
		return typeRefused("actor_token_type is there without actor_token");
	}
	for (const name of ["subject_token_type", "actor_token_type", "requested_token_type"] as const) {
		const type = params.get(name);
		if (type !== undefined && type !== accessTokenType) return typeRefused(`${name} has to be ${accessTokenType}`);
	}
	return null;
}

function typeRefused(detail: string): ToldRefusal {
	return { ok: false, error: "invalid_request", reason: "token_type", detail };
}
