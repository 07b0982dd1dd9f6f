import type * as v from "valibot";
import { type Endpoint, endpoint } from "../../endpoint/endpoint.ts";
import { behind, type Guard } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import type { Call } from "../../endpoint/call.ts";
import type { Documentation } from "../../http/documentation.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import type { Actor } from "../../operations/actor.ts";
import { type ActorHandler, type Body, unconditionally } from "./access.ts";

type Said = Omit<Documentation, "credentials" | "login">;

/**
 * An endpoint for whoever administers the account. Their own login token opens it and nothing else: people are no permission that a
 * key or an application could have. What it writes looks once more whether they still do.
 */
export function endpointForAdministrator(handle: ActorHandler, doc: Said): Endpoint {
	const handled = doc.tagged ? handle : unconditionally(handle);
	return endpoint(behind(administrator, handled), { ...byLogin(doc, notAnAdministrator), login: "admin" });
}

/** {@link endpointForAdministrator}, with a JSON body that the documented schema has accepted. */
export function bodyEndpointForAdministrator<Schema extends v.GenericSchema>(
	handle: (call: Call, actor: Actor, body: Body<Schema>) => Promise<Response> | Response,
	doc: Omit<Said, "body"> & { readonly body: { readonly schema: Schema; readonly example: unknown } },
): Endpoint {
	const { schema } = doc.body;
	return endpointForAdministrator(
		async (call, actor) => {
			const read = await readJson(call.request, schema);
			return read.ok ? handle(call, actor, read.value) : read.response;
		},
		{ ...doc, body: { media: ["application/json"], ...doc.body } },
	);
}

/** An endpoint for whoever is signed in to the account, be it as a key: what they may do there is for it to say. */
export function endpointForLogin(handle: ActorHandler, doc: Said): Endpoint {
	const handled = doc.tagged ? handle : unconditionally(handle);
	return endpoint(behind(anybody, handled), { ...byLogin(doc, notAnAdministrator), login: "own" });
}

const anybody: Guard<Actor> = {
	...loginToken,
	caller: (actor) => actor,
	async check(credential, call) {
		const checked = await loginToken.check(credential, call);
		if (checked.kind === "refused") return checked;
		const { subject, accountId } = checked.who.facts;
		return { kind: "admitted", who: { subject, accountId, permissions: [], address: call.address } };
	},
};

const administrator: Guard<Actor> = {
	...anybody,
	async check(credential, call) {
		const checked = await anybody.check(credential, call);
		if (checked.kind === "refused") return checked;
		const { subject, accountId } = checked.who;
		const membership = await call.services.lookups.membership(subject, accountId);
		if (membership?.state === "active" && membership.role === "admin") return checked;
		return { kind: "refused", status: 403, code: "administrator_needed", detail: notAnAdministrator };
	},
};

const notAnAdministrator = "This needs the login token of an administrator of the account.";

/** For who administers it no more by the time that it is written. */
export function forAdministrators(): Response {
	return problem(403, notAnAdministrator, { code: "administrator_needed" });
}

function byLogin({ answers, ...doc }: Said, forbidden: string): Omit<Documentation, "login"> {
	return {
		...doc,
		credentials: ["bearer"],
		answers: {
			400: { description: "Two credentials that differ." },
			401: { description: "No login token, or one that is not valid any more." },
			403: { description: forbidden },
			...(doc.body && { 413: { description: "The body is larger than 64 KiB." } }),
			...answers,
		},
	};
}
