import { base64url } from "../../crypto/encoding.ts";
import { type Api, builtInApi, builtInApiId, isOpenTo } from "../../domain/api.ts";
import { type ApiDraft, type ApiEdit, apiProblems, tidyApi } from "../../domain/api-draft.ts";
import { isPublic } from "../../domain/client.ts";
import { defined } from "../../domain/defined.ts";
import type { FieldProblem } from "../../domain/client-option-problems.ts";
import type { Permission } from "../../domain/permission.ts";
import type { ApiRefused, ApiWriter, PermissionUse } from "../../domain/ports/apis.ts";
import { changedMembers, type Stored } from "../../domain/stored.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten, writerOf } from "../edit.ts";
import { bytesFor } from "../form-nonce.ts";
import { byName, type ListPage, type ListQuery, namePosition, pageOf, partOf } from "../list.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Whoever manages APIs: those of an account, or (null, an operator) those of the whole deployment. */
export interface ApiManager {
	readonly subject: SubjectId;
	readonly accountId: string | null;
	readonly address: string | null;
}

type ApiRefusal = { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] } | ApiRefused;

export type ApiCreated = { readonly kind: "written"; readonly api: Stored<Api> } | ApiRefusal;

export type ApiEdited =
	| ApiCreated
	/** Whoever edits it had another one before them than this, which stands there now. */
	| { readonly kind: "stale"; readonly api: Stored<Api> }
	/** What would be lost by the permissions that go. */
	| InUse
	/** `unknown`: not there, or not theirs to change. `overtaken`: others change it all the time. */
	| { readonly kind: "unknown" | "overtaken" };

interface InUse {
	readonly kind: "in_use";
	readonly names: readonly string[];
	readonly use: PermissionUse;
}

/** How something is changed that others may rely on: whether the caller was told of them. */
interface How<Changes> {
	readonly isForced: boolean;
	readonly edit: Edit<Stored<Api>, Changes>;
}

/** Those of an account and of the whole deployment, or (null) these alone, by name. Null for a cursor that is not of this list. */
export function listApis(
	accountId: string | null,
	{ cursor, limit }: ListQuery,
	services: Services,
): Promise<ListPage<Stored<Api>> | null> {
	return pageOf(`apis ${accountId ?? ""}`, cursor, services, async (after) => {
		const found = await portsOf(services).apis.list(accountId, namePosition(after), limit + 1);
		return partOf(found, limit, byName);
	});
}

/** One that whoever asks can see, latchkey's own among them; null for any other. */
export async function findApi(id: string, accountId: string | null, services: Services): Promise<Stored<Api> | null> {
	if (id === builtInApiId) return { ...builtInApi(services.config.issuer), rev: 0 };
	const api = await portsOf(services).apis.api(id);
	return api && isOpenTo(api, accountId ?? "") ? api : null;
}

/** One that whoever asks can change. */
export async function ownApi(id: string, owner: string | null, services: Services): Promise<Stored<Api> | null> {
	const api = await portsOf(services).apis.api(id);
	return api?.accountId === owner ? api : null;
}

/** Any registered API, for what is public of it. */
export function anyApi(id: string, services: Services): Promise<Api | null> {
	return portsOf(services).apis.api(id);
}

/** What names one of these permissions: of a deployment-wide API, in all accounts. */
export function usesOf(names: readonly string[], { accountId }: Pick<Api, "accountId">, services: Services) {
	return portsOf(services).apis.usesOf(names, accountId);
}

/** The same nonce again finds the same API. */
export async function createApi(
	given: ApiDraft,
	nonce: string,
	manager: ApiManager,
	services: Services,
): Promise<ApiCreated> {
	const { accountId, subject } = manager;
	const draft = tidyApi(given);
	const problems = [
		...apiProblems(draft, services.config.issuer),
		...(await serverProblems(draft.servers, accountId, services)),
	];
	if (problems.length > 0) return { kind: "invalid", problems };
	const bytes = await bytesFor(`api ${accountId ?? ""} ${subject}`, nonce, services.serverKeys);
	const api: Api = { ...draft, id: base64url(bytes.subarray(0, 16)), accountId };
	const { name, identifier } = api;
	const detail = { name, identifier, permissions: namesOf(api).join(" ") };
	const added = await portsOf(services).apis.add(
		api,
		writing(manager, "apis:write"),
		entryOf(manager, { action: "api.create", target: api.id, detail }, services),
	);
	if (added.kind !== "written" && added.kind !== "same") return added;
	seeAtOnce(api, services);
	const there = added.kind === "same" ? await portsOf(services).apis.api(api.id) : null;
	return { kind: "written", api: there ?? { ...api, rev: 0 } };
}

/**
 * What is not named stays as it is then, whoever changes it at the same time. A permission that goes is taken from whatever names
 * it; where something does, only when the caller has been told.
 */
