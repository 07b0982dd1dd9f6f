import type { Permission } from "../../domain/permission.ts";
import type { Handler } from "../../endpoint/call.ts";
import { accountName } from "../../operations/keys/manage-key.ts";
import { findManagedKey, findOwnKey, isOn, type ManagedKey } from "../../operations/keys/find-managed-key.ts";
import { linkSwitchedOffBy } from "../../domain/api-key-state.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import type { EditedKey } from "./key-frame.tsx";

/** A visit to the editor of a key. */
export interface KeyVisit extends Visit {
	readonly key: ManagedKey;
	/** As the pages show it. */
	readonly shown: EditedKey;
}

type Show = (visit: KeyVisit) => Promise<Response>;

/** A page that shows a key of the account, its own or linked. What a form asks for, its operation finds itself. */
export function ofKey(permission: Permission, show: Show): Handler {
	return inConsole("keys", permission, (visit) => withKey(visit, show));
}

/** A page that shows a key of the account's own. */
export function ofOwnKey(permission: Permission, show: Show): Handler {
	return inConsole("keys", permission, (visit) => withOwnKey(visit, show));
}

export function withKey(visit: Visit, show: Show): Promise<Response> {
	return open(visit, findManagedKey, show);
}

export function withOwnKey(visit: Visit, show: Show): Promise<Response> {
	return open(visit, findOwnKey, show);
}

async function open(visit: Visit, find: typeof findOwnKey, show: Show): Promise<Response> {
	const { services, account } = visit;
	const key = await find(idOf(visit), account.id, services);
	return key ? show({ ...visit, key, shown: await shownKey(key, visit) }) : notThere(visit, "API key");
}

/** As its owner's pages show it; a linked key's, with the owner. */
async function shownKey(key: ManagedKey, { account, services }: Visit): Promise<EditedKey> {
	const { row, verdict } = key;
	const off = linkSwitchedOffBy(verdict, account.id);
	const owner = row.accountId === account.id ? null : await accountName(row.accountId, services);
	return {
		...ownKey(key),
		link: owner && {
			owner: owner.name,
			offByUs: off.includes("linker"),
			offByOwner: off.includes("owner") || verdict.state !== "enabled",
		},
	};
}

export function ownKey(key: ManagedKey): EditedKey {
	const { id, name, tags, type, createdAt } = key.row;
	return { id, name, tags, isIntegration: type === "integration", isOn: isOn(key), createdAt, link: null };
}

/** The id in the address, whatever it is. */
export function idOf({ params }: Visit): string {
	return params.id ?? "";
}

/** The address of the editor of that key. */
export function editorOf(visit: Visit): string {
	return `${visit.frame.base}/keys/${idOf(visit)}`;
}
