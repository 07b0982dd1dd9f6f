import type { Api } from "../domain/api.ts";
import type { Client } from "../domain/client.ts";
import { parseSubject } from "../domain/subject.ts";
import type { Party } from "../domain/usage.ts";

/**
 * For whom something about a token is counted: in the account that it acts in the key that it stands for, its client and the APIs that it
 * is for; and the client in its own account, where that is known and another one.
 */
export function partiesOfToken(
	{ subject, accountId, clientId }: { readonly subject: string; readonly accountId: string; readonly clientId: string },
	client: Client | null,
	apis: readonly Api[] = [],
): readonly Party[] {
	const isOwn = clientId === subject;
	const objects = [...keyIn(subject), ...(isOwn ? [] : [clientId]), ...apis.map(({ id }) => id)];
	return [{ accountId, objects }, ...(client ? partiesOfClient(client) : [])];
}

export function partiesOfKey(
	{ keyId, accountId, ownerId }: { readonly keyId: string; readonly accountId: string; readonly ownerId: string },
	apis: readonly Api[] = [],
): readonly Party[] {
	return [
		{ accountId, objects: [keyId, ...apis.map(({ id }) => id)] },
		{ accountId: ownerId, objects: [keyId] },
	];
}

/** Nobody's, where it is nobody's client. */
export function partiesOfClient({ id, accountId }: Pick<Client, "id" | "accountId">): readonly Party[] {
	return accountId === null ? [] : [{ accountId, objects: [id] }];
}

/** Of subjects it is keys that are counted: what people do is not told one by one. */
export function keyIn(subject: string): readonly string[] {
	return parseSubject(subject)?.kind === "key" ? [subject] : [];
}
