import type { Actor } from "../actor.ts";
import type { Edit } from "../edit.ts";
import type { Services } from "../services.ts";
import { findManagedKey, type ManagedKey } from "./find-managed-key.ts";
import { editLink, type LinkEdited, removeLink } from "./links.ts";
import { deleteKey, editKey, type KeyEdit, type KeyEdited } from "./manage-key.ts";

// For whoever has a key before them and need not know whose it is: of the account's own the key is meant, of another's the link.

export async function editKeyOrLink(
	id: string,
	edit: Edit<ManagedKey, Pick<KeyEdit, "policies" | "enabled">>,
	actor: Actor,
	services: Services,
): Promise<KeyEdited | LinkEdited> {
	const key = await findManagedKey(id, actor.accountId, services);
	if (!key) return { kind: "unknown" };
	const isOwn = key.row.accountId === actor.accountId;
	return isOwn ? editKey(id, edit, actor, services, key) : editLink(id, edit, actor, services, key);
}

export async function removeKeyOrLink(
	id: string,
	actor: Actor,
	services: Services,
): Promise<"deleted" | "removed" | "unknown" | "stale"> {
	const deleted = await deleteKey(id, null, actor, services);
	return deleted === "unknown" ? removeLink(id, actor, services) : deleted;
}
