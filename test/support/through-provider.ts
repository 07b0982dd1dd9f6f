import { staleness } from "../../src/operations/lookups.ts";
import { clientId, clientSecret, type OpenIdProvider } from "../peers/openid-provider.ts";
import { formOn, type Login, signInAnew } from "./people.ts";
import { type Answer, ask, type Fields, given, locationOf, ownPage } from "./requests.ts";
import type { Credential } from "./keys-api.ts";
import { newProvider } from "./sign-in-providers.ts";
import { advance } from "./target.ts";
import { asAdministrator } from "./trusted-issuers.ts";

/** A provider of Acme's, or of whose the credential is, which lets in everybody whom it knows; `changes` in the words of the API. */
export async function aProvider(at: OpenIdProvider, changes: object = {}, credential?: Credential): Promise<string> {
	const isAt = { issuer: at.issuer, client_id: clientId, client_secret: clientSecret };
	const forAll = { just_in_time: true, default_role: "member", admits: "everybody" };
	return (await newProvider({ ...isAt, ...forAll, ...changes }, credential)).id;
}

export async function changeProvider(id: string, changes: object): Promise<void> {
	const answer = await asAdministrator(`/v1/sign-in-providers/${id}`, "PATCH", changes);
	if (answer.status !== 200) throw new Error(`Not changed: ${answer.status} ${answer.text}`);
	await advance(staleness + 1);
}

/** A browser that keeps its cookies. */
export interface ProviderVisitor {
	readonly open: (path: string) => Promise<Answer>;
	readonly post: (path: string, fields: Fields, headers?: Record<string, string>) => Promise<Answer>;
	/** Where the provider's user is sent to sign in there. */
	readonly begin: (providerId: string, fields?: Fields) => Promise<Answer>;
	/** Follows what the provider answered. */
	readonly comeBack: (to: URL) => Promise<Answer>;
	/** All of it, by whoever is the provider's user. */
	readonly come: (providerId: string, at: OpenIdProvider, fields?: Fields) => Promise<Answer>;
	readonly cookies: ReadonlyMap<string, string>;
}

export async function aVisitor(
	who: Login | null = null,
	kept: ReadonlyMap<string, string> = new Map(),
): Promise<ProviderVisitor> {
	const cookies = new Map(kept);
	if (who) {
		const [name = "", value = ""] = (await signInAnew(who)).split(/=(.*)/s);
		cookies.set(name, value);
	}
	async function request(path: string, init: RequestInit): Promise<Answer> {
		const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const answer = await ask(path, { ...init, headers: { ...(init.headers as Record<string, string>), cookie } });
		for (const line of answer.headers.getSetCookie()) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			if (/max-age=0/i.test(line)) cookies.delete(name);
			else cookies.set(name, value);
		}
		return answer;
	}
	const visitor: ProviderVisitor = {
		cookies,
		open: (path) => request(path, {}),
		post: (path, fields, headers = ownPage) =>
			request(path, {
				method: "POST",
				body: new URLSearchParams(given(fields)).toString(),
				headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
			}),
		begin: (providerId, fields = {}) => visitor.post(`/sign-in/with/${providerId}`, fields),
		comeBack: ({ pathname, search }) => request(pathname + search, {}),
		async come(providerId, at, fields) {
			const begun = await visitor.begin(providerId, fields);
			return visitor.comeBack(await at.visit(locationOf(begun).href));
		},
	};
	return visitor;
}

/** The user name of who is signed in in a browser. */
export async function whoIsIn({ open }: ProviderVisitor): Promise<string> {
	const page = await open("/");
	const [, said = ""] = /Signed in as (.*?)<\/p>/s.exec(page.text) ?? [];
	// The name, and in brackets the user name.
	return /\((.*)\)/s.exec(said.replaceAll(/<[^>]*>/g, ""))?.[1] ?? "nobody";
}

/** Somebody whom the provider knows as its user from now on: their browser. */
export async function linked(
	who: Login,
	providerId: string,
	at: OpenIdProvider,
	slug = "acme",
): Promise<ProviderVisitor> {
	const me = await aVisitor(who);
	const path = `/console/${slug}/security/providers/${providerId}/link`;
	const form = formOn(await me.open(path), "password");
	const begun = await me.post(path, { ...form.hidden, password: who.password });
	const answer = await me.comeBack(await at.visit(locationOf(begun).href));
	if (answer.status !== 303) throw new Error(`Not linked: ${answer.status} ${answer.text}`);
	return me;
}
