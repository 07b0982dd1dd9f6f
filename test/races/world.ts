import { writeInstant } from "../../src/domain/instant.ts";
import { failedAt, newWebhook, webhooksOf } from "../support/webhooks.ts";
import { anAlertedAccount, type ListedAlerts } from "../support/alerts.ts";
import { newApi, newDeploymentApi, type ShownApi } from "../support/apis.ts";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { addRows, advance, demo, now } from "../support/target.ts";
import { anIntegration, call as asAda, rotate } from "../support/integrations.ts";
import {
	call,
	good,
	inAcme,
	inGlobex,
	newCode,
	newKey,
	newPolicy,
	opensWith,
	type ShownKey,
	type Credential,
} from "../support/keys-api.ts";
import { domainsAt, domainsOfAccount } from "../support/account-domains.ts";
import { loggedIn, opens } from "../support/logins.ts";
import { answerBy, aPersonWithPasskey, signInPage } from "../support/passkeys.ts";
import { startOpenIdProvider } from "../peers/openid-provider.ts";
import { generated, last9 } from "../support/pairs.ts";
import { ada, codeOf, cookieOf, decide, type Login, signedIn } from "../support/people.ts";
import { anAccount, anOperator, aPerson } from "../support/registered.ts";
import { codeOf as codeOfApp, enrolmentOf, turnOnCodes } from "../support/one-time-codes.ts";
import { type Answer, ask, bearer, locationOf, ownPage, postForm, whenNotBusy } from "../support/requests.ts";
import { eventsFound } from "../support/searches.ts";
import { providerBody, providersAt, providersOfAccount, providersOfDeployment } from "../support/sign-in-providers.ts";
import { manage, selfRegistered } from "../support/self-registered.ts";
import { aProvider, linked as linkedTo } from "../support/through-provider.ts";
import {
	authorized,
	exchange,
	installPath,
	introspect,
	refresh,
	type Registered,
	tokensOf,
} from "../support/tokens.ts";

// What two writes have in common: made anew for each round, and looked at afterwards as anybody could, by lists, by gets
// and by use of the credentials.

/** Newest first in a list by name, so that its first page has what the rounds of this moment made. */
let left = 999_999;

export class World {
	/** The name of everything in it that has one, and of nothing else. */
	readonly tag = `${String(left--).padStart(6, "0")}-race`;
	/** What a write of the round was given and others may use. */
	readonly given: string[] = [];
	/** What it has, each with what it stands on before it. */
	readonly names: readonly PartName[];
	readonly #made = new Map<PartName, Promise<unknown>>();

	constructor(names: readonly PartName[]) {
		this.names = names;
	}

	/** Made at the first call. */
	part<Name extends PartName>(name: Name): ReturnType<Parts[Name]["make"]> {
		const made = this.#made.get(name) ?? parts[name].make(this);
		this.#made.set(name, made);
		return made as ReturnType<Parts[Name]["make"]>;
	}

	/** What anybody sees of it, without what differs from one world to the next. */
	async look(): Promise<string> {
		const seen: unknown[] = [];
		for (const name of this.names) {
			const look: (made: never, world: World) => Promise<unknown> = parts[name].look;
			seen.push(name, await look((await this.part(name)) as never, this));
		}
		return JSON.stringify(seen, null, " ").replaceAll(this.tag, "NAME");
	}
}

