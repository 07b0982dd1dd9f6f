import type * as v from "valibot";
import { parseSubject } from "../../domain/subject.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Endpoint, endpoint } from "../../endpoint/endpoint.ts";
import { behind, type Guard } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import type { Documentation } from "../../http/documentation.ts";
import { readJson } from "../../http/read-json.ts";
import type { OperatorActor } from "../../operations/actor.ts";
import { operatorOf } from "../../operations/people/operators.ts";
import { type Body, unconditionally } from "./access.ts";

export type OperatorHandler = (call: Call, operator: OperatorActor) => Promise<Response> | Response;

/**
 * An endpoint for whoever runs the deployment. Their own login token opens it and nothing else, since no key, client or
 * application is an operator; that they are one, the register says at each request.
 */
export function endpointForOperator(
	handle: OperatorHandler,
	doc: Omit<Documentation, "credentials" | "login">,
): Endpoint {
	const handled = doc.tagged ? handle : unconditionally(handle);
	return endpoint(behind(operator, handled), { ...doc, credentials: ["bearer"], login: "operator", answers: all(doc) });
}

/** {@link endpointForOperator}, with a JSON body that the documented schema has accepted. */
export function bodyEndpointForOperator<Schema extends v.GenericSchema>(
	handle: (call: Call, operator: OperatorActor, body: Body<Schema>) => Promise<Response> | Response,
	doc: Omit<Documentation, "credentials" | "login" | "body"> & {
		readonly body: { readonly schema: Schema; readonly example: unknown };
	},
): Endpoint {
	const { schema } = doc.body;
	return endpointForOperator(
		async (call, operator) => {
			const read = await readJson(call.request, schema);
			return read.ok ? handle(call, operator, read.value) : read.response;
		},
		{ ...doc, body: { media: ["application/json"], ...doc.body } },
	);
}

/** A person, and whether they run the deployment. */
export interface PersonActor extends OperatorActor {
	readonly isOperator: boolean;
}

/** For any person's own login token, whatever they are in the account that it is of. */
export function bodyEndpointForPerson<Schema extends v.GenericSchema>(
	handle: (call: Call, person: PersonActor, body: Body<Schema>) => Promise<Response> | Response,
	doc: Omit<Documentation, "credentials" | "login" | "body"> & {
		readonly body: { readonly schema: Schema; readonly example: unknown };
	},
): Endpoint {
	const { schema } = doc.body;
	const handled = unconditionally(async (call: Call, person: PersonActor) => {
		const read = await readJson(call.request, schema);
		return read.ok ? handle(call, person, read.value) : read.response;
	});
	const whole = { ...doc, body: { media: ["application/json"], ...doc.body } as const };
	return endpoint(behind(somebody, handled), {
		...whole,
		credentials: ["bearer"],
		login: "own",
		answers: all(whole),
	});
}

const somebody: Guard<PersonActor> = {
	...loginToken,
	caller: (person) => person,
	async check(credential, call) {
		const checked = await loginToken.check(credential, call);
		if (checked.kind === "refused") return checked;
		const { subject } = checked.who.facts;
		const detail = "This needs a person's own login token.";
		if (parseSubject(subject)?.kind !== "person")
			return { kind: "refused", status: 403, code: "person_needed", detail };
		const isOperator = (await operatorOf(subject, call.address, call.services)) !== null;
		return { kind: "admitted", who: { subject, accountId: null, address: call.address, isOperator } };
	},
};

/** Their own login token. */
export const operator: Guard<OperatorActor> = {
	...loginToken,
	caller: (actor) => actor,
	async check(credential, call) {
		const checked = await loginToken.check(credential, call);
		if (checked.kind === "refused") return checked;
		const { subject } = checked.who.facts;
		// Before anything is looked up by what the request names: nobody else learns which accounts there are.
		const found =
			parseSubject(subject)?.kind === "person" ? await operatorOf(subject, call.address, call.services) : null;
		return found
			? { kind: "admitted", who: found }
			: { kind: "refused", status: 403, code: "operator_needed", detail: notAnOperator };
	},
};

export const notAnOperator = "This needs the login token of an operator of this deployment.";

function all({ body, answers }: Pick<Documentation, "body" | "answers">): Documentation["answers"] {
	return {
		400: { description: "Two credentials that differ." },
		401: { description: "No login token, or one that is not valid any more." },
		403: { description: "The login token is not an operator's." },
		...(body && { 413: { description: "The body is larger than 64 KiB." } }),
		...answers,
	};
}
