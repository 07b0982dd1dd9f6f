import { base64url, fromBase64url, utf8 } from "../../crypto/encoding.ts";
import { isUrlId } from "../../domain/client-document.ts";
import type { DeploymentClient, GrantedIn } from "../../domain/ports/deployment-clients.ts";
import type { OperatorActor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { byName, type ListPage, type ListQuery, namePosition, pageOf } from "../list.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

// What whoever runs the deployment does about the clients of all accounts, and of none.

/** By name. Null where the cursor is not one of this list. */
export function listDeploymentClients(
	search: string,
	{ cursor, limit }: ListQuery,
	services: Services,
): Promise<ListPage<DeploymentClient> | null> {
	return pageOf(`deployment clients ${search}`, cursor, services, async (after) => {
		const place = namePosition(after);
		const { rows, next } = await portsOf(services).deploymentClients.list(search, services.now(), place, limit);
		return { rows, next: next && byName(next) };
	});
}

/** More accounts than this are counted by the client's own number. */
const mostAccounts = 100;

export async function findDeploymentClient(
	id: string,
	services: Services,
): Promise<{ readonly client: DeploymentClient; readonly granted: readonly GrantedIn[] } | null> {
	const { deploymentClients } = portsOf(services);
	const now = services.now();
	const [client, granted] = await Promise.all([
		deploymentClients.find(id, now),
		deploymentClients.grantedTo(id, now, mostAccounts),
	]);
	return client && { client, granted };
}

/**
 * Ends a client for everybody (DESIGN §4.9: within 30 seconds; here at once). One that is described by a document stays ended,
 * whatever its document says. The account whose client it was finds it in its log too.
 */
export async function endForAll(
	id: string,
	by: OperatorActor,
	services: Services,
): Promise<"ended" | "unknown" | "not_permitted"> {
	const { deploymentClients } = portsOf(services);
	const client = await deploymentClients.find(id, services.now());
	if (!client) return "unknown";
	const entry = entryOf(by, { action: "client.end_for_all", target: id, detail: { name: client.name } }, services);
	const entries = [entry, ...(client.account ? [{ ...entry, accountId: client.account.id }] : [])];
	// What was granted in this very second counts no more either.
	const ended = await deploymentClients.end(id, services.now() + 1, by.subject, entries);
	if (ended === "ended") await services.lookups.client.fresh(id);
	return ended;
}

/** A URL has slashes, which not every proxy passes on in the middle of a path: there it is in base64url. */
const urlPrefix = "url_";
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function pathIdOf(clientId: string): string {
	return isUrlId(clientId) ? urlPrefix + base64url(utf8(clientId)) : clientId;
}

/** Null for what {@link pathIdOf} has not made. */
export function clientIdOf(pathId: string): string | null {
	if (!pathId.startsWith(urlPrefix)) return pathId;
	const bytes = fromBase64url(pathId.slice(urlPrefix.length));
	// What somebody made up need be no text at all: as text it is another one then.
	const id = bytes && decoder.decode(bytes);
	return id !== null && pathIdOf(id) === pathId ? id : null;
}