/** An account has so many keys, policies and clients, and no more (DESIGN §3.8): what the rounds made goes. */
export async function clear(world: World): Promise<void> {
	const { tag, names } = world;
	if (names.includes("operator")) await call("DELETE", `/v1/operators/${(await world.part("operator")).id}`);
	if (names.includes("member")) {
		const { credential } = await world.part("member");
		for (const { id } of await invitationsNoted(tag, credential)) {
			await call("DELETE", `/v1/invitations/${id}`, undefined, credential);
		}
	}
	if (names.includes("issuer")) {
		for (const { id, name } of await trustedIssuers()) {
			if (name.startsWith(tag)) await call("DELETE", `/v1/trusted-issuers/${id}`);
		}
	}
	if (names.includes("webhook")) {
		for (const { id, description } of await webhooksOf()) {
			if (description.startsWith(tag)) await call("DELETE", `/v1/webhooks/${id}`);
		}
	}
	if (names.includes("domain")) {
		for (const { domain: name } of await domainsAt()) {
			if (name.includes(dnsLabel(tag))) await call("DELETE", `${domainsOfAccount}/${name}`);
		}
	}
	for (const [part, path] of [
		["provider", providersOfAccount],
		["deploymentProvider", providersOfDeployment],
		["linked", providersOfAccount],
	] as const) {
		if (!names.includes(part)) continue;
		for (const { id, name } of await providersAt(path)) {
			if (name.includes(tag)) await call("DELETE", `${path}/${id}`);
		}
	}
	const kinds = ["keys", "policies", "integrations", "apis", "deployment/apis"] as const;
	const used = kinds.filter((_, index) => names.some((name) => madeIn[index]?.includes(name)));
	for (const kind of used) {
		const member = kind === "deployment/apis" ? "apis" : kind;
		const { [member]: rows = [] } = good<Record<string, Named[]>>(await call("GET", `/v1/${kind}?${page}`));
		for (const row of rows.filter(({ name, state }) => name.startsWith(tag) && state !== "ended")) {
			await call("DELETE", `/v1/${kind}/${row.id ?? row.client_id}${forced.has(kind) ? "?force=true" : ""}`);
		}
	}
}

const forced: ReadonlySet<string> = new Set(["policies", "apis", "deployment/apis"]);
const madeIn: readonly (readonly PartName[])[] = [
	["key"],
	["policy"],
	["integration", "application", "registration"],
	["api"],
	["deploymentApi"],
];

interface Named {
	readonly name: string;
	readonly id?: string;
	readonly client_id?: string;
	readonly state?: string;
}

type Parts = typeof parts;
export type PartName = keyof Parts;

/** Of a list that shows the newest first. */
const page = "limit=100";

const permissions = ["alerts:read", "environments:read", "events:read"] as const;

const policy = {
	async make({ tag }: World) {
		const body = { name: `${tag} policy`, description: "As it was", permissions };
		return good<{ id: string }>(await call("POST", "/v1/policies", body), 201).id;
	},
	async look(_: string, { tag }: World) {
		const { policies } = good<{ policies: ShownPolicy[] }>(await call("GET", `/v1/policies?${page}`));
		const own = policies.filter(({ name }) => name.startsWith(tag));
		return own.map(({ name, description, permissions: given }) => [name, description, given.map(alike)]);
	},
};

/** Each world's API has permissions of its own names. */
function alike(permission: string): string {
	return permission.replace(/^orders\d+:/, "orders:");
}

interface ShownPolicy {
	readonly name: string;
	readonly description: string;
	readonly permissions: readonly string[];
}

const api = {
	make: async ({ tag }: World) => (await newApi({ name: `${tag} api` })).id,
	look: (_: string, { tag }: World) => apisNamed("/v1/apis", false, tag),
};

const deploymentApi = {
	make: async ({ tag }: World) => (await newDeploymentApi({ name: `${tag} api` })).id,
	look: (_: string, { tag }: World) => apisNamed("/v1/deployment/apis", true, tag),
};

async function apisNamed(path: string, isWide: boolean, tag: string) {
	const { apis } = good<{ apis: ShownApi[] }>(await call("GET", `${path}?${page}`));
	const own = apis.filter(({ name, deployment_wide: is }) => is === isWide && name.startsWith(tag));
	return own.map(({ name, description, permissions: has }) => [name, description, has.length]);
}

const issuer = {
	async make({ tag }: World) {
		const said = { name: `${tag} issuer`, issuer: `https://${tag}.example`, jwks_uri: `https://${tag}.example/keys` };
		const body = { kind: "identity_provider", clients: [demo.webApp.client.id], ...said };
		return good<{ id: string }>(await call("POST", "/v1/trusted-issuers", body), 201).id;
	},
	async look(_: string, { tag }: World) {
		const own = (await trustedIssuers()).filter(({ name }) => name.startsWith(tag));
		return own.map(({ name, subject, algorithms }) => [name, subject, algorithms]);
	},
};

/** With something that it did not get. */
const webhook = {
	async make({ tag }: World) {
		const made = await newWebhook({ description: `${tag} webhook` });
		return { id: made.id, delivery: (await failedAt(made)).delivery.id };
	},
	async look(_: object, { tag }: World) {
		const own = (await webhooksOf()).filter(({ description }) => description.startsWith(tag));
		// Those of one second stand in no order.
		const rows = own.toSorted((a, b) => a.description.localeCompare(b.description));
		return rows.map(({ url, description, event_types, enabled }) => [url, description, event_types, enabled]);
	},
};

