import { isClientSecret, isOurClientId, makeClientId, makeClientSecret } from "../../crypto/client-secret.ts";
import { hmac } from "../../crypto/digest.ts";
import { base64url, utf8 } from "../../crypto/encoding.ts";
import type { Random } from "../../crypto/random.ts";
import { isSameResource } from "../../domain/audience.ts";
import { type ClientChange, isBeyond, neededFor } from "../../domain/client-change.ts";
import { type ClientDraft, draftProblems, editable, tidyDraft, toClient } from "../../domain/client-draft.ts";
import type { Stored } from "../../domain/stored.ts";
import { type FieldProblem, idleKeysProblems } from "../../domain/client-option-problems.ts";
import type { InstallCount, ListedClient } from "../../domain/ports/clients.ts";
import type { Client, ClientSecret } from "../../domain/client.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import { splitScope } from "../../domain/identity.ts";
import type { Scope } from "../../domain/scope.ts";
import { type Actor, givenAway } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten, writerOf } from "../edit.ts";
import type { ListShape } from "../../domain/list-query.ts";
import { byName, type ListedPage, type ListedQuery, listedPageOf } from "../list.ts";
import type { Services } from "../services.ts";
import { nothingWaits, settleInstalls } from "./settle-installs.ts";
import { type ClientWritten, writeClient } from "./write-client.ts";
import { portsOf } from "../ports-of.ts";
import { visibleNow } from "../targets.ts";

/**
 * What a form that makes a client, or a secret, carries from the moment when it is shown: sent twice it makes one, and
 * shows the same secret both times, since whoever sees only the second answer needs it. The secret is derived from `seed`,
 * which is stored nowhere, so that nobody can derive it later.
 */
export interface FormSeed {
	readonly id: string;
	readonly seed: string;
}

export async function newFormSeed({ serverKeys, random }: Services): Promise<FormSeed> {
	return { id: await makeClientId(serverKeys, random), seed: base64url(random(32)) };
}

type Invalid = { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] };

export type Created =
	| { readonly kind: "created"; readonly client: Client; readonly secret: Clear | null }
	| Invalid
	/** A client that acts for itself would do what whoever makes it may not. */
	| { readonly kind: "name_taken" | "full" | "beyond" | "stale_form" };

/** Registers a client (contract 000, "Getting Started"). `form` is null where no form was shown before. */
export async function createIntegration(
	given: ClientDraft,
	form: FormSeed | null,
	actor: Actor,
	services: Services,
): Promise<Created> {
	const { serverKeys, random } = services;
	const draft = tidyDraft(given);
	const visible = await visibleNow(draft.scope, actor.accountId, services);
	const problems = [
		...draftProblems(draft, services.config, visible),
		...idleKeysProblems(draft),
		...(await unknownApis(draft, null, actor.accountId, services)),
	];
	if (problems.length > 0) return { kind: "invalid", problems };
	const id = form ? form.id : await makeClientId(serverKeys, random);
	if (form && (!isSeed(form.seed) || !(await isOurClientId(id, serverKeys)))) return { kind: "stale_form" };
	const made =
		draft.authentication === "client_secret" ? await makeSecret({ id, seed: form?.seed ?? null }, services) : null;
	const client = toClient(draft, { id, accountId: actor.accountId, secrets: made ? [made.stored] : [] });
	if (isBeyond(client, await givenBy(actor, client, services))) return { kind: "beyond" };
	const entry = entryOf(
		actor,
		{ action: "client.create", target: id, detail: { name: draft.name, kind: draft.kind } },
		services,
	);
	const outcome = await portsOf(services).clients.create(client, writerOf(actor, neededFor(client)), entry);
	if (outcome === "name_taken" || outcome === "full") return { kind: outcome };
	if (outcome === "not_permitted") return { kind: "beyond" };
	const secret = made?.secret ?? null;
	if (outcome === "created") {
		services.signingKeys.publishFor(client);
		return { kind: "created", client, secret };
	}
	// The id is there: of this very form, or the form is not what it was.
	const there = await portsOf(services).register.client(id);
	const isSame =
		there?.accountId === actor.accountId &&
		there.state === "active" &&
		there.name === client.name &&
		(secret === null
			? there.secrets.length === 0
			: await isClientSecret(secret, there.secrets, serverKeys, services.now()));
	return isSame ? { kind: "created", client: there, secret } : { kind: "stale_form" };
}

