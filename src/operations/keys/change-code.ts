import type { AccessCode } from "../../domain/api-key.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { changeKey } from "./change-key.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { findOwnKey, type ManagedKey } from "./find-managed-key.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

interface Place {
	readonly keyId: string;
	readonly codeId: string;
}

export interface CodeEdit {
	readonly description?: string | undefined;
	readonly enabled?: boolean | undefined;
}

export type CodeEdited =
	/** The key and the code as they are then. */
	| { readonly kind: "edited"; readonly key: ManagedKey }
	/** Whoever describes it had other words before them than these, which stand there now. */
	| { readonly kind: "stale"; readonly description: string }
	| { readonly kind: "unknown" | "overtaken" };

/** Describes an access code anew, or switches it on or off. */
export async function editCode(
	place: Place,
	edit: Edit<string, CodeEdit>,
	actor: Actor,
	services: Services,
): Promise<CodeEdited> {
	return untilWritten<CodeEdited>(async () => {
		const found = await findCode(place, actor, services);
		if (!found) return { kind: "unknown" };
		const { key, keyId, codeId } = found;
		let { verdict } = key;
		const noted = (action: string, detail: AuditEntry["detail"]) =>
			entryOf(actor, { action, target: codeId, detail }, services);
		const { keyRegister } = portsOf(services);
		const row = (await keyRegister.codes(keyId)).find(({ id }) => id === codeId);
		const from = row?.description ?? "";
		const said = await edit(from);
		if (said === "stale") return { kind: "stale", description: from };
		const { description, enabled } = said;
		if (description !== undefined && description !== from) {
			const entry = noted("access_code.edit", { key: keyId, description });
			const written = await keyRegister.describeCode({ id: codeId, keyId, description }, from, entry);
			if (written === "overtaken") return written;
		}
		if (enabled !== undefined) {
			const entry = noted(enabled ? "access_code.enable" : "access_code.disable", { key: keyId, ...named(row) });
			const change = { kind: "set_code_enabled", id: codeId, enabled } as const;
			const changed = await changeKey(keyId, change, services, () => [entry]);
			if (changed.kind === "refused") return { kind: "unknown" };
			verdict = changed.verdict;
		}
		return { kind: "edited", key: { ...key, verdict } };
	});
}

/** Contract 003: first disabled, then deleted. */
export async function deleteCode(
	place: Place,
	actor: Actor,
	services: Services,
): Promise<"deleted" | "enabled" | "unknown"> {
	const found = await findCode(place, actor, services);
	if (!found) return "unknown";
	const { keyId, codeId } = found;
	const row = (await portsOf(services).keyRegister.codes(keyId)).find(({ id }) => id === codeId);
	const act = { action: "access_code.delete", target: codeId, detail: { key: keyId, ...named(row) } };
	const entry = entryOf(actor, act, services);
	const changed = await changeKey(keyId, { kind: "delete_code", id: codeId }, services, () => [entry]);
	if (changed.kind === "refused") return changed.reason === "code_enabled" ? "enabled" : "unknown";
	return "deleted";
}

/** What people tell a code by, in the log. */
function named(row: AccessCode | undefined): AuditEntry["detail"] {
	return row?.visible === undefined ? {} : { code: row.visible };
}

async function findCode({ keyId, codeId }: Place, actor: Actor, services: Services) {
	const key = await findOwnKey(keyId, actor.accountId, services);
	const code = key?.verdict.codes.find((each) => each.id === codeId);
	return key && code ? { key, keyId: key.row.id, codeId: code.id } : null;
}