/** Named, and as DNS has it: no two worlds name the same. */
const domain = {
	async make({ tag }: World) {
		const name = `${dnsLabel(tag)}.example`;
		return good<{ domain: string }>(await call("PUT", `${domainsOfAccount}/${name}`, {})).domain;
	},
	async look(_: string, { tag }: World) {
		const own = (await domainsAt()).filter(({ domain: name }) => name.includes(dnsLabel(tag)));
		// By what stands before it: its label is the world's.
		return own.map(({ domain: name, verified_by: by }) => [name.replace(dnsLabel(tag), "NAME"), by]);
	},
};

function dnsLabel(tag: string): string {
	return tag.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function providerIn(path: string) {
	return {
		async make({ tag }: World) {
			return good<{ id: string }>(await call("POST", path, providerBody({ name: `${tag} provider` })), 201).id;
		},
		async look(_: string, { tag }: World) {
			const own = (await providersAt(path)).filter(({ name }) => name.startsWith(tag));
			return own.map(({ name, enabled, trusts_amr }) => [name, enabled, trusts_amr]);
		},
	};
}

async function trustedIssuers() {
	type Shown = { readonly id: string; readonly name: string; readonly subject: string; readonly algorithms: string[] };
	return good<{ trusted_issuers: Shown[] }>(await call("GET", "/v1/trusted-issuers")).trusted_issuers;
}

/** Ada's, by a policy of its own where the world has one. */
const key = {
	async make(world: World) {
		const given = world.names.includes("policy") ? await world.part("policy") : await sharedPolicy();
		const { id } = await newKey({ name: world.tag, tags: ["old"], policies: [given] });
		return { id, policy: given };
	},
	async look({ id, policy: given }: { id: string; policy: string }, { tag }: World) {
		const shown = ({ id: shownId, name, tags, state, policies, limits = {} }: ShownKey) => [
			shownId === id ? "the key" : "another",
			name,
			tags,
			state,
			policies.map((each) => (each === given ? "its policy" : each)),
			limits,
		];
		const [own, list] = await Promise.all([call("GET", `/v1/keys/${id}`), call("GET", `/v1/keys?${page}`)]);
		return {
			own: own.status === 200 ? shown(good(own)) : own.status,
			list: keysOf(list, tag).map(shown),
		};
	},
};

function keysOf(list: Answer, tag: string): readonly ShownKey[] {
	return good<{ keys: ShownKey[] }>(list).keys.filter(({ name }) => name.startsWith(tag));
}

/** One that is on, and one that is off. */
const codes = {
	async make(world: World) {
		const { id } = await world.part("key");
		const [on, off] = [await newCode(id, "On"), await newCode(id, "Off")];
		good(await call("PATCH", `/v1/keys/${id}/codes/${off.id}`, { enabled: false }));
		return { id, on, off };
	},
	async look({ id, on, off }: Codes) {
		const [list, ...opened] = await Promise.all([
			call("GET", `/v1/keys/${id}/codes`),
			opensWith(on.secret),
			opensWith(off.secret),
		]);
		const shown = list.status === 200 ? good<{ codes: ShownCode[] }>(list).codes : [];
		const words = shown.map(({ description, enabled, revealable }) => `${description} ${enabled} ${revealable}`);
		return { status: list.status, codes: words.toSorted(), opened };
	},
};

interface Codes {
	readonly id: string;
	readonly on: MadeCode;
	readonly off: MadeCode;
}

interface MadeCode {
	readonly id: string;
	readonly secret: string;
}

interface ShownCode {
	readonly description: string;
	readonly enabled: boolean;
	readonly revealable: boolean;
}

/** Globex has linked the key. */
const link = {
	async make(world: World) {
		const { id } = await world.part("key");
		const { on } = await world.part("codes");
		const theirs = await globexPolicies();
		good(await call("POST", "/v1/links", { key_id: id, policies: [theirs[0]] }, await inGlobex()), 201);
		return { id, on, theirs };
	},
	async look({ id, on, theirs }: Link, { tag }: World) {
		const globexToken = await inGlobex();
		const [links, linked, list, opened] = await Promise.all([
			call("GET", `/v1/keys/${id}/links`),
			call("GET", `/v1/keys/${id}`, undefined, globexToken),
			call("GET", `/v1/keys?${page}`, undefined, globexToken),
			opensWith(on.secret, "globex"),
		]);
		const shown = ({ name, state, policies, switched_off_by }: ShownKey) => [
			name,
			state,
			policies.map((each) => theirs.indexOf(each)),
			switched_off_by ?? null,
		];
		return {
			links:
				links.status === 200
					? good<{ links: ShownLink[] }>(links).links.map((each) => each.switched_off_by)
					: links.status,
			linked: linked.status === 200 ? shown(good(linked)) : linked.status,
			list: keysOf(list, tag).map(shown),
			opened,
		};
	},
};

interface Link {
	readonly id: string;
	readonly on: MadeCode;
	readonly theirs: readonly string[];
}

interface ShownLink {
	readonly switched_off_by: readonly string[];
}

/** By the code that is on. */
const session = {
	async make(world: World) {
		return loggedIn({ api_key: (await world.part("codes")).on.secret, session_id: world.tag });
	},
	look: (token: string, { given }: World) => Promise.all([token, ...given].map((each) => opens(each))),
};

/** Those that no round changes. */
const shared = new Map<string, Promise<string>>();

function sharedPolicy(): Promise<string> {
	return remembered("ours", () => newPolicy(permissions));
}

async function globexPolicies(): Promise<readonly [string, string]> {
	const credential = await inGlobex();
	return [
		await remembered("theirs", () => newPolicy(["environments:read"], credential)),
		await remembered("another of theirs", () => newPolicy(["alerts:read"], credential)),
	];
}

function remembered(name: string, make: () => Promise<string>): Promise<string> {
	const made = shared.get(name) ?? make();
	shared.set(name, made);
	return made;
}

/** Somebody beside Ada who runs the deployment. */
const operator = {
	make: async () => anOperator(),
	async look({ id }: { id: string }) {
		const { operators } = good<{ operators: { id: string }[] }>(await call("GET", "/v1/operators"));
		return operators.some((each) => each.id === id);
	},
};

async function shownToOperators(slug: string) {
	const { status, body } = await call("GET", `/v1/accounts/${slug}`);
	return [
		status,
		body.name,
		body.state,
		typeof body.delete_at === "string" ? Date.parse(body.delete_at) / 1000 - now() : body.delete_at,
		body.people,
	];
}

/** New, in an account of its own. */
const alert = {
	async make() {
		const { token, list } = await anAlertedAccount(1);
		const [{ id } = { id: "" }] = (await list()).alerts;
		return { id, token, list };
	},
	async look({ list }: { list: () => Promise<ListedAlerts> }) {
		const { alerts, new: count } = await list();
		return [count, alerts.map(({ acknowledged_at: at }) => at !== null)];
	},
};

/** Suspended, with a date of its deletion. */
const ofAnOperator = {
	async make({ tag }: World) {
		const id = randomId(systemRandom);
		await addRows({ accounts: [{ id, slug: tag, name: `${tag} account`, state: "suspended", notBefore: 0 }] });
		good(await call("PUT", `/v1/accounts/${tag}/deletion`, { at: writeInstant(now() + 20 * 86_400) }));
		return { slug: tag };
	},
	async look({ slug }: { slug: string }) {
		return { own: await shownToOperators(slug), made: await shownToOperators(`${slug}-new`) };
	},
};

/** An integration of Acme's with two secrets; Ada has installed it, and once more without its having redeemed the code. */
const integration = {
	async make({ tag }: World) {
		await aSecond();
		const made = await anIntegration({
			name: tag,
			description: "As it was",
			redirect_urls: ["https://radar.example/one", "https://radar.example/two"],
		});
		const second = good<{ client_secret: string }>(await rotate(made, 7), 201).client_secret;
		const { accessToken, refreshToken } = tokensOf(await exchange(await installOf(made), { client: made }));
		if (refreshToken === null) throw new Error("No refresh token");
		await aSecond();
		const code = await installOf(made);
		const listed = await installsOfClient(made);
		return { made, second, accessToken, refreshToken, code, grantId: listed.at(-1)?.grant_id ?? "" };
	},
	async look(
		{
			made,
			second,
			accessToken,
			refreshToken,
			code,
		}: {
			made: Registered;
			second: string;
			accessToken: string;
			refreshToken: string;
			code: string;
		},
		{ tag }: World,
	) {
		const newest: Registered = { ...made, secret: second };
		const [own, list, installs, token, refreshed] = await Promise.all([
			asAda("GET", `/v1/integrations/${made.client.id}`),
			asAda("GET", `/v1/integrations?${page}`),
			installsOfClient(made),
			introspectBySelf(accessToken, newest),
			refresh(refreshToken, { client: newest }),
		]);
		const old = await refresh(refreshToken, { client: made });
		const shown = ({ name, description, redirect_urls, scopes, state, secrets }: ShownIntegration) => [
			name,
			description,
			redirect_urls,
			scopes,
			state,
			secrets.map(({ expires_at }) => expires_at !== null),
		];
		const { integrations } = good<{ integrations: ShownIntegration[] }>(list);
		return {
			own: own.status === 200 ? shown(good(own)) : own.status,
			list: integrations.filter((each) => each.name.startsWith(tag)).map(shown),
			installs: installs.map(({ scopes }) => scopes),
			token,
			refreshed: [refreshed.status, refreshed.body.scope ?? null, old.status],
			// Last: whether it is still there to be redeemed.
			code: (await exchange(code, { client: newest })).status,
		};
	},
};

interface ShownIntegration {
	readonly name: string;
	readonly description: string;
	readonly redirect_urls: readonly string[];
	readonly scopes: readonly string[];
	readonly state: string;
	readonly secrets: readonly { readonly expires_at: string | null }[];
}

/** So that the newest installs are those of this moment, and stand first in a list. */
function aSecond(): Promise<void> {
	return advance(1);
}

async function installOf(made: Registered): Promise<string> {
	return codeOf(await decide(installPath(made), { who: ada }));
}

async function installsOfClient({ client }: Registered) {
	const answer = await asAda("GET", `/v1/installs?${page}`);
	const { installs } = good<{ installs: { grant_id: string; client_id: string; scopes: string[] }[] }>(answer);
	return installs.filter(({ client_id }) => client_id === client.id);
}

/** What the client itself is told of a token; or that it is nobody any more. */
async function introspectBySelf(token: string, client: Registered): Promise<unknown> {
	try {
		const { active, scope } = await introspect(token, client);
		return [active, scope ?? null];
	} catch {
		return "not told";
	}
}

/** An application of Acme's whose refresh tokens rotate, with a family and a code. */
const application = {
	async make({ tag }: World) {
		await aSecond();
		const made = await anIntegration({
			kind: "application",
			name: `${tag} app`,
			redirect_urls: ["https://portal.example/done"],
		});
		const { accessToken, refreshToken } = tokensOf(await exchange(await authorized(made), { client: made }));
		if (refreshToken === null) throw new Error("No refresh token");
		const code = await authorized(made);
		return { made, accessToken, refreshToken, code };
	},
	async look(
		{
			made,
			accessToken,
			refreshToken,
			code,
		}: {
			made: Registered;
			accessToken: string;
			refreshToken: string;
			code: string;
		},
		{ given }: World,
	) {
		const installs = await installsOfClient(made);
		return {
			installs: installs.length,
			token: await introspectBySelf(accessToken, made),
			given: await Promise.all(given.map((each) => introspectBySelf(each, made))),
			// The same successor again, within the window.
			refreshed: (await refresh(refreshToken, { client: made })).status,
			code: (await exchange(code, { client: made })).status,
		};
	},
};

/** A client that was registered by a program of Ada's (RFC 7591). */
const registration = {
	async make({ tag }: World) {
		// An account may register 200 in an hour.
		await advance(20);
		return selfRegistered({ client_name: `${tag} software` }, await inAcme());
	},
	async look(made: { id: string; token: string }) {
		const [own, theirs] = await Promise.all([manage("GET", made), asAda("GET", `/v1/integrations/${made.id}`)]);
		return [own.status, theirs.status, theirs.body.name ?? null, theirs.body.redirect_urls ?? null];
	},
};

/** Somebody who is about to need more than their password. */
const factor = {
	async make() {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const own = await ownToken(who);
		return { who, own, body: await enrolmentOf(who, own) };
	},
	async look({ who }: { readonly who: Login }) {
		const { username, password } = who;
		return locationOf(await postForm("/sign-in", { username, password }, ownPage)).pathname;
	},
};

/** Somebody whose codes an app makes, and the secrets of two others that may take its place. */
const authenticator = {
	async make() {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const { secret } = await turnOnCodes(who);
		const { username, password } = who;
		// The code of this moment was used up: an app whose clock is ahead.
		const own = bearer(await loggedIn({ username, password, otp: codeOfApp(secret, 30) }));
		const [one, other] = [await offeredTo(own), await offeredTo(own)];
		// Its next code is not used up.
		await advance(60);
		return { who, own, secret, one, other };
	},
	/** Whether the password is enough, and if not, whose codes are. */
	async look({ who, secret, one, other }: Authenticator) {
		await advance(90);
		const { username, password } = who;
		const signsIn = async (app: string) => {
			const answer = await whenNotBusy(() => postForm("/sign-in", { username, password }, unseen()));
			const { pathname } = locationOf(answer);
			if (pathname !== "/sign-in/second-factor") return pathname;
			const headers = { ...unseen(), cookie: cookieOf(answer) };
			return (await postForm(pathname, { code: codeOfApp(app), by: "code" }, headers)).status;
		};
		const seen: unknown[] = [];
		for (const app of [secret, one.secret, other.secret]) seen.push(await signsIn(app));
		return seen;
	},
};

export interface Authenticator {
	readonly who: Login;
	readonly own: Credential;
	readonly secret: string;
	readonly one: Offered;
	readonly other: Offered;
}

interface Offered {
	readonly enrolment: string;
	readonly secret: string;
}

async function offeredTo(own: Credential): Promise<Offered> {
	return good<Offered>(await call("POST", "/v1/profile/one_time_codes", undefined, own));
}

/** Somebody who may come in by a passkey and by a password, and is to keep one of the two. */
const passkey = {
	make: async () => aPersonWithPasskey(),
	async look({ who, passkey: theirs }: Awaited<ReturnType<typeof aPersonWithPasskey>>) {
		const { username, password } = who;
		const byPasskey = await answerBy(theirs, await signInPage(), {}, unseen());
		const byPassword = await whenNotBusy(() => postForm("/sign-in", { username, password }, unseen()));
		return [byPasskey.status, byPassword.status, await passkeyNames(byPasskey)];
	},
};

/** As their owner sees them. */
async function passkeyNames(signedInBy: Answer): Promise<readonly string[]> {
	if (signedInBy.status !== 303) return [];
	const { text } = await ask("/console/acme/security", { headers: { cookie: cookieOf(signedInBy) } });
	return ["Phone", "One", "Two"].filter((name) => text.includes(`<bdi>${name}</bdi>`));
}

/** Somebody who may come in through a provider of Acme's. */
const linked = {
	async make({ tag }: World) {
		const idp = await startOpenIdProvider(now);
		idp.user = { sub: tag };
		const providerId = await aProvider(idp, { name: `Of ${tag}` });
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		await linkedTo(who, providerId, idp);
		await idp.close();
		return { id: who.id, providerId, own: await ownToken(who) };
	},
	async look({ id, own }: { readonly id: string; readonly own: Credential }, { tag }: World) {
		type Listed = { readonly providers: readonly { readonly name: string; readonly linked_at?: string | null }[] };
		const mine = good<Listed>(await call("GET", "/v1/profile/providers", undefined, own)).providers;
		const theirs = good<Listed>(await call("GET", `/v1/people/${id}/providers`)).providers;
		const ofWorld = mine.filter(({ name }) => name === `Of ${tag}`);
		return [ofWorld.map(({ name, linked_at: at }) => [name, at != null]), theirs.map(({ name }) => name)];
	},
};

let looked = 0;

/** Wrong ones are counted by network: another one each time. */
function unseen(): Record<string, string> {
	return { ...ownPage, "cf-connecting-ip": `198.18.${(looked += 1) >> 8}.${looked & 255}` };
}

/** Somebody who is signed in with a browser, and gets to do something about it by their own login token. */
const browser = {
	async make() {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const { username, password } = who;
		const cookie = cookieOf(await whenNotBusy(() => postForm("/sign-in", { username, password }, ownPage)));
		const own = await ownToken(who);
		const [signIn] = good<{ sign_ins: { id: string }[] }>(
			await call("GET", "/v1/profile/sign_ins", undefined, own),
		).sign_ins;
		return { who, cookie, own, id: signIn?.id ?? "" };
	},
	async look({ who, cookie }: { readonly who: Login; readonly cookie: string }) {
		const isIn = (await ask("/console/acme/security", { headers: { cookie } })).status;
		// One of the two is wrong.
		const from = unseen();
		const asks = [who.password, nextPassword].map((password) =>
			whenNotBusy(() => postForm("/sign-in", { username: who.username, password }, from)),
		);
		return [isIn, ...(await Promise.all(asks)).map(({ status }) => status)];
	},
};

export type Browser = Awaited<ReturnType<typeof browser.make>>;

/** What somebody's password is changed to. */
export const nextPassword = "plum trees by the river";

const forgetful = {
	async make() {
		const account = await anAccount();
		const [who, admin] = [await aPerson({ [account]: "member" }), await aPerson({ [account]: "admin" })];
		return { who, admin, own: await ownToken(who), byAdmin: await ownToken(admin) };
	},
	async look({ own }: Forgetful, { given }: World) {
		const kept = good<{ left: number }>(await call("GET", "/v1/profile/recovery_codes", undefined, own));
		const links = await Promise.all(given.map((each) => ask(new URL(each).pathname)));
		return { kept: kept.left, links: links.map(({ status }) => status) };
	},
};

async function ownToken({ username, password }: Login): Promise<Credential> {
	return bearer(await loggedIn({ username, password }));
}

export interface Forgetful {
	readonly who: Login & { readonly id: string };
	readonly admin: Login;
	readonly own: Credential;
	readonly byAdmin: Credential;
}

/** Somebody of Acme, with token pairs, a login token and a profile. */
const person = {
	async make() {
		const { id, slug } = await stage();
		const who = await aPerson({ [id]: "admin" });
		const { username, password } = who;
		const [pairs, login] = [await generated(who, slug), await loggedIn({ username, password })];
		return { slug, pairs, login, id: who.id, cookie: await signedIn(who) };
	},
	async look({ slug, pairs, login, id, cookie }: Somebody, { given }: World) {
		const { updated_at: _, ...profile } = (await ask("/v1/profile", { headers: bearer(login) })).body;
		const answers = await Promise.all([pairs.write.access, ...given].map((each) => putNothing(each, slug)));
		const form = await ask(`/console/${slug}/settings/people/${id}/email`, { headers: { cookie } });
		const [, verified] = /name="email"[^>]*value="([^"]*)"/.exec(form.text) ?? [];
		return { profile, verified, opens: answers.map(({ status }) => status) };
	},
};

