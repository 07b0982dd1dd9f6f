import { base64url } from "../../crypto/encoding.ts";
import type { FieldProblem } from "../../domain/client-option-problems.ts";
import { defined } from "../../domain/defined.ts";
import type { Permission } from "../../domain/permission.ts";
import { changedMembers, type Stored } from "../../domain/stored.ts";
import {
	secretOverlap,
	tidyWebhook,
	type WebhookDraft,
	type WebhookEndpoint,
	webhookProblems,
} from "../../domain/webhook.ts";
import { isWebhookEventType } from "../../domain/webhook-event.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten, writerOf } from "../edit.ts";
import { bytesFor } from "../form-nonce.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { sealSecret, writeSecret } from "./sign-webhook.ts";

export type EndpointRefused =
	| { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] }
	| { readonly kind: "full" | "not_permitted" | "unknown" | "stale" | "overtaken" };

export type EndpointWritten =
	| { readonly kind: "written"; readonly endpoint: Stored<WebhookEndpoint> }
	| EndpointRefused;

/** With its secret, this once. */
export type SecretGiven =
	| { readonly kind: "written"; readonly endpoint: Stored<WebhookEndpoint>; readonly secret: string }
	| EndpointRefused;

/** What of it can be changed. */
export type EndpointEdit = { readonly [Member in keyof WebhookDraft]?: WebhookDraft[Member] | undefined };

const mayWrite = "webhooks:write" satisfies Permission;

/** All of an account's, the first that was made first. */
export function listEndpoints(accountId: string, services: Services): Promise<readonly Stored<WebhookEndpoint>[]> {
	return portsOf(services).webhooks.list(accountId);
}

export async function findEndpoint(
	id: string,
	{ accountId }: Pick<Actor, "accountId">,
	services: Services,
): Promise<Stored<WebhookEndpoint> | null> {
	const found = await portsOf(services).webhooks.endpoint(id);
	return found?.accountId === accountId ? found : null;
}

/** The same nonce again finds the same one, and tells its secret again. */
export async function createEndpoint(
	given: Omit<WebhookDraft, "state">,
	nonce: string,
	actor: Actor,
	services: Services,
): Promise<SecretGiven> {
	const { accountId, subject } = actor;
	const draft = tidyWebhook({ ...given, state: "on" });
	const problems = webhookProblems(draft, services.config);
	if (problems.length > 0) return { kind: "invalid", problems };
	const maker = `${accountId} ${subject}`;
	const [idBytes, secretBytes] = await Promise.all([
		bytesFor(`webhook ${maker}`, nonce, services.serverKeys),
		bytesFor(`webhook secret ${maker}`, nonce, services.serverKeys),
	]);
	const id = base64url(idBytes.subarray(0, 16));
	const secret = writeSecret(secretBytes);
	const endpoint: WebhookEndpoint = {
		...rowOf(draft),
		id,
		accountId,
		disabledFor: null,
		sealedSecret: await sealSecret(secret, { id, accountId }, services),
		previous: null,
		createdAt: services.now(),
	};
	const entry = entryOf(actor, { action: "webhook.create", target: id, detail: told(endpoint) }, services);
	const added = await portsOf(services).webhooks.add(endpoint, writerOf(actor, [mayWrite]), entry);
	if (added !== "added" && added !== "same") return { kind: added };
	services.lookups.account.clear();
	const there = added === "same" ? await findEndpoint(id, actor, services) : null;
	return { kind: "written", endpoint: there ?? { ...endpoint, rev: 0 }, secret };
}

/** What is not named stays as it is then, whoever changes it at the same time. What waits for one that is disabled is not sent. */
export function editEndpoint(
	id: string,
	edit: Edit<Stored<WebhookEndpoint>, EndpointEdit>,
	actor: Actor,
	services: Services,
): Promise<EndpointWritten> {
	return write(id, actor, services, async (endpoint) => {
		const said = await edit(endpoint);
		if (said === "stale") return { kind: "stale" };
		const draft = tidyWebhook({ ...endpoint, ...defined(said) });
		const problems = webhookProblems(draft, services.config);
		if (problems.length > 0) return { kind: "invalid", problems };
		const edited = { ...endpoint, ...rowOf(draft) };
		const changed = changedMembers(endpoint, edited);
		if (changed.length === 0) return { kind: "same" };
		// Whoever switches it, whichever way, has seen why it was off.
		const isSwitched = edited.state !== endpoint.state;
		const disabledFor = isSwitched ? null : endpoint.disabledFor;
		const detail = { ...told(edited), changed: changed.map((each) => (each === "state" ? "enabled" : each)).join(" ") };
		return { kind: "changed", endpoint: { ...edited, disabledFor }, act: { action: "webhook.edit", detail } };
	});
}

