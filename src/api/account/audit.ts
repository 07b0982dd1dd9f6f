import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import type { AuditFilter } from "../../domain/ports/audit-log.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { json } from "../../http/reply.ts";
import { rangeParameters, readUtcRange } from "../../http/utc-range.ts";
import { writeUtcInstant } from "../../http/utc-instant.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpointFor } from "../guard/access.ts";
import { endpointForOperator } from "../guard/operator.ts";
import { next } from "../list-endpoint.ts";
import { searchAudit } from "../../operations/events/search-audit.ts";

const entrySchema = titled(
	"AuditEntry",
	v.object({
		at: described(v.string(), "When, in UTC."),
		actor: described(v.string(), "The id of who did it, or `anonymous`, `setup`, `system`."),
		actor_name: v.nullable(described(v.string(), "Their name, while they have one.")),
		action: described(v.string(), "What was done, as noun and verb: `key.create`."),
		target: described(v.string(), "The id of what it was done to."),
		target_name: v.nullable(described(v.string(), "Its name, while it has one.")),
		address: v.nullable(described(v.string(), "The network address that it was done from.")),
		detail: described(v.record(v.string(), v.union([v.string(), v.number()])), "What else is known of it."),
	}),
);
const listSchema = titled(
	"AuditEntryList",
	v.object({ entries: described(v.array(entrySchema), "A page of them."), next }),
);

/** `GET /v1/audit` (audit:read) */
async function listAudit({ url, services }: Call, of: { readonly accountId: string | null }): Promise<Response> {
	const asked = readListPage(url);
	if (!asked.ok) return asked.response;
	const { query } = asked.page;
	const times = readUtcRange(query);
	if (!times.ok) return times.response;
	const filter: AuditFilter = {
		actor: query.get("actor") ?? null,
		action: query.get("action") ?? null,
		target: query.get("target") ?? null,
		...times.range,
	};
	const found = await searchAudit(filter, asked.page, of, services);
	if (!found) return wrongCursor();
	const entries = found.rows.map((entry) => ({
		at: writeUtcInstant(entry.at),
		actor: entry.actor,
		actor_name: entry.actorName,
		action: entry.action,
		target: entry.target,
		target_name: entry.targetName,
		address: entry.address,
		detail: entry.detail,
	}));
	return json(200, { entries, next: found.next });
}

const filters = {
	...pageParameters,
	actor: { description: "The id of who did it, or `anonymous`, `setup`, `system`." },
	action: { description: "An action (`key.create`), or a noun for all of its actions (`key`).", example: "grant" },
	target: { description: "The id of what it was done to." },
	...rangeParameters,
} as const;
const answers = {
	200: {
		description:
			"`next` is null on the last page. With two filters or more a page may have fewer entries than `limit` and yet not be the last.",
		schema: listSchema,
	},
	400: { description: "An unknown filter, a time that is not in UTC, or a cursor that is not of this list." },
};

export const listAuditEndpoint = endpointFor("audit:read", listAudit, {
	tag: "Audit",
	summary: "Search the account's audit log, newest first",
	description:
		"Who did what to which credential, from where, when. It has no secrets, and is kept for as long as the deployment says (`AUDIT_DAYS`).",
	query: filters,
	answers,
});

export const listDeploymentAuditEndpoint = endpointForOperator(listAudit, {
	tag: "Operation",
	summary: "Search the deployment's audit log, newest first",
	description:
		"What concerns no account, or an account as a whole: operators, accounts, clients that were ended, signing keys. What is done within an " +
		"account is in that account's own log.",
	query: filters,
	answers,
});