interface Somebody {
	readonly slug: string;
	readonly pairs: { readonly write: { readonly access: string } };
	readonly login: string;
	readonly id: string;
	readonly cookie: string;
}

/** Somebody who belongs to an account, and an invitation to it. */
const member = {
	async make({ tag }: World) {
		const { id: accountId, credential } = await stage();
		const { id } = await aPerson({ [accountId]: "member" });
		const body = { role: "member", note: tag };
		const invitation = good<{ id: string }>(await call("POST", "/v1/invitations", body, credential), 201).id;
		return { id, invitation, credential };
	},
	async look({ id, credential }: { id: string; credential: Credential }, { tag }: World) {
		const { people } = good<{ people: { id: string; role: string }[] }>(
			await call("GET", `/v1/people?${page}`, undefined, credential),
		);
		const states = (await invitationsNoted(tag, credential)).map(({ role, state }) => `${role} ${state}`);
		return { roles: people.filter((each) => each.id === id).map(({ role }) => role), states: states.toSorted() };
	},
};

async function invitationsNoted(note: string, credential: Credential) {
	const answer = await call("GET", `/v1/invitations?${page}`, undefined, credential);
	const { invitations } = good<{ invitations: { id: string; note: string; role: string; state: string }[] }>(answer);
	return invitations.filter((each) => each.note === note);
}