/** What may be asked of the clients that an account has registered. */
export const integrationList = {
	list: "integrations",
	rows: ["integration", "integrations"],
	search: "A part of the name, or a client ID.",
	filters: {
		state: {
			kind: "choice",
			label: "State",
			doc: "Whether it has ended.",
			choices: { active: "Active", ended: "Ended" },
		},
		kind: {
			kind: "choice",
			label: "Type",
			doc: "What it is registered as.",
			choices: { integration: "Integration", application: "Application" },
		},
	},
	sorts: { name: "Name", "-name": "Name, from Z to A" },
} as const satisfies ListShape;

/** The clients that an account has registered. Null where the cursor is not one of this list. */
export async function listIntegrations(
	accountId: string,
	query: ListedQuery<typeof integrationList>,
	services: Services,
): Promise<ListedPage<ListedClient> | null> {
	const { q, filters, limit } = query;
	const sort = query.sort ?? "name";
	return listedPageOf(integrationList, accountId, query, services, byName, (walk) =>
		portsOf(services).clients.list(accountId, { q, ...filters }, { ...walk, sort, limit }),
	);
}

/** A client as its account manages it, and how much hangs on it. */
export interface Integration extends InstallCount {
	/** For an ended client its grants are those that the sweep has still to revoke. */
	readonly client: Stored<Client>;
}

export async function findIntegration(id: string, accountId: string, services: Services): Promise<Integration | null> {
	if (!(await isOurClientId(id, services.serverKeys))) return null;
	const client = await portsOf(services).clients.find(id, accountId);
	return client && withInstalls(client, services);
}

export async function withInstalls(client: Stored<Client>, services: Services): Promise<Integration> {
	// Of one that has ended everything is to be swept, codes that wait too.
	const waiting = client.state === "active" ? await settleInstalls({ clientId: client.id }, services) : nothingWaits;
	const query = { now: services.now(), waiting };
	return { client, ...(await portsOf(services).clients.countInstalls(client.id, query)) };
}

export type Changed =
	| ClientWritten
	/** Whoever changes it had another one before them than this, which stands there now. */
	| { readonly kind: "stale"; readonly client: Stored<Client> }
	/** `overtaken`: others change it all the time. */
	| { readonly kind: "unknown" | "overtaken" };

/**
 * `edit` says the whole of it, as it shall be, of what stands there now; what it is, and whether it has a secret, stays as
 * it was.
 */
export async function editIntegration(
	id: string,
	edit: Edit<Stored<Client>, ClientDraft>,
	actor: Actor,
	services: Services,
): Promise<Changed | Invalid> {
	return apply<Invalid>(id, "client.edit", actor, services, async (client) => {
		const given = await edit(client);
		if (given === "stale") return given;
		const draft = tidyDraft(given);
		const problems = [
			...draftProblems(draft, services.config, await visibleNow(draft.scope, actor.accountId, services)),
			...(await unknownApis(draft, client, actor.accountId, services)),
		];
		if (problems.length > 0) return { kind: "invalid", problems };
		return { kind: "edit", edit: editable(draft), permitted: await givenBy(actor, draft, services) };
	});
}

/**
 * Whoever lets a client exchange tokens for an API that is not registered meant another one. What it has already may stay: the API may be
 * gone since.
 */
async function unknownApis(
	{ options: { tokenExchangeApis = [] } }: Pick<ClientDraft, "options">,
	before: Pick<Client, "options"> | null,
	accountId: string,
	{ lookups }: Services,
): Promise<readonly FieldProblem[]> {
	const added = tokenExchangeApis.filter((each) => !before?.options.tokenExchangeApis?.includes(each));
	if (added.length === 0) return [];
	const apis = (await lookups.apisOf.fresh(accountId)) ?? [];
	const isKnown = added.every((each) => apis.some(({ identifier }) => isSameResource(identifier, each)));
	const detail = "There is an API that is not registered here under that name.";
	return isKnown ? [] : [{ field: "token_exchange_apis", detail }];
}

export type Rotated = Exclude<Changed, { kind: "changed" }> | { kind: "changed"; client: Client; secret: Clear };

