import type { AuditEntry } from "../../domain/audit-entry.ts";
import { changeClient, type ClientChange, type ClientRefusal } from "../../domain/client-change.ts";
import type { Client } from "../../domain/client.ts";
import type { WriterRole } from "../../domain/ports/register.ts";
import { changedMembers, type Stored } from "../../domain/stored.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export type ClientWritten =
	/** Or as it was to be already. */
	| { readonly kind: "changed"; readonly client: Stored<Client> }
	| { readonly kind: "refused"; readonly reason: ClientRefusal }
	| { readonly kind: "name_taken" };

/** Who writes, and what is noted of it: of the client as it shall be, and which of its members are others then. */
interface Writing {
	readonly by: (after: Client) => WriterRole | null;
	readonly entryOf: (after: Client, changed: string) => AuditEntry;
}

/** Changes a client as it was read, and writes it where it is still that one. */
export async function writeClient(
	client: Stored<Client>,
	change: ClientChange,
	{ by, entryOf }: Writing,
	services: Services,
): Promise<ClientWritten | "overtaken"> {
	const verdict = changeClient(client, change, services.now());
	if (verdict.kind === "refused") return verdict;
	const after: Stored<Client> = { ...verdict.client, rev: client.rev };
	const changed = changedMembers(client, after);
	if (changed.length === 0) return { kind: "changed", client };
	const written = await portsOf(services).clients.write(after, by(after), entryOf(after, changed.join(" ")));
	if (written === "overtaken") return written;
	if (written === "name_taken") return { kind: written };
	if (written === "not_permitted") return { kind: "refused", reason: "beyond" };
	// Others see it within half a minute; whoever comes back to this isolate sees it now.
	await services.lookups.client.fresh(client.id);
	services.signingKeys.publishFor(after);
	return { kind: "changed", client: { ...after, rev: client.rev + 1 } };
}