export async function editApi(
	id: string,
	{ isForced, edit }: How<ApiEdit>,
	manager: ApiManager,
	services: Services,
): Promise<ApiEdited> {
	const { apis } = portsOf(services);
	return untilWritten<ApiEdited>(async () => {
		const api = await ownApi(id, manager.accountId, services);
		if (!api) return { kind: "unknown" };
		const said = await edit(api);
		if (said === "stale") return { kind: "stale", api };
		const edited: Stored<Api> = { ...api, ...tidyApi({ ...api, ...defined(said) }) };
		const changed = changedMembers(api, edited);
		if (changed.length === 0) return { kind: "written", api };
		const newServers = edited.servers.filter((each) => !api.servers.includes(each));
		const problems = [
			...apiProblems(edited, services.config.issuer),
			...(await serverProblems(newServers, api.accountId, services)),
		];
		if (problems.length > 0) return { kind: "invalid", problems };
		const removed = namesOf(api).filter((each) => !namesOf(edited).includes(each));
		const inUse = isForced ? null : await useOf(removed, api, services);
		if (inUse) return inUse;
		const added = namesOf(edited).filter((each) => !namesOf(api).includes(each));
		const detail = {
			name: edited.name,
			changed: changed.join(" "),
			...(added.length > 0 && { added: added.join(" ") }),
			...(removed.length > 0 && { removed: removed.join(" ") }),
		};
		const entry = entryOf(manager, { action: "api.edit", target: id, detail }, services);
		const written = await apis.edit(edited, writing(manager, "apis:write"), entry);
		if (written.kind === "overtaken") return "overtaken";
		if (written.kind !== "written") return written;
		await seeRemoval(edited, removed, services);
		return { kind: "written", api: { ...edited, rev: api.rev + 1 } };
	});
}

export type ApiDeleted =
	| { readonly kind: "deleted" }
	| { readonly kind: "unknown" | "stale" | "overtaken" | "not_permitted" }
	| InUse;

export async function deleteApi(
	id: string,
	{ isForced, edit }: How<object>,
	manager: ApiManager,
	services: Services,
): Promise<ApiDeleted> {
	const { apis } = portsOf(services);
	return untilWritten<ApiDeleted>(async () => {
		const api = await ownApi(id, manager.accountId, services);
		if (!api) return { kind: "unknown" };
		if ((await edit(api)) === "stale") return { kind: "stale" };
		const inUse = isForced ? null : await useOf(namesOf(api), api, services);
		if (inUse) return inUse;
		const { name, identifier } = api;
		const detail: AuditEntry["detail"] = { name, identifier, permissions: namesOf(api).join(" ") };
		const entry = entryOf(manager, { action: "api.delete", target: id, detail }, services);
		const { kind } = await apis.delete(api, writing(manager, "apis:delete"), entry);
		if (kind === "overtaken") return kind;
		if (kind === "not_permitted") return { kind };
		await seeRemoval(api, namesOf(api), services);
		return { kind: "deleted" };
	});
}

function namesOf({ permissions }: Pick<Api, "permissions">): readonly string[] {
	return permissions.map(({ name }) => name);
}

async function useOf(names: readonly string[], api: Api, services: Services): Promise<InUse | null> {
	if (names.length === 0) return null;
	const use = await usesOf(names, api, services);
	return use.policies + use.clients > 0 ? { kind: "in_use", names, use } : null;
}

/** A server asks what a credential permits, so it has to prove who it is, and it has to be one of the API's own account. */
async function serverProblems(
	ids: readonly string[],
	accountId: string | null,
	services: Services,
): Promise<readonly FieldProblem[]> {
	const clients = await Promise.all(ids.map((id) => portsOf(services).register.client(id)));
	const isServer = clients.map(
		(client) =>
			client?.state === "active" &&
			client.accountId !== null &&
			(accountId === null || client.accountId === accountId) &&
			!isPublic(client),
	);
	if (isServer.every(Boolean)) return [];
	const whose = accountId === null ? "an account" : "this account";
	return [{ field: "servers", detail: `Name confidential clients of ${whose}, by their client IDs.` }];
}

function writing({ subject, accountId, address }: ApiManager, needs: Permission): ApiWriter {
	return accountId === null
		? { kind: "operator", id: subject }
		: { kind: "role", role: writerOf({ subject, accountId, address, permissions: [] }, [needs]) };
}

/** Here at least nobody waits: what other isolates remember is at most 30 seconds old (lookups.ts). */
function seeAtOnce({ algorithm }: Api, { lookups, signingKeys }: Services): void {
	lookups.forgetApis();
	if (algorithm !== null) signingKeys.publish(algorithm);
}

async function seeRemoval(api: Api, removed: readonly string[], services: Services): Promise<void> {
	seeAtOnce(api, services);
	const { policies } = services.lookups;
	if (removed.length === 0) return;
	if (api.accountId === null) policies.clear();
	else await policies.fresh(api.accountId);
}
