import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { parseSubject } from "../../domain/subject.ts";
import { bounds } from "../../domain/bounds.ts";
import type { Operator } from "../../domain/ports/operators.ts";
import { described, instant, titled } from "../../http/described.ts";
import { empty, json } from "../../http/reply.ts";
import { problem } from "../../http/problem.ts";
import { addOperator, listOperators, removeOperator } from "../../operations/people/operators.ts";
import { bodyEndpointForOperator, endpointForOperator, notAnOperator } from "../guard/operator.ts";
import { conflict, notFound, limitReached } from "../refusals.ts";

const tag = "Operation";

const operatorSchema = titled(
	"Operator",
	v.object({
		id: described(v.string(), "The person, by the `sub` of their tokens."),
		username: described(v.string(), "What they sign in with."),
		name: described(v.string(), "As people call them."),
		since: v.nullable(instant("Since when they are an operator; null where that was not noted.")),
	}),
);

function shown({ id, username, name, since }: Operator) {
	// 0: of one who was there before it was noted.
	return { id, username, name, since: since === 0 ? null : writeInstant(since) };
}

export const listOperatorsEndpoint = endpointForOperator(
	async ({ services }) => json(200, { operators: (await listOperators(services)).map(shown) }),
	{
		tag,
		summary: "List who runs the deployment",
		description:
			"By an operator's own login token. An operator makes, suspends and deletes accounts and ends clients; no secret is shown to " +
			"them, and in an account they may do what any of its members may, if they are one.",
		answers: {
			200: {
				description: "All of them, by name.",
				schema: titled(
					"OperatorList",
					v.object({ operators: described(v.array(operatorSchema), `At most ${bounds.operators.most}.`) }),
				),
			},
		},
	},
);

const { id, username, name } = operatorSchema.entries;

/** `POST /v1/operators` */
export const addOperatorEndpoint = bodyEndpointForOperator(
	async ({ services }, by, { username: said }) => {
		const added = await addOperator(said, by, services);
		switch (added.kind) {
			case "added":
			case "same": {
				const { person } = added;
				return json(200, { id: person.id, username: person.username, name: person.name });
			}
			case "unknown":
				return notFound("person");
			case "full":
				return limitReached(bounds.operators);
			case "not_permitted":
				return problem(403, notAnOperator, { code: "operator_needed" });
		}
	},
	{
		tag,
		repeatable: true,
		summary: "Add an operator",
		description:
			"Of somebody who has a user name here, whichever account they belong to. It counts from their next request on.",
		body: {
			schema: titled(
				"AddOperator",
				v.strictObject({
					username: described(
						v.pipe(v.string("is a string"), v.maxLength(100, "is too long")),
						"What they sign in with.",
					),
				}),
			),
			example: { username: "grace" },
		},
		answers: {
			200: {
				description: "They are an operator now, or were one before.",
				schema: titled("AddedOperator", v.object({ id, username, name })),
			},
			404: { description: "Nobody has that user name." },
			409: { description: "There are as many as there may be." },
		},
	},
);

/** `DELETE /v1/operators/{id}` */
export const removeOperatorEndpoint = endpointForOperator(
	async ({ params, services }, by) => {
		const who = params.id ?? "";
		const removed = parseSubject(who) ? await removeOperator(who, by, services) : "unknown";
		switch (removed) {
			case "removed":
				return empty(204);
			case "unknown":
				return notFound("operator");
			case "last":
				return conflict(lastOperator);
			case "not_permitted":
				return problem(403, notAnOperator, { code: "operator_needed" });
		}
	},
	{
		tag,
		summary: "End what makes a person an operator",
		description: "Their own, or another's. Memberships stay. A deployment always keeps one.",
		path: { id: "The `id` of a listed operator." },
		answers: {
			204: { description: "They are no operator from their next request on." },
			404: { description: "No operator has that id." },
			409: { description: "It is the only operator." },
		},
	},
);

const lastOperator = "This is the deployment's only operator. Add another one first.";