/** With its public key, by which an event has come in. */
const environment = {
	async make({ tag }: World) {
		const body = { workspace: tag, name: "prod" };
		const { credential } = await stage();
		const answer = await call("POST", "/v1/environments", body, credential);
		const made = good<{ id: string; public_key: string }>(answer, 201);
		good(await sendEvent(made.public_key), 202);
		const [event] = await eventsIn(tag, credential);
		return { id: made.id, credential, publicKey: made.public_key, eventId: event?.id ?? "" };
	},
	async look({ credential, publicKey, eventId }: Environment, { tag }: World) {
		// A replaced key, or a switch, may be remembered for so long.
		await advance(staleness + 1);
		const { environments } = good<{ environments: ShownEnvironment[] }>(
			await call("GET", `/v1/environments?${page}`, undefined, credential),
		);
		const rows = environments.filter(({ workspace }) => workspace === tag);
		return {
			list: rows.map(({ name, enabled, key_version }) => [name, enabled, key_version]),
			events: (await eventsIn(tag, credential)).map(({ id }) => (id === eventId ? "the event" : "another")).toSorted(),
			sends: (await sendEvent(publicKey)).status,
		};
	},
};

interface Environment {
	readonly id: string;
	readonly credential: Credential;
	readonly publicKey: string;
	readonly eventId: string;
}

