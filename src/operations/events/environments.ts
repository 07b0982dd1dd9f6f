import type { EnvironmentPosition } from "../../domain/ports/environments.ts";
import { lastKeyVersion } from "../../domain/ports/environments.ts";
import type { Environment } from "../../domain/environment.ts";
import { makePublicKey } from "../../crypto/public-key.ts";
import type { Actor } from "../actor.ts";
import { readCursor, writeCursor } from "../cursor.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** An environment with the public key that is good now. */
export type OpenEnvironment = Environment & { readonly publicKey: string };

export interface EnvironmentsPage {
	readonly environments: readonly OpenEnvironment[];
	/** The cursor of the next page, or null on the last. */
	readonly next: string | null;
}

/** The enabled environments of an account, all of them, by workspace and name. */
export async function openEnvironments(accountId: string, services: Services): Promise<readonly OpenEnvironment[]> {
	const found = await portsOf(services).register.environments(accountId);
	return Promise.all(found.map((each) => withKey(each, services)));
}

/** The environments of the actor's account, by workspace and name. Null for a cursor that is not of this list. */
export async function listEnvironments(
	page: { cursor: string | null; limit: number },
	{ accountId }: Actor,
	services: Services,
): Promise<EnvironmentsPage | null> {
	const { serverKeys } = services;
	const list = `environments ${accountId}`;
	const position = page.cursor === null ? [] : await readCursor(page.cursor, list, serverKeys);
	if (!position) return null;
	const [workspace, name] = position.map(String);
	const after: EnvironmentPosition | null = workspace !== undefined && name !== undefined ? { workspace, name } : null;
	const found = await portsOf(services).environments.list(accountId, after, page.limit + 1);
	const shown = found.slice(0, page.limit);
	const last = found.length > page.limit ? shown.at(-1) : undefined;
	return {
		environments: await Promise.all(shown.map((each) => withKey(each, services))),
		next: last ? await writeCursor(list, [last.workspace, last.name], serverKeys) : null,
	};
}

/** Null for one of another account as for none. */
export async function findEnvironment(id: string, actor: Actor, services: Services): Promise<OpenEnvironment | null> {
	const found = await portsOf(services).environments.find(actor.accountId, id);
	return found && withKey(found, services);
}

export type EnvironmentCreated = { kind: "created"; environment: OpenEnvironment } | { kind: "taken" };

/** Names as the domain has them (stage-name.ts). The same id again is the same environment: a form that was sent twice. */
export async function createEnvironment(
	given: { readonly id: string; readonly workspace: string; readonly name: string },
	actor: Actor,
	services: Services,
): Promise<EnvironmentCreated> {
	const { id, workspace, name } = given;
	const environment = { id, workspace, name, accountId: actor.accountId, keyVersion: 1, enabled: true };
	const entry = entryOf("environment.create", environment, actor, services);
	const outcome = await portsOf(services).environments.create(environment, entry);
	if (outcome === "taken") return { kind: "taken" };
	const now = outcome === "created" ? environment : await portsOf(services).environments.find(actor.accountId, id);
	return now ? { kind: "created", environment: await withKey(now, services) } : { kind: "taken" };
}

/** Null where the account has none of this id. Isolates remember an environment for half a minute (DESIGN §4.9). */
export async function switchEnvironment(
	id: string,
	enabled: boolean,
	actor: Actor,
	services: Services,
): Promise<OpenEnvironment | null> {
	const found = await portsOf(services).environments.find(actor.accountId, id);
	if (!found) return null;
	const entry = entryOf(enabled ? "environment.enable" : "environment.disable", found, actor, services);
	const changed = await portsOf(services).environments.setEnabled(found, enabled, entry);
	return changed && withKey(changed, services);
}

export type KeyRotated = { kind: "rotated"; environment: OpenEnvironment } | { kind: "unknown" | "used_up" };

/**
 * Replaces the public key: within half a minute the old one is refused everywhere. `version` is the key that is meant, so
 * that a form sent twice replaces one; null is the one that is good now.
 */
export async function rotateEnvironmentKey(
	id: string,
	version: number | null,
	actor: Actor,
	services: Services,
): Promise<KeyRotated> {
	const found = await portsOf(services).environments.find(actor.accountId, id);
	if (!found) return { kind: "unknown" };
	if (found.keyVersion >= lastKeyVersion) return { kind: "used_up" };
	const entry = entryOf("environment.rotate_key", found, actor, services);
	const changed = await portsOf(services).environments.rotateKey(found, version ?? found.keyVersion, entry);
	return changed ? { kind: "rotated", environment: await withKey(changed, services) } : { kind: "unknown" };
}

async function withKey(environment: Environment, services: Services): Promise<OpenEnvironment> {
	const { id, keyVersion } = environment;
	return { ...environment, publicKey: await makePublicKey(id, keyVersion, services.serverKeys) };
}

function entryOf(action: string, { id, workspace, name }: Environment, actor: Actor, services: Services) {
	return {
		at: services.now(),
		accountId: actor.accountId,
		actor: actor.subject,
		action,
		target: id,
		address: actor.address,
		detail: { workspace, name },
	};
}
