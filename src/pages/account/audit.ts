import { page } from "../../http/reply.ts";
import { readUtcInstant } from "../../http/utc-instant.ts";
import { searchAudit } from "../../operations/events/search-audit.ts";
import { type AuditField, auditView } from "./audit-log.tsx";
import { nextUrl } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import type { Call } from "../../endpoint/call.ts";
import type { Frame } from "../frame/console-frame.tsx";

/** `GET /console/:slug/audit`, with the filters of `GET /v1/audit`; a day stands for its first second in UTC. */
export const auditPage = inConsole("audit", "audit:read", (visit) => showAudit(visit, visit.actor));

/** The same of the deployment's log: of what concerns no account, or an account as a whole. */
export async function showAudit(
	visit: Pick<Call, "url" | "services"> & { readonly frame: Frame },
	of: { readonly accountId: string | null },
): Promise<Response> {
	const { url, services, frame } = visit;
	const typed = (field: AuditField) => (url.searchParams.get(field) ?? "").trim();
	const filter = {
		actor: typed("actor"),
		action: typed("action"),
		target: typed("target"),
		from: typed("from"),
		to: typed("to"),
	};
	const [from, to] = [readTime(filter.from), readTime(filter.to)];
	const rule = "Write a time in UTC, ending in Z: 2026-01-31T08:00:00Z. A day alone will do: 2026-01-31.";
	const errors = { ...(from === "malformed" && { from: rule }), ...(to === "malformed" && { to: rule }) };
	const shown = { frame, filter, keptDays: Math.round(services.config.auditTtl / 86_400) };
	if (from === "malformed" || to === "malformed") {
		return page(400, auditView({ ...shown, errors, entries: [], nextUrl: null }));
	}
	const asked = { actor: orNull(filter.actor), action: orNull(filter.action), target: orNull(filter.target), from, to };
	const cursor = url.searchParams.get("cursor");
	const found = await searchAudit(asked, { cursor, limit: 50 }, of, services);
	if (!found) return notThere(visit);
	const kept = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
	return page(200, auditView({ ...shown, errors, entries: found.rows, nextUrl: nextUrl(visit, found.next, kept) }));
}

function readTime(text: string): number | null | "malformed" {
	if (text === "") return null;
	const time = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
	return readUtcInstant(time) ?? "malformed";
}

function orNull(text: string): string | null {
	return text === "" ? null : text;
}
