import { makeClientId, makeClientSecret } from "../../crypto/client-secret.ts";
import { makeRegistrationToken } from "../../crypto/registration-token.ts";
import { hasSecret, isBeyond, neededFor } from "../../domain/client-change.ts";
import { registrationMethods } from "../../domain/client-auth-methods.ts";
import type { Client } from "../../domain/client.ts";
import { strangersScope } from "../../domain/effective-scope.ts";
import { shownName } from "../../domain/display-name.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import {
	accountsScope,
	nameOf,
	readRegistration,
	type Registration,
	registered,
	type RegistrationError,
} from "../../domain/registration.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import type { WriterRole } from "../../domain/ports/register.ts";
import { splitScope } from "../../domain/identity.ts";
import { type Actor, givenAway } from "../actor.ts";
import { type NetworkLimit, networkTurns, takeTurns } from "../limits.ts";
import { writerOf } from "../edit.ts";
import { networksOf } from "../network-of.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { visibleTo } from "../targets.ts";

export type Registering =
	/** `secret` is null for a client that authenticates otherwise, or not at all. Both are shown here and never again. */
	| { readonly kind: "registered"; readonly client: Client; readonly secret: Clear | null; readonly token: Clear }
	| { readonly kind: "invalid"; readonly error: RegistrationError }
	/** The account has as many clients as it may have. */
	| { readonly kind: "full" }
	| Limited;

const hour: Seconds = 3600;
/**
 * Registrations from one network address, and for one account: a person's software needs one, a flood thousands. The numbers are
 * those of where nothing is said (`REGISTRATIONS_PER_HOUR`).
 */
const fromNetwork: NetworkLimit = { name: "registration-network", attempts: 100, wide: 400, window: hour };
const forAccount: NamedLimit = { name: "registration-account", attempts: 200, window: hour };

/**
 * RFC 7591 §3.1: a client that registers itself. `actor` is whoever's initial access token it showed: then it is a client of
 * their account, and else of nobody. The policy (`REGISTRATION`) stands before this.
 */
export async function registerClient(
	sent: Readonly<Record<string, unknown>>,
	by: { readonly actor: Actor | null; readonly address: string | null },
	services: Services,
): Promise<Registering> {
	const { actor, address } = by;
	const { config, serverKeys, random } = services;
	const visible = actor && (await visibleTo(actor.accountId, services));
	const registrableScope = visible ? accountsScope(visible) : strangersScope;
	const isLimit = actor !== null;
	const rules = { own: config, methods: registrationMethods, registrableScope, isLimit, mayActAlone: isLimit };
	const read = readRegistration(sent, rules);
	if (!read.ok) return { kind: "invalid", error: read.error };
	const { registration } = read;
	const { access } = splitScope(registration.scope);
	if (actor && isBeyond(registration, await givenAway(actor, access, services))) {
		return { kind: "invalid", error: beyond };
	}
	const attempts = config.registrationsPerHour;
	const turns = actor
		? [{ limit: { ...forAccount, attempts: 2 * attempts }, of: actor.accountId }]
		: networkTurns({ ...fromNetwork, attempts, wide: 4 * attempts }, address);
	const taken = await takeTurns(turns, services);
	if (taken.kind === "limited") return taken;

	const id = await makeClientId(serverKeys, random);
	const made = hasSecret(registered(registration)) ? await makeClientSecret(serverKeys, random) : null;
	const { token, stored } = await makeRegistrationToken(serverKeys, random);
	const now = services.now();
	const client = toClient(registration, {
		id,
		accountId: actor?.accountId ?? null,
		secrets: made ? [made.stored] : [],
		options: { registration: stored, registeredAt: now },
	});
	const entry: AuditEntry = {
		at: now,
		accountId: client.accountId,
		actor: actor?.subject ?? "anonymous",
		action: "client.register",
		target: id,
		address,
		detail: { name: client.name },
	};
	const kept = await store(client, actor && writerOf(actor, neededFor(client)), entry, services);
	if (kept === "not_permitted") return { kind: "invalid", error: beyond };
	if (kept === "full") return { kind: "full" };
	services.signingKeys.publishFor(kept);
	return { kind: "registered", client: kept, secret: made?.secret ?? null, token };
}

const beyond: RegistrationError = {
	code: "invalid_client_metadata",
	detail: "scope is more than whoever registers the client may do, and it would act without a person",
};

/**
 * The cron's part: clients that registered themselves and that nobody wants, or has wanted for as long as a grant lives. Software
 * remembers its id for long, and most of it does not ask for another one.
 */
export async function sweepUnusedClients(services: Services): Promise<void> {
	const now = services.now();
	const { unusedClientTtl, grantTtl } = services.config;
	await portsOf(services).clients.purgeUnused({ unclaimedBefore: now - unusedClientTtl, keptBefore: now - grantTtl });
}

function toClient(registration: Registration, made: Pick<Client, "id" | "accountId" | "secrets" | "options">): Client {
	const fields = registered(registration);
	return {
		...fields,
		...made,
		kind: "application",
		name: nameOf(registration),
		description: "",
		logoSvg: null,
		// RFC 9700 §4.14.2: nobody here knows what becomes of them.
		rotation: "rotate",
		accessTokenTtl: hour,
		options: { ...fields.options, ...made.options },
		state: "active",
		notBefore: 0,
	};
}

async function store(
	client: Client,
	by: WriterRole | null,
	entry: AuditEntry,
	services: Services,
): Promise<Client | "full" | "not_permitted"> {
	if (client.accountId === null) {
		const [narrow, site] = networksOf(entry.address ?? "");
		await portsOf(services).clients.register(client, entry, {
			most: services.config.unusedClients,
			from: site ?? narrow,
		});
		return client;
	}
	const first = await portsOf(services).clients.create(client, by, entry);
	if (first === "created") return client;
	if (first === "full" || first === "not_permitted") return first;
	// Software registers itself once for each place that it runs at, always under one name; in an account they are unique.
	const short = shownName(Array.from(client.name).slice(0, 90).join(""));
	const numbered = { ...client, name: `${short} ${client.id.slice(-8)}` };
	const outcome = await portsOf(services).clients.create(numbered, by, { ...entry, detail: { name: numbered.name } });
	if (outcome === "full" || outcome === "not_permitted") return outcome;
	if (outcome !== "created") throw new Error("The client could not be registered");
	return numbered;
}
