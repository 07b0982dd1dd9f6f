import type * as v from "valibot";
import type { Permission } from "../../domain/permission.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import { type Endpoint, endpoint } from "../../endpoint/endpoint.ts";
import {
	asProblem,
	behind,
	type ErrorForm,
	type Guard,
	insufficientScope,
	invalidToken,
	presentedIn,
	refusedSender,
	tooManyUses,
	twoCredentials,
} from "../../endpoint/guard.ts";
import type { Documentation } from "../../http/documentation.ts";
import { readCredential } from "../../http/presented-credential.ts";
import { ifMatch } from "../../http/preconditions.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import type { Actor } from "../../operations/actor.ts";
import { noteRefused } from "../../operations/checks/note-refused.ts";
import { findActor } from "../../operations/checks/find-actor.ts";
import { keyIn } from "../../operations/parties.ts";
import { withRolesOfNow } from "../../operations/standing.ts";

/** How refusals are put, in this API and in contract 002. */
export interface AccessWords {
	readonly none: string;
	readonly noBearer: string;
	readonly conflict: string;
	readonly expired: string;
	readonly invalid: string;
	readonly elsewhere: string;
	readonly forbidden: (permission: Permission) => string;
}

const words: AccessWords = {
	none: "Send an access token as Authorization: Bearer, or an access code as x-api-key.",
	noBearer: "X-LAST9-API-TOKEN has to be `Bearer <access token>`.",
	conflict: twoCredentials.detail,
	expired: "The credential has expired.",
	invalid: "The credential is not valid.",
	elsewhere: "The credential does not open that account.",
	forbidden: (permission) => `This needs the permission ${permission}.`,
};

/** No account has this id: one that does not exist is another one than any credential opens. */
const nowhere = "";

export type ActorHandler = (call: Call, actor: Actor) => Promise<Response> | Response;

/** An endpoint for whoever may do this in the account: with what the guard takes, and answers, in its documentation. */
export function endpointFor(
	permission: Permission,
	handle: ActorHandler,
	doc: Omit<Documentation, "credentials">,
): Endpoint {
	const query = { ...doc.query, account: accountParameter };
	const handled = doc.tagged ? handle : unconditionally(handle);
	return endpoint(mayDo(permission, handled), { ...guarded(doc), query }, permission);
}

/** RFC 9110 §13.1.1: what has no tag has none that a request could be for. */
export function unconditionally<Who>(
	handle: (call: Call, who: Who) => Promise<Response> | Response,
): (call: Call, who: Who) => Promise<Response> | Response {
	return (call, who) => {
		if (isRead(call.request) || ifMatch(call.request)("")) return handle(call, who);
		return problem(412, "There is no ETag of this, so that only * is an If-Match for it.", { code: "no_etag" });
	};
}

function isRead({ method }: Request): boolean {
	return method === "GET" || method === "HEAD";
}

/** What a handler gets of the body that its documentation describes. */
export type Body<Schema extends v.GenericSchema> = v.InferOutput<Schema>;

/** {@link endpointFor}, with a JSON body that the documented schema has accepted. */
export function bodyEndpointFor<Schema extends v.GenericSchema>(
	permission: Permission,
	handle: (call: Call, actor: Actor, body: Body<Schema>) => Promise<Response> | Response,
	doc: Omit<Documentation, "credentials" | "body"> & {
		readonly body: { readonly schema: Schema; readonly example: unknown };
	},
): Endpoint {
	const { schema } = doc.body;
	return endpointFor(
		permission,
		async (call, actor) => {
			const read = await readJson(call.request, schema);
			return read.ok ? handle(call, actor, read.value) : read.response;
		},
		{ ...doc, body: { media: ["application/json"], ...doc.body } },
	);
}

/** The documentation of an endpoint behind {@link mayDo}. */
export function guarded(doc: Omit<Documentation, "credentials">): Documentation {
	const answers = {
		400: { description: "Two credentials that differ." },
		401: { description: "No credential, or one that is not good any more." },
		403: { description: "The credential lacks the permission, or is of another account." },
		...(doc.body && { 413: { description: "The body is larger than 64 KiB." } }),
		...doc.answers,
	};
	return { ...doc, credentials: ["bearer", "access_code", "access_code_query", "last9"], answers };
}

export const accountParameter = {
	description: "The account that the request is about, by its slug; the credential's own where it is left out.",
};

/**
 * For whoever may do this in the account: that of the path's `{org}`, of `?account=` (both slugs), or the credential's own.
 */
export function mayDo(
	permission: Permission,
	handle: ActorHandler,
	said: AccessWords = words,
	form: ErrorForm = asProblem,
): Handler {
	const guard: Guard<Actor> = {
		scope: permission,
		form,
		caller: (actor) => actor,
		read(call) {
			const { request, url } = call;
			const presented = readCredential(request, url);
			switch (presented.kind) {
				case "bearer":
				case "dpop":
					return presentedIn(call, presented);
				case "api_key":
					return presented;
				case "none":
					return { kind: "refused", status: 401, detail: said.none };
				case "no_bearer":
					return { kind: "refused", status: 401, error: "invalid_request", detail: said.noBearer };
				case "conflict":
					return { kind: "refused", status: 400, detail: said.conflict };
			}
		},
		async check(presented, { request, url, params, services: remembering, address }) {
			const services = isRead(request) ? remembering : withRolesOfNow(remembering);
			const slug = params.org ?? url.searchParams.get("account");
			const accountOf = async () =>
				slug === null ? null : ((await services.lookups.accountBySlug(slug))?.id ?? nowhere);
			const found = await findActor(presented, accountOf, { path: url.pathname, address }, services);
			// Not `insufficient_scope`: no other scope of the same grant would open it.
			const elsewhere = { kind: "refused", status: 403, code: "other_account", detail: said.elsewhere } as const;
			if (found.kind === "unproven") return refusedSender(found);
			if (found.kind === "limited") return tooManyUses(found);
			if (found.kind !== "actor") return found.kind === "elsewhere" ? elsewhere : invalidToken(said[found.kind]);
			if (found.actor.permissions.includes(permission)) return { kind: "admitted", who: found.actor };
			const { accountId, subject } = found.actor;
			services.usage.note("missing_permission", [{ accountId, objects: keyIn(subject) }]);
			noteRefused(found.actor, permission, services);
			return { ...insufficientScope(said.forbidden(permission)), permission };
		},
	};
	return behind(guard, handle);
}
