import { writeInstant } from "../../domain/instant.ts";
import type { auditList } from "../../domain/audit-list.ts";
import { csvLine } from "../../domain/csv.ts";
import type { ListAsked } from "../../domain/list-query.ts";
import type { AuditFilter, AuditPosition, NumberedEntry } from "../../domain/ports/audit-log.ts";
import { entryOf } from "../audit.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { named, type NamedEntry } from "./search-audit.ts";

export const auditFormats = ["json", "csv"] as const;
export type AuditFormat = (typeof auditFormats)[number];

export function isAuditFormat(text: string): text is AuditFormat {
	return auditFormats.some((format) => format === text);
}

/** A file that is written as it is read. */
export interface AuditFile {
	readonly media: string;
	readonly fileName: string;
	readonly text: AsyncIterable<string>;
}

/**
 * All that the filters find, newest first: a slice at a time, whatever there is. That it was asked for is noted before it begins, and
 * what is noted meanwhile is not in it.
 */
export async function exportAudit(
	{ filters }: Pick<ListAsked<typeof auditList>, "filters">,
	format: AuditFormat,
	by: { readonly subject: string; readonly accountId: string | null; readonly address: string | null },
	services: Services,
): Promise<AuditFile> {
	const given = Object.fromEntries(
		Object.entries(filters).filter((each): each is [string, string | number] => each[1] !== null),
	);
	const act = { action: "audit.export", target: by.accountId ?? by.subject, detail: { format, ...given } };
	await portsOf(services).auditLog.add([entryOf(by, act, services)]);
	const entries = slices(filters, by.accountId, services);
	const fileName = `audit.${format}`;
	return format === "csv"
		? { media: "text/csv; charset=utf-8", fileName, text: csvOf(entries) }
		: { media: "application/json", fileName, text: jsonOf(entries) };
}

/** A million entries are 200 of these: with their names, fewer questions than one request may ask of D1. */
const slice = 5000;

async function* slices(
	filters: AuditFilter,
	accountId: string | null,
	services: Services,
): AsyncGenerator<readonly NamedEntry[]> {
	interface Part {
		readonly rows: readonly NumberedEntry[];
		readonly next: AuditPosition | null;
	}
	let after: AuditPosition | null = null;
	do {
		const { rows, next }: Part = await portsOf(services).auditLog.search(accountId, filters, after, slice);
		if (rows.length > 0) yield await named(rows, accountId, services);
		after = next;
	} while (after !== null);
}

const columns = ["at", "actor", "actor_name", "action", "target", "target_name", "address"] as const;

async function* csvOf(entries: AsyncIterable<readonly NamedEntry[]>): AsyncGenerator<string> {
	yield csvLine([...columns, "detail"]);
	for await (const part of entries) {
		const lines = part.map(writtenEntry).map((entry) => {
			return csvLine([...columns.map((column) => entry[column] ?? ""), JSON.stringify(entry.detail)]);
		});
		yield lines.join("");
	}
}

/** What broke off is no JSON, so that nobody takes a part for the whole. */
async function* jsonOf(entries: AsyncIterable<readonly NamedEntry[]>): AsyncGenerator<string> {
	yield '{"entries":[';
	let before = "\n";
	for await (const part of entries) {
		yield before + part.map((entry) => JSON.stringify(writtenEntry(entry))).join(",\n");
		before = ",\n";
	}
	yield "]}\n";
}

/** As the API and the files have it. */
export function writtenEntry(entry: NamedEntry) {
	return {
		at: writeInstant(entry.at),
		actor: entry.actor,
		actor_name: entry.actorName,
		action: entry.action,
		target: entry.target,
		target_name: entry.targetName,
		address: entry.address,
		detail: entry.detail,
	};
}
