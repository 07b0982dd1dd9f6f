import type { Permission } from "../../domain/permission.ts";
import { page, seeOther } from "../../http/reply.ts";
import type { Handler } from "../../endpoint/call.ts";
import { accountName } from "../../operations/keys/manage-key.ts";
import { findManagedKey, findOwnKey, isOn, type ManagedKey } from "../../operations/keys/find-managed-key.ts";
import { linkSwitchedOffBy } from "../../domain/api-key-state.ts";
import type { EditedKey } from "./key-editor.tsx";
import { problemView } from "../../ui/problem.tsx";
import { inConsole, type Visit } from "../frame/visit.ts";

/** A visit to the editor of a key. */
export interface KeyVisit extends Visit {
	readonly key: ManagedKey;
	/** As the pages show it. */
	readonly shown: EditedKey;
	/** The address of the editor. */
	readonly base: string;
}

type Handle = (visit: KeyVisit) => Promise<Response>;

/** A page of a key that the account has, its own or linked. */
export function ofKey(permission: Permission, handle: Handle): Handler {
	return inConsole("keys", permission, (visit) => open(visit, findManagedKey, handle));
}

/** A page of a key of the account's own. */
export function ofOwnKey(permission: Permission, handle: Handle): Handler {
	return inConsole("keys", permission, (visit) => open(visit, findOwnKey, handle));
}

async function open(visit: Visit, find: typeof findManagedKey, handle: Handle): Promise<Response> {
	const { call, account } = visit;
	const key = await find(call.params.id ?? "", account.id, call.services);
	if (!key) return missing("API key");
	const base = `${keysUrl(visit)}/${key.row.id}`;
	return handle({ ...visit, key, base, shown: await show(key, visit) });
}

async function show(key: ManagedKey, { account, call }: Visit): Promise<EditedKey> {
	const { row, verdict } = key;
	const isOwn = row.accountId === account.id;
	const off = linkSwitchedOffBy(verdict, account.id);
	const owner = isOwn ? null : await accountName(row.accountId, call.services);
	return {
		id: row.id,
		name: row.name,
		tags: row.tags,
		isIntegration: row.type === "integration",
		isOn: isOn(key),
		createdAt: row.createdAt,
		link: owner && {
			owner: owner.name,
			offByUs: off.includes("linker"),
			offByOwner: off.includes("owner") || verdict.state !== "enabled",
		},
	};
}

export function keysUrl({ account }: Visit): string {
	return `/console/${account.slug}/keys`;
}

export function missing(what: string): Response {
	const detail = `There is no such ${what} in this account. It may have been deleted.`;
	return page(404, problemView({ title: "Not there", detail, what: "Go back to the list." }));
}

export function refusedPage(status: number, title: string, detail: string): Response {
	return page(status, problemView({ title, detail, what: "Go back, and look at what is there now." }));
}

/** After a POST: the page that says what has been done. */
export function doneAt(url: string, done: string, more: Readonly<Record<string, string>> = {}): Response {
	return seeOther(`${url}?${new URLSearchParams({ done, ...more }).toString()}`);
}

/** The sentence for `?done=`, which anybody could write: only codes of ours say anything. */
export function noticeOf({ call }: Visit, sentences: Readonly<Record<string, string>>): string | null {
	const done = call.url.searchParams.get("done") ?? "";
	return Object.hasOwn(sentences, done) ? (sentences[done] ?? null) : null;
}

/** What takes back a switch that `?done=` tells of. */
export function undoOf({ call }: Visit, action: string): { action: string; enabled: boolean } | null {
	const done = call.url.searchParams.get("done");
	return done === "disabled" || done === "enabled" ? { action, enabled: done === "disabled" } : null;
}
