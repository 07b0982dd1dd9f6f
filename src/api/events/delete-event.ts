import { empty } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { removeEvent } from "../../operations/events/remove-event.ts";
import { endpointFor } from "../guard/access.ts";
import { notFound } from "../refusals.ts";

/** `DELETE /v1/events/{id}` (events:delete) */
async function deleteEvent({ params, services }: Call, actor: Actor): Promise<Response> {
	const outcome = await removeEvent(params.id ?? "", "event", actor, services);
	return outcome === "removed" ? empty(204) : notFound("event");
}

export const deleteEventEndpoint = endpointFor("events:delete", deleteEvent, {
	tag: "Events",
	summary: "Delete an event",
	description:
		"By the `id` that a search has found it with; one that cannot be read, and so is not found, is named in the log and deleted " +
		"in the same way. A change event is deleted at the address of contract 002.",
	answers: {
		204: { description: "It is gone." },
		404: { description: "The account has no such event." },
	},
});