/**
 * The secret of now signs for a day more, beside the new one. One that was replaced before, and is good still, ends: whoever rotates
 * twice in a day has a reason.
 */
export async function rotateEndpointSecret(
	id: string,
	edit: Edit<Stored<WebhookEndpoint>, object>,
	actor: Actor,
	services: Services,
): Promise<SecretGiven> {
	const secret = writeSecret(services.random(32));
	const written = await write(id, actor, services, async (endpoint) => {
		if ((await edit(endpoint)) === "stale") return { kind: "stale" };
		const until = services.now() + secretOverlap;
		const rotated = {
			...endpoint,
			sealedSecret: await sealSecret(secret, endpoint, services),
			previous: { sealedSecret: endpoint.sealedSecret, until },
		};
		return { kind: "changed", endpoint: rotated, act: { action: "webhook.rotate_secret", detail: told(endpoint) } };
	});
	return written.kind === "written" ? { ...written, secret } : written;
}

/** With its log. Nothing that waits is sent any more. */
export async function deleteEndpoint(
	id: string,
	edit: Edit<Stored<WebhookEndpoint>, object>,
	actor: Actor,
	services: Services,
): Promise<{ readonly kind: "deleted" | "unknown" | "stale" | "not_permitted" }> {
	const { webhooks, webhookDeliveries } = portsOf(services);
	// Whoever asked for a version is stale at the second look; whoever did not wants it gone, whatever others write meanwhile.
	for (const ofVersion of [true, false]) {
		const endpoint = await findEndpoint(id, actor, services);
		if (!endpoint) return { kind: "unknown" };
		if ((await edit(endpoint)) === "stale") return { kind: "stale" };
		const entry = entryOf(actor, { action: "webhook.delete", target: id, detail: told(endpoint) }, services);
		const row = ofVersion ? endpoint : { ...endpoint, rev: null };
		const deleted = await webhooks.delete(row, writerOf(actor, [mayWrite]), entry);
		if (deleted === "overtaken") continue;
		if (deleted === "not_permitted") return { kind: deleted };
		services.lookups.account.clear();
		await webhookDeliveries.forget(id);
		return { kind: "deleted" };
	}
	return { kind: "unknown" };
}

type Change =
	| { readonly kind: "same" }
	| { readonly kind: "stale" }
	| { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] }
	| {
			readonly kind: "changed";
			readonly endpoint: Stored<WebhookEndpoint>;
			readonly act: { readonly action: string; readonly detail: Readonly<Record<string, string>> };
	  };

function write(
	id: string,
	actor: Actor,
	services: Services,
	change: (endpoint: Stored<WebhookEndpoint>) => Promise<Change>,
): Promise<EndpointWritten> {
	const { webhooks, webhookDeliveries } = portsOf(services);
	return untilWritten<EndpointWritten>(async () => {
		const endpoint = await findEndpoint(id, actor, services);
		if (!endpoint) return { kind: "unknown" };
		const changed = await change(endpoint);
		if (changed.kind === "same") return { kind: "written", endpoint };
		if (changed.kind !== "changed") return changed;
		const entry = entryOf(actor, { ...changed.act, target: id }, services);
		const written = await webhooks.edit(changed.endpoint, writerOf(actor, [mayWrite]), entry);
		if (written === "overtaken") return written;
		if (written === "not_permitted") return { kind: written };
		services.lookups.account.clear();
		if (changed.endpoint.state === "off")
			await webhookDeliveries.giveUp(id, services.now(), "The endpoint is disabled");
		return { kind: "written", endpoint: { ...changed.endpoint, rev: endpoint.rev + 1 } };
	});
}

/** For the log: the host alone, since a path may hold what only its owner is to know. */
function told({ url, description }: Pick<WebhookEndpoint, "url" | "description">): Readonly<Record<string, string>> {
	return { host: new URL(url).host, ...(description !== "" && { description }) };
}

/** Of a draft without problems. */
function rowOf({ url, description, state, eventTypes }: WebhookDraft) {
	return { url, description, state, eventTypes: eventTypes && eventTypes.filter(isWebhookEventType) };
}