/** A second secret. The one that is there stays good for `overlap`, at most {@link maxOverlap}. */
export async function rotateSecret(
	id: string,
	given: { readonly overlap: Seconds; readonly seed: string | null },
	actor: Actor,
	services: Services,
): Promise<Rotated | { kind: "stale_form" }> {
	if (given.seed !== null && !isSeed(given.seed)) return { kind: "stale_form" };
	const { secret, stored } = await makeSecret({ id, seed: given.seed }, services);
	const { overlap } = given;
	const change = async (client: Client): Promise<ClientChange> => {
		return { kind: "add_secret", secret: stored, overlap, permitted: await givenBy(actor, client, services) };
	};
	const changed = await apply<never>(id, "client.rotate_secret", actor, services, change, { overlap });
	return changed.kind === "changed" ? { ...changed, secret } : changed;
}

export function endPreviousSecret(
	id: string,
	edit: Edit<Stored<Client>, object>,
	actor: Actor,
	services: Services,
): Promise<Changed> {
	const end: ClientChange = { kind: "end_previous_secret" };
	return apply<never>(id, "client.end_secret", actor, services, async (client) =>
		(await edit(client)) === "stale" ? "stale" : end,
	);
}

/** Withdraws the registration access token (RFC 7592) of a client that registered itself, from its next use on. */
export function endRegistration(id: string, actor: Actor, services: Services): Promise<Changed> {
	return apply<never>(id, "client.end_registration", actor, services, () => ({ kind: "end_registration" }));
}

/**
 * Ends every token that it has and every grant, of whoever in whichever account: one write, that every use sees within 30 seconds
 * (DESIGN §4.9). The client stays, and people may allow it all of that anew.
 */
export function endTokens(id: string, actor: Actor, services: Services): Promise<Changed> {
	return apply<never>(id, "client.end_tokens", actor, services, () => ({ kind: "end_tokens" }));
}

/**
 * Ends a client: one write, that every use of what it was granted sees within 30 seconds (DESIGN §4.9). The
 * ledgers are told by the sweep, for whoever asks them for a list.
 */
export function endIntegration(
	id: string,
	edit: Edit<Stored<Client>, object>,
	actor: Actor,
	services: Services,
): Promise<Changed> {
	const end: ClientChange = { kind: "end" };
	return apply<never>(id, "client.delete", actor, services, async (client) =>
		(await edit(client)) === "stale" ? "stale" : end,
	);
}

/** What takes away what people agreed to. */
const ends: readonly ClientChange["kind"][] = ["end", "end_tokens"];

/** What `decide` says is to be done with the client as it stands, or an outcome of its own. */
async function apply<Refusal extends Invalid>(
	id: string,
	action: string,
	actor: Actor,
	services: Services,
	decide: Edit<Stored<Client>, ClientChange | Refusal>,
	said: AuditEntry["detail"] = {},
): Promise<Changed | Refusal> {
	if (!(await isOurClientId(id, services.serverKeys))) return { kind: "unknown" };
	const { clients } = portsOf(services);
	return untilWritten<Changed | Refusal>(async () => {
		const client = await clients.find(id, actor.accountId);
		if (!client) return { kind: "unknown" };
		const change = await decide(client);
		if (change === "stale") return { kind: "stale", client };
		if (change.kind === "invalid") return change;
		const writing = {
			by: (after: Client) => writerOf(actor, ends.includes(change.kind) ? ["integrations:delete"] : neededFor(after)),
			entryOf({ name }: Client, changed: string) {
				const detail = { ...said, ...(change.kind === "edit" && { name, changed }) };
				return entryOf(actor, { action, target: id, detail }, services);
			},
		};
		return writeClient(client, change, writing, services);
	});
}

/** What of its scope whoever writes a client may do themselves: one that acts for itself does it without anybody's consent. */
function givenBy(actor: Actor, { scope }: { readonly scope: Scope }, services: Services): Promise<Scope> {
	return givenAway(actor, splitScope(scope).access, services);
}

async function makeSecret(
	{ id, seed }: { id: string; seed: string | null },
	{ serverKeys, random }: Services,
): Promise<{ secret: Clear; stored: ClientSecret }> {
	return makeClientSecret(serverKeys, seed === null ? random : await derivedFrom(`${id} ${seed}`, serverKeys));
}

async function derivedFrom(seed: string, serverKeys: Services["serverKeys"]): Promise<Random> {
	const key = await serverKeys.hmac("client secret form", serverKeys.newest);
	if (!key) throw new RangeError("There is no newest server key");
	const bytes = await hmac(key, utf8(seed));
	return (length) => bytes.slice(0, length);
}

function isSeed(text: string): boolean {
	return /^[\w-]{43}$/.test(text);
}
