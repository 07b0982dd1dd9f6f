import { describe, expect, test } from "vitest";
import { aKeyClient, assertionOf, present } from "../support/assertions.ts";
import { loggedIn, logIn, opens } from "../support/logins.ts";
import { signedInTo } from "../support/openid.ts";
import { aClient, aKey } from "../support/registered.ts";
import { ask } from "../support/requests.ts";
import { respelled } from "../support/respelled.ts";
import { manage, selfRegistered } from "../support/self-registered.ts";
import { demo } from "../support/target.ts";
import { authorized, environments, exchange, granted, introspect, refresh } from "../support/tokens.ts";

const { webApp } = demo;

// Whoever has a token can write it in several ways, which `jose` 6.2 reads as the same.

/** Something that was handed out, and how it is presented: the status that comes of a text. */
interface Presented {
	readonly text: string;
	readonly by: (text: string) => Promise<number>;
	/** Where its base64url begins. */
	readonly from: number;
	/** No header has a line break. */
	readonly inHeader?: true;
}

const asBearer = (text: string) => statusOf(environments(text));
const signature = (token: string) => token.lastIndexOf(".") + 1;
const asHint = (text: string) => statusOf(ask(`/oauth/logout?id_token_hint=${encodeURIComponent(text)}`));
const statusOf = async (answer: Promise<{ readonly status: number }>) => (await answer).status;

const handedOut: Readonly<Record<string, () => Promise<Presented>>> = {
	async "an access token by ES256"() {
		const { accessToken } = await granted(webApp);
		return { text: accessToken, by: asBearer, from: signature(accessToken), inHeader: true };
	},
	async "an access token by RS256"() {
		const client = await aClient(webApp, { options: { accessTokenAlg: "RS256" } });
		const { accessToken } = await granted(client);
		return { text: accessToken, by: asBearer, from: signature(accessToken), inHeader: true };
	},
	async "a login token"() {
		const token = await loggedIn({ api_key: demo.apiKey.accessCode });
		return { text: token, by: opens, from: signature(token), inHeader: true };
	},
	async "an access token, where it is introspected"() {
		const { accessToken } = await granted(webApp);
		const by = async (text: string) => ((await introspect(text, webApp)).active === true ? 200 : 400);
		return { text: accessToken, by, from: signature(accessToken) };
	},
	async "a refresh token, where it is introspected"() {
		const { refreshToken } = await granted(webApp);
		const by = async (text: string) => ((await introspect(text, webApp)).active === true ? 200 : 400);
		return { text: refreshToken, by, from: 4 };
	},
	async "a refresh token"() {
		const { refreshToken } = await granted(demo.integration);
		return { text: refreshToken, by: (text) => statusOf(refresh(text)), from: 4 };
	},
	async "an authorization code"() {
		const code = await authorized(webApp);
		return { text: code, by: (text) => statusOf(exchange(text, { client: webApp })), from: 4 };
	},
	async "an id_token as a hint"() {
		const { idToken } = await signedInTo(webApp);
		return { text: idToken, by: asHint, from: signature(idToken) };
	},
	async "a client's assertion"() {
		const client = await aKeyClient();
		const text = await assertionOf(client);
		return { text, by: (each) => statusOf(present(each)), from: signature(text) };
	},
	async "a registration access token"() {
		const client = await selfRegistered();
		const by = (token: string) => statusOf(manage("GET", { ...client, token }));
		return { text: client.token, by, from: 5, inHeader: true };
	},
	async "an access code"() {
		const { secret } = await aKey();
		return { text: secret, by: (api_key) => statusOf(logIn({ api_key })), from: 3 };
	},
};

describe("RFC 4648 §3.5, DESIGN §2.3: one text for each thing that is handed out, stray bits, padding and white space or not", () => {
	test.each(Object.keys(handedOut))("%s", async (name) => {
		const { text, by, from, inHeader } = await handedOut[name]!();
		const start = text.slice(0, from);
		for (const each of respelled(text.slice(from)).filter((other) => !inHeader || !other.includes("\n"))) {
			expect([each, await by(start + each)]).toEqual([each, expect.toSatisfy((status: number) => status >= 400)]);
		}
		// Nor has any of them spent it.
		expect(await by(text)).toBeLessThan(400);
	});
});
