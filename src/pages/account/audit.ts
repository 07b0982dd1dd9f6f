import { auditList } from "../../domain/audit-list.ts";
import { isNarrowed } from "../../domain/list-query.ts";
import type { Params } from "../../http/body.ts";
import { page, streamedDownload } from "../../http/reply.ts";
import { readListQuery } from "../../http/list-query.ts";
import type { Call } from "../../endpoint/call.ts";
import { exportAudit, isAuditFormat } from "../../operations/events/export-audit.ts";
import * as operations from "../../operations/events/search-audit.ts";
import type { NamedEntry } from "../../operations/events/search-audit.ts";
import type { Frame } from "../frame/frame.ts";
import { around, type AskedList, readList, typedOf } from "../frame/list.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { auditView, nobodies } from "./audit-log.tsx";
import { actionChoices } from "./audit-words.ts";

/** `GET /console/:slug/audit`, with the filters of `GET /v1/audit`, and `?q=` for whose name begins like that. */
export const auditPage = inConsole("audit", "audit:read", (visit) => showAudit(visit, visit.actor));

/** `POST /console/:slug/audit/export` */
export const exportAuditPage = inConsole("audit", "audit:read", (visit) => exportLog(visit, visit.actor));

type Visited = Pick<Call, "url" | "services"> & { readonly frame: Frame };
interface OfAccount {
	readonly accountId: string | null;
}

/** The same of the deployment's log: of what concerns no account, or an account as a whole. */
export async function showAudit(visit: Visited, of: OfAccount): Promise<Response> {
	const { url, services, frame } = visit;
	const list = readList(auditList, url);
	const { asked, cursor } = list;
	const found = asked && (await operations.searchAudit({ ...asked, cursor, limit: 50 }, of, services));
	if (asked && !found) return notThere(visit);
	const { controls, previousUrl, nextUrl } = around(auditList, url, list, found);
	const q = (url.searchParams.get("q") ?? "").trim().slice(0, 100);
	return page(
		asked ? 200 : 400,
		auditView({
			frame,
			controls: { ...controls, total: null, ...(await choices(list, found?.rows ?? [], of, services)) },
			isNarrowed: asked !== null && isNarrowed(asked),
			q,
			called: q === "" ? [] : await operations.partiesCalled(q, of, services),
			entries: found?.rows ?? [],
			previousUrl,
			nextUrl,
			keptDays: Math.round(services.config.auditTtl / 86_400),
		}),
	);
}

/** By name, and nobody has to know an id: what is looked at now is among them, whatever it is. */
async function choices(
	{ typed }: AskedList<typeof auditList>,
	rows: readonly NamedEntry[],
	of: OfAccount,
	services: Call["services"],
) {
	const { actor, action, target } = typed;
	const chosen = [actor, target].filter((id) => id !== undefined);
	const [people, names] = await Promise.all([
		operations.peopleOfLog(of, services),
		operations.auditNames(chosen, of, services),
	]);
	const told = new Map(
		rows.flatMap((row) => [[row.actor, row.actorName] as const, [row.target, row.targetName] as const]),
	);
	const nameOf = (id: string) => names.get(id) ?? told.get(id) ?? nobodies.get(id) ?? id;
	const withChosen = (options: readonly { value: string; label: string }[], value: string | undefined) =>
		value === undefined || options.some((option) => option.value === value)
			? options
			: [{ value, label: nameOf(value) }, ...options];
	const actors = [
		...people.map(({ id, name }) => ({ value: id, label: name })),
		...["anonymous", "system"].map((value) => ({ value, label: nameOf(value) })),
	];
	const { target: onWhat, ...filters } = auditList.filters;
	return {
		shape: { ...auditList, filters: target === undefined ? filters : { ...filters, target: onWhat } },
		options: {
			actor: withChosen(actors, actor),
			action: withChosen(actionChoices(), action),
			target: withChosen([], target),
		},
	};
}

/** By a form, since it is noted. */
export async function exportLog(
	{ form, services, frame }: Visited & { readonly form: Params },
	by: Parameters<typeof exportAudit>[2],
): Promise<Response> {
	const narrowed = readListQuery(auditList, new Map(Object.entries(typedOf(auditList, form))));
	const format = form.get("format") ?? "";
	if (!narrowed.ok || !isAuditFormat(format)) return notThere({ frame });
	const { text, ...file } = await exportAudit(narrowed.asked, format, by, services);
	return streamedDownload(file, text);
}