interface Stage {
	readonly id: string;
	readonly slug: string;
	readonly credential: Credential;
}

let stages = 0;
let staged: Promise<Stage> | null = null;
let stagedAt = 0;

/** An account for people and environments, which nothing deletes: another one before it has too many. */
function stage(): Promise<Stage> {
	if (staged === null || stages % 80 === 0 || now() > stagedAt + 3600) {
		staged = newStage(`stage-${stages}`);
		stagedAt = now();
	}
	stages += 1;
	return staged;
}

async function newStage(slug: string): Promise<Stage> {
	const id = slug.padEnd(22, "_");
	await addRows({ accounts: [{ id, slug, name: "Stage", state: "active", notBefore: 0 }] });
	const { username, password } = await aPerson({ [id]: "admin" });
	return { id, slug, credential: bearer(await loggedIn({ username, password })) };
}

interface ShownEnvironment {
	readonly workspace: string;
	readonly name: string;
	readonly enabled: boolean;
	readonly key_version: number;
}

async function eventsIn(tag: string, credential: Credential) {
	const filters = [{ field: "environment", operator: "eq", value: `${tag}/prod` }];
	return eventsFound({ filters }, credential);
}

/** One event, by each of the ways that there are. */
export const sentEvents = {
	"/v1/events": { type: "deployment", text: "Done" },
	"/v1/logs": { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "Done" } }] }] }] },
	"/v1/traces": {
		resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: "1a".repeat(16), spanId: "2b".repeat(8), name: "done" }] }] }],
	},
} as const;

