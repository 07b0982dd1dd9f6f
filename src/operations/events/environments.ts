import { lastPublicKeyVersion } from "../../domain/ports/environments.ts";
import type { Environment } from "../../domain/environment.ts";
import { makePublicKey } from "../../crypto/public-key.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type ListPage, type ListQuery, pageOf, partOf } from "../list.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** An environment with the public key that is good now. */
export type OpenEnvironment = Environment & { readonly publicKey: string };

/** The enabled environments of an account, all of them, by workspace and name. */
export async function openEnvironments(accountId: string, services: Services): Promise<readonly OpenEnvironment[]> {
	const found = await portsOf(services).register.environments(accountId);
	return Promise.all(found.map((each) => withKey(each, services)));
}

/** The environments of the actor's account, by workspace and name. Null for a cursor that is not of this list. */
export async function listEnvironments(
	{ cursor, limit }: ListQuery,
	{ accountId }: Actor,
	services: Services,
): Promise<ListPage<OpenEnvironment> | null> {
	return pageOf(`environments ${accountId}`, cursor, services, async (after) => {
		const position = after && { workspace: String(after[0]), name: String(after[1]) };
		const found = await portsOf(services).environments.list(accountId, position, limit + 1);
		const { rows, next } = partOf(found, limit, ({ workspace, name }) => [workspace, name]);
		return { rows: await Promise.all(rows.map((each) => withKey(each, services))), next };
	});
}

/** Null for one of another account as for none. */
export async function findEnvironment(id: string, actor: Actor, services: Services): Promise<OpenEnvironment | null> {
	const found = await portsOf(services).environments.find(actor.accountId, id);
	return found && withKey(found, services);
}

export type EnvironmentCreated = { kind: "created"; environment: OpenEnvironment } | { kind: "taken" | "full" };

/** Names as the domain has them (environment.ts). The same id again is the same environment: a form that was sent twice. */
export async function createEnvironment(
	given: { readonly id: string; readonly workspace: string; readonly name: string },
	actor: Actor,
	services: Services,
): Promise<EnvironmentCreated> {
	const { id, workspace, name } = given;
	const environment = { id, workspace, name, accountId: actor.accountId, keyVersion: 1, enabled: true };
	const noted = entry("environment.create", environment, actor, services);
	const outcome = await portsOf(services).environments.create(environment, noted);
	if (outcome === "taken" || outcome === "full") return { kind: outcome };
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
	const noted = entry(enabled ? "environment.enable" : "environment.disable", found, actor, services);
	const changed = await portsOf(services).environments.setEnabled(found, enabled, noted);
	await services.lookups.environment.fresh(id);
	return changed && withKey(changed, services);
}

export type PublicKeyRotated = { kind: "rotated"; environment: OpenEnvironment } | { kind: "unknown" | "used_up" };

/**
 * Replaces the public key: within half a minute the old one is refused everywhere. `version` is the key that is meant, so
 * that a form sent twice replaces one; null is the one that is good now.
 */
export async function rotatePublicKey(
	id: string,
	version: number | null,
	actor: Actor,
	services: Services,
): Promise<PublicKeyRotated> {
	const found = await portsOf(services).environments.find(actor.accountId, id);
	if (!found) return { kind: "unknown" };
	if (found.keyVersion >= lastPublicKeyVersion) return { kind: "used_up" };
	const noted = entry("environment.rotate_key", found, actor, services);
	const changed = await portsOf(services).environments.rotateKey(found, version ?? found.keyVersion, noted);
	await services.lookups.environment.fresh(id);
	return changed ? { kind: "rotated", environment: await withKey(changed, services) } : { kind: "unknown" };
}

async function withKey(environment: Environment, services: Services): Promise<OpenEnvironment> {
	const { id, keyVersion } = environment;
	return { ...environment, publicKey: await makePublicKey(id, keyVersion, services.serverKeys) };
}

function entry(action: string, { id, workspace, name }: Environment, actor: Actor, services: Services) {
	return entryOf(actor, { action, target: id, detail: { workspace, name } }, services);
}
