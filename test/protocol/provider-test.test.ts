import type { ServerResponse } from "node:http";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { clientId, clientSecret, startOpenIdProvider } from "../peers/openid-provider.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { call, good, inAcme, tokenOf } from "../support/keys-api.ts";
import { ada, grace } from "../support/people.ts";
import { anAccount, aPerson, slugOf } from "../support/registered.ts";
import { newDeploymentProvider, newProvider } from "../support/sign-in-providers.ts";
import { advance, demo, now } from "../support/target.ts";
import { aProvider } from "../support/through-provider.ts";

const idp = await startOpenIdProvider(now);
afterAll(() => idp.close());
beforeEach(async () => {
	idp.reset();
	// What may be tested in an hour.
	await advance(3601);
});

interface Tested {
	readonly usable: boolean;
	readonly findings: readonly { readonly about: string; readonly verdict: string; readonly detail: string }[];
}

const pathOf = (id: string) => `/v1/sign-in-providers/${id}/test`;

async function tested(changes: object = {}): Promise<Tested> {
	const id = await aProvider(idp, changes);
	return good<Tested>(await call("POST", pathOf(id), undefined, await inAcme()));
}

const wrongIn = ({ findings }: Tested) => findings.filter(({ verdict }) => verdict === "wrong");

const endless = (response: ServerResponse) => {
	response.writeHead(200, { "content-type": "application/json" });
	response.write("{");
};

describe("testing a provider", () => {
	test("says what is right, and that nothing keeps anybody out", async () => {
		const found = await tested();
		expect([found.usable, wrongIn(found)]).toEqual([true, []]);
		const right = found.findings.filter(({ verdict }) => verdict === "right").map(({ about }) => about);
		expect(new Set(right)).toEqual(
			new Set(["discovery", "issuer", "endpoints", "client_auth", "flow", "keys", "sign_out"]),
		);
		expect(found.findings).toContainEqual(expect.objectContaining({ about: "pkce", verdict: "note" }));
	});

	test.each<[string, string, Readonly<Record<string, unknown>>, RegExp]>([
		[
			"OpenID Connect Discovery §4.3: another issuer",
			"issuer",
			{ issuer: "https://other.example" },
			/“https:\/\/other\.example”/,
		],
		["an endpoint that is not named", "endpoints", { token_endpoint: undefined }, /names no token_endpoint/],
		["an endpoint of no public host", "endpoints", { token_endpoint: "https://10.0.0.1/token" }, /no public host/],
		[
			"an authentication method that it does not take",
			"client_auth",
			{ token_endpoint_auth_methods_supported: ["private_key_jwt"] },
			/does not take client_secret_basic, but private_key_jwt/,
		],
		["RFC 7636 §4.3: PKCE without S256", "pkce", { code_challenge_methods_supported: ["plain"] }, /but plain/],
		["no codes", "flow", { response_types_supported: ["id_token"] }, /does not give codes/],
		[
			"signatures by a shared secret alone",
			"keys",
			{ id_token_signing_alg_values_supported: ["HS256"] },
			/but by HS256/,
		],
	])("tells of %s", async (_, about, metadata, detail) => {
		idp.metadata = metadata;
		const found = await tested();
		expect(found.usable).toBe(false);
		expect(wrongIn(found)).toContainEqual({ about, verdict: "wrong", detail: expect.stringMatching(detail) });
	});

	test.each<[string, (response: ServerResponse) => void, RegExp]>([
		["is not there", (response) => response.writeHead(404).end("{}"), /answered with 404/],
		[
			"leads elsewhere",
			(response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
			/answered with 302/,
		],
		["answers 10 MB", (response) => response.writeHead(200).end(" ".repeat(10_000_000)), /larger than 262144 bytes/],
		["is no JSON", (response) => response.writeHead(200).end("<html>"), /no JSON object/],
		["never comes to an end", endless, /took too long/],
	])("tells of a document that %s", async (_, answer, detail) => {
		idp.answers.set("/.well-known/openid-configuration", (_request, response) => answer(response));
		const found = await tested();
		expect(found).toMatchObject({
			usable: false,
			findings: [{ about: "discovery", verdict: "wrong", detail: expect.stringMatching(detail) }],
		});
	});

	test("tells of a host where nobody is, and of a key set without a key", async () => {
		const { id } = await newProvider({
			issuer: "http://127.0.0.1:9",
			client_id: clientId,
			client_secret: clientSecret,
		});
		const away = good<Tested>(await call("POST", pathOf(id), undefined, await inAcme()));
		expect(away.findings).toEqual([
			{ about: "discovery", verdict: "wrong", detail: expect.stringContaining("could not be reached") },
		]);
		idp.answers.set("/jwks", (_request, response) => response.writeHead(200).end('{"keys":[]}'));
		expect(wrongIn(await tested())).toMatchObject([{ about: "keys" }]);
	});

	test("what it says is shown as a line of text, however it is written", async () => {
		idp.metadata = { issuer: `<b>\u202e${"x".repeat(5000)}` };
		const [first] = wrongIn(await tested());
		expect(first?.detail.length).toBeLessThan(500);
		expect(first?.detail).not.toContain("\u202e");
	});

	test("changes nothing, thirty times in an hour", async () => {
		const id = await aProvider(idp);
		const credential = await inAcme();
		const state = async () => {
			const path = `/v1/sign-in-providers/${id}`;
			const log = await call("GET", "/v1/audit?action=sign_in_provider", undefined, credential);
			return [(await call("GET", path, undefined, credential)).body, log.body];
		};
		const before = await state();
		for (let round = 0; round < 30; round++) {
			expect((await call("POST", pathOf(id), undefined, credential)).status).toBe(200);
		}
		const limited = await call("POST", pathOf(id), undefined, credential);
		expect(limited.status).toBe(429);
		expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
		expect(await state()).toEqual(before);
	});

	test("is for who administers it: another account has no such provider, and a member none to test", async () => {
		const id = await aProvider(idp);
		const account = await anAccount();
		const other = await aPerson({ [account]: "admin" });
		expect((await call("POST", pathOf(id), undefined, await tokenOf(other, slugOf(account)))).status).toBe(404);
		const member = await aPerson({ [demo.accounts.acme]: "member" });
		expect((await call("POST", pathOf(id), undefined, await tokenOf(member, "acme"))).status).toBe(403);
		const { id: ours } = await newDeploymentProvider({ issuer: idp.issuer, client_id: clientId });
		expect((await call("POST", pathOf(ours), undefined, await inAcme())).status).toBe(404);
		const byOperator = await call("POST", `/v1/deployment/sign-in-providers/${ours}/test`);
		expect(good<Tested>(byOperator).usable).toBe(true);
		const byAdmin = await call(
			"POST",
			`/v1/deployment/sign-in-providers/${ours}/test`,
			undefined,
			await tokenOf(grace, "globex"),
		);
		expect(byAdmin.status).toBe(403);
	});

	test("its page says the same in words", async () => {
		const id = await aProvider(idp);
		const admin = await atConsole(ada);
		const page = `/console/acme/settings/sign-in/${id}`;
		const answer = await admin.send(page, `${page}/test`);
		expect(wordsOf(answer)).toContain("What it says of itself is as it should be.");
		idp.metadata = { issuer: "https://other.example" };
		expect(wordsOf(await admin.send(page, `${page}/test`))).toContain("Nobody can sign in through it as it is now.");
	});
});