export function sendEvent(publicKey: string, path: keyof typeof sentEvents = "/v1/events"): Promise<Answer> {
	const headers = { "x-api-key": publicKey, "content-type": "application/json" };
	return ask(path, { method: "POST", headers, body: JSON.stringify(sentEvents[path]) });
}

/** A change event, told from others by its time. */
const changeEvent = {
	async make({ tag }: World) {
		good(await putEvent(tag, "start"));
		const [event] = await eventsOf(tag);
		return { id: event?.id ?? "" };
	},
	async look(_: { id: string }, { tag }: World) {
		return (await eventsOf(tag)).map(({ event_state }) => event_state).toSorted();
	},
};

/** Whether a token may: what it sends is refused for itself then. */
function putNothing(token: string, slug: string): Promise<Answer> {
	return ask(`/api/v4/organizations/${slug}/change_events`, { method: "PUT", body: "[", headers: last9(token) });
}

const eventsPath = "/api/v4/organizations/acme/change_events";

export async function putEvent(tag: string, state: "start" | "stop"): Promise<Answer> {
	const event = { timestamp: instantOf(tag), event_name: "race", event_state: state };
	const headers = { ...(await inAcme()), "content-type": "application/json" };
	return ask(eventsPath, { method: "PUT", body: JSON.stringify(event), headers });
}

async function eventsOf(tag: string) {
	const query = new URLSearchParams({ from: instantOf(tag), to: instantOf(tag, 1) });
	const answer = await call("GET", `${eventsPath}?${query.toString()}`);
	return good<{ change_events: { id: string; event_state: string }[] }>(answer).change_events;
}

function instantOf(tag: string, later = 0): string {
	return new Date(Date.UTC(2025, 0, 1) + (Number.parseInt(tag, 10) + later) * 1000).toISOString();
}

const parts = {
	operator,
	api,
	deploymentApi,
	alert,
	issuer,
	webhook,
	domain,
	browser,
	provider: providerIn(providersOfAccount),
	deploymentProvider: providerIn(providersOfDeployment),
	account: ofAnOperator,
	factor,
	authenticator,
	linked,
	forgetful,
	passkey,
	policy,
	key,
	codes,
	link,
	session,
	integration,
	application,
	registration,
	person,
	member,
	environment,
	changeEvent,
};

/** Each once, and after what it stands on. */
export function inOrderOf(names: readonly PartName[]): readonly PartName[] {
	return (Object.keys(parts) as PartName[]).filter((name) => names.includes(name));
}
