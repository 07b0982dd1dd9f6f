import * as v from "valibot";
import { auditList } from "../../domain/audit-list.ts";
import type { Call } from "../../endpoint/call.ts";
import { isProblem, onceOnly } from "../../http/body.ts";
import { described, instant, titled } from "../../http/described.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { listParameters, readListQuery } from "../../http/list-query.ts";
import { fieldProblem, problem } from "../../http/problem.ts";
import { json, streamedDownload } from "../../http/reply.ts";
import { auditFormats, exportAudit, isAuditFormat, writtenEntry } from "../../operations/events/export-audit.ts";
import { searchAudit } from "../../operations/events/search-audit.ts";
import { endpointFor } from "../guard/access.ts";
import { endpointForOperator } from "../guard/operator.ts";
import { next, previous, refuseQuery } from "../list-endpoint.ts";

const entrySchema = titled(
	"AuditEntry",
	v.object({
		at: instant("When."),
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
	v.object({ entries: described(v.array(entrySchema), "A page of them."), next, previous }),
);

/** `GET /v1/audit` (audit:read) */
async function listAudit({ url, services }: Call, of: { readonly accountId: string | null }): Promise<Response> {
	const asked = readListPage(url);
	if (!asked.ok) return asked.response;
	const { query, ...page } = asked.page;
	const narrowed = readListQuery(auditList, query);
	if (!narrowed.ok) return refuseQuery(narrowed.errors);
	const found = await searchAudit({ ...page, ...narrowed.asked }, of, services);
	if (!found) return wrongCursor();
	return json(200, { entries: found.rows.map(writtenEntry), next: found.next, previous: found.previous });
}

/** `GET /v1/audit/export` (audit:read) */
async function exportLog({ url, services }: Call, by: LogReader): Promise<Response> {
	const query = onceOnly(url.searchParams);
	if (isProblem(query)) return problem(400, query.detail);
	const narrowed = readListQuery(auditList, query);
	if (!narrowed.ok) return refuseQuery(narrowed.errors);
	const format = query.get("format") ?? "json";
	if (!isAuditFormat(format)) return fieldProblem("wrong_query", "format", `Is one of ${auditFormats.join(", ")}.`);
	const { text, ...file } = await exportAudit(narrowed.asked, format, by, services);
	return streamedDownload(file, text);
}

type LogReader = Parameters<typeof exportAudit>[2];

const query = { ...pageParameters, ...listParameters(auditList) };
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
	query,
	answers,
});

export const listDeploymentAuditEndpoint = endpointForOperator(listAudit, {
	tag: "Operation",
	summary: "Search the deployment's audit log, newest first",
	description:
		"What concerns no account, or an account as a whole: operators, accounts, clients that were ended, signing keys. What is done within an " +
		"account is in that account's own log.",
	query,
	answers,
});

const file = {
	description:
		"All that the filters find, newest first, sent as it is read. In CSV (RFC 4180) a cell that a spreadsheet would take for a formula " +
		"begins with a quote, and `detail` is JSON. The export is noted in the log itself.",
	query: {
		...listParameters(auditList),
		format: { description: "What to write it as.", schema: { type: "string", enum: auditFormats, default: "json" } },
	},
	answers: {
		200: {
			description: "The file. What broke off is no JSON.",
			schema: titled("AuditExport", v.object({ entries: described(v.array(entrySchema), "All of them.") })),
		},
		400: { description: "An unknown filter or format, or a time that is not in UTC." },
	},
} as const;

export const exportAuditEndpoint = endpointFor("audit:read", exportLog, {
	tag: "Audit",
	summary: "Export the account's audit log as JSON or CSV",
	...file,
});

export const exportDeploymentAuditEndpoint = endpointForOperator(exportLog, {
	tag: "Operation",
	summary: "Export the deployment's audit log as JSON or CSV",
	...file,
});
