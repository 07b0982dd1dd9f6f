import * as v from "valibot";
import { type AlertKind, alertKinds, isAlertKind } from "../../domain/alert.ts";
import type { Call } from "../../endpoint/call.ts";
import { sentInstant, described, titled } from "../../http/described.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { fieldProblem } from "../../http/problem.ts";
import { json } from "../../http/reply.ts";
import { rangeParameters, readUtcRange } from "../../http/utc-range.ts";
import type { Actor } from "../../operations/actor.ts";
import * as operations from "../../operations/events/alerts.ts";
import { searchAlerts } from "../../operations/events/search.ts";
import { type Body, bodyEndpointFor, endpointFor } from "../guard/access.ts";
import { next } from "../list-endpoint.ts";
import { notFound } from "../refusals.ts";
import { alertAnswer, alertSchema } from "./alert-answer.ts";

const kindNames = Object.keys(alertKinds).filter(isAlertKind);
const newOnes = described(v.number(), "How many alerts of the account nobody has acknowledged.");

/** `GET /v1/alerts` (alerts:read) */
async function listAlerts({ url, services }: Call, { accountId }: Actor): Promise<Response> {
	const asked = readListPage(url);
	if (!asked.ok) return asked.response;
	const { cursor, limit, query } = asked.page;
	const times = readUtcRange(query);
	if (!times.ok) return times.response;
	const [kind = null, state] = [query.get("kind"), query.get("state")];
	if (kind !== null && !isAlertKind(kind))
		return fieldProblem("wrong_query", "kind", `Is one of ${kindNames.join(", ")}.`);
	if (state !== undefined && state !== "new" && state !== "acknowledged") {
		return fieldProblem("wrong_query", "state", "Is new or acknowledged.");
	}
	const { from, to: before } = times.range;
	const filter = { kind, acknowledged: state === undefined ? null : state === "acknowledged" };
	const [found, count] = await Promise.all([
		searchAlerts({ conditions: [], from, before, cursor, limit }, filter, accountId, services),
		operations.countNewAlerts(accountId, services),
	]);
	if (!found) return wrongCursor();
	return json(200, { alerts: found.rows.map(alertAnswer), new: count, next: found.next });
}

export const listAlertsEndpoint = endpointFor("alerts:read", listAlerts, {
	tag: "Alerts",
	summary: "List the account's alerts, newest first",
	description:
		"What latchkey noticed by itself, one for each kind, subject and hour. " +
		"`POST /api/public/alert/search` finds them by more than that.",
	query: {
		...pageParameters,
		kind: { description: "What was noticed.", example: "dead_key_used", schema: { type: "string", enum: kindNames } },
		state: {
			description: "Only those that are `new`, or that somebody has acknowledged.",
			example: "new",
			schema: { type: "string", enum: ["new", "acknowledged"] },
		},
		...rangeParameters,
	},
	answers: {
		200: {
			description: "By when each was first seen. A page may have fewer than `limit` and yet not be the last.",
			schema: titled(
				"Alerts",
				v.object({ alerts: described(v.array(alertSchema), "A page of them."), new: newOnes, next }),
			),
		},
		400: { description: "An unknown kind, a time that is not in UTC, or a cursor that is not of this list." },
	},
});

const one = {
	tag: "Alerts",
	answers: {
		200: { description: "The alert, as it is now.", schema: alertSchema },
		404: { description: "The account has no such alert." },
	},
} as const;

/** `PUT /v1/alerts/:id/acknowledgement` (alerts:write) */
async function acknowledge({ params, services }: Call, actor: Actor): Promise<Response> {
	const alert = await operations.acknowledgeAlert(params.id ?? "", actor, services);
	return alert ? json(200, alertAnswer(alert)) : notFound("alert");
}

export const acknowledgeEndpoint = endpointFor("alerts:write", acknowledge, {
	...one,
	summary: "Acknowledge an alert",
	description:
		"For the whole account. It stands for the hour of the alert, whatever is counted there later; another hour is another alert. " +
		"One that was acknowledged already stays as it was.",
});

/** `DELETE /v1/alerts/:id/acknowledgement` (alerts:write) */
async function reopen({ params, services }: Call, actor: Actor): Promise<Response> {
	const alert = await operations.reopenAlert(params.id ?? "", actor, services);
	return alert ? json(200, alertAnswer(alert)) : notFound("alert");
}

export const reopenAlertEndpoint = endpointFor("alerts:write", reopen, {
	...one,
	summary: "Reopen an alert that was acknowledged",
});

const allSchema = titled(
	"AcknowledgeAlerts",
	v.strictObject({
		first_seen_by: sentInstant("Only alerts that were first seen by then: when you looked, so that none goes unseen."),
		kind: v.optional(described(v.picklist(kindNames, `is one of ${kindNames.join(", ")}`), "Of this kind alone.")),
	}),
);

/** `POST /v1/alerts/acknowledge` (alerts:write) */
async function acknowledgeAll({ services }: Call, actor: Actor, body: Body<typeof allSchema>): Promise<Response> {
	const kind: AlertKind | null = body.kind ?? null;
	const acknowledged = await operations.acknowledgeAlerts({ kind, seenBy: body.first_seen_by }, actor, services);
	return json(200, { acknowledged, new: await operations.countNewAlerts(actor.accountId, services) });
}

export const acknowledgeAllEndpoint = bodyEndpointFor("alerts:write", acknowledgeAll, {
	tag: "Alerts",
	repeatable: true,
	summary: "Acknowledge all alerts that you have seen",
	body: { schema: allSchema, example: { first_seen_by: "2026-01-31T08:00:00Z" } },
	answers: {
		200: {
			description: "How many that were.",
			schema: titled(
				"AcknowledgedAlerts",
				v.object({ acknowledged: described(v.number(), "How many were new until now."), new: newOnes }),
			),
		},
		400: { description: "An unknown kind, or a time without an offset." },
	},
});
