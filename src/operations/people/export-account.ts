import { type ExportedRow, type ExportPart, exportParts } from "../../domain/ports/account-export.ts";
import type { ListedAccount } from "../../domain/ports/accounts.ts";
import { entryOf } from "../audit.ts";
import { writeInstant, writeUtc } from "../../domain/instant.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import type { OperatorActor } from "../actor.ts";

export type Exported =
	| { readonly kind: "exported"; readonly slug: string; readonly text: AsyncIterable<string> }
	| { readonly kind: "unknown" | "not_suspended" };

const pageSize = 500;

/**
 * One JSON object of all that there is in an account, read as it is sent. Only of one that is suspended: an operator looks into
 * no account that is in use, and what is read does not change meanwhile. It is noted before it begins, in both logs.
 */
export async function exportAccount(slug: string, by: OperatorActor, services: Services): Promise<Exported> {
	const { accounts, auditLog } = portsOf(services);
	const account = await accounts.find(slug);
	if (!account) return { kind: "unknown" };
	if (account.state !== "suspended") return { kind: "not_suspended" };
	const { id } = account;
	const act = { action: "account.export", target: id, detail: { slug } };
	await auditLog.add([id, null].map((accountId) => entryOf({ ...by, accountId }, act, services)));
	return { kind: "exported", slug, text: textOf(account, services) };
}

/** A file that breaks off is no JSON, so that nobody takes a part for the whole. */
async function* textOf(account: ListedAccount, services: Services): AsyncGenerator<string> {
	const { id, slug, name, createdAt } = account;
	const head = { id, slug, name, created_at: writeInstant(createdAt), exported_at: writeInstant(services.now()) };
	yield `{"account":${JSON.stringify(head)}`;
	for (const part of exportParts) {
		yield `,\n${JSON.stringify(part)}:[`;
		yield* rowsOf(id, part, services);
		yield "]";
	}
	yield "}\n";
}

async function* rowsOf(accountId: string, part: ExportPart, services: Services): AsyncGenerator<string> {
	const { accountExport } = portsOf(services);
	let after: ExportedRow | null = null;
	for (;;) {
		const rows = await accountExport.part(accountId, part, after, pageSize);
		if (rows.length === 0) return;
		yield (after === null ? "\n" : ",\n") + rows.map((row) => JSON.stringify(written(row))).join(",\n");
		after = rows.at(-1) ?? null;
		if (rows.length < pageSize) return;
	}
}

/** As the API has instants; of events alone, when they happened is kept in milliseconds. */
function written(row: ExportedRow) {
	return Object.fromEntries(
		Object.entries(row).map(([name, value]) => {
			if (typeof value !== "number" || !/^(?:.+_)?at$/.test(name)) return [name, value];
			return [name, name === "occurred_at" ? writeUtc(value) : writeInstant(value)];
		}),
	);
}
