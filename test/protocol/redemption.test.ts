import { describe, expect, test } from "vitest";
import { refusal, times } from "../support/requests.ts";
import { respelled } from "../support/respelled.ts";
import { advance, demo } from "../support/target.ts";
import { pkce } from "../support/pkce.ts";
import {
	authorized,
	environments,
	exchange,
	granted,
	installed,
	introspect,
	refresh,
	type TokenRequest,
	tokensOf,
} from "../support/tokens.ts";

describe("a code is redeemed once", () => {
	test("RFC 6749 §4.1.2: of 100 parallel redemptions one succeeds, and what it got is revoked", async () => {
		const code = await installed();
		const answers = await Promise.all(times(100, () => exchange(code)));
		const winners = answers.filter((answer) => answer.status === 200);
		const losers = answers.filter((answer) => answer.status !== 200);
		expect(winners).toHaveLength(1);
		expect(new Set(losers.map(refusal))).toEqual(new Set(["400 invalid_grant"]));
		// The losers replayed the code, so what the winner got is revoked too.
		const { accessToken, refreshToken } = tokensOf(winners[0]!);
		expect(await introspect(accessToken)).toEqual({ active: false });
		expect(await introspect(refreshToken ?? "")).toEqual({ active: false });
		expect((await environments(accessToken)).status).toBe(401);
		expect(refusal(await refresh(refreshToken ?? ""))).toBe("400 invalid_grant");
	});

	test("RFC 6749 §4.1.2: a replay ends that grant, and no other of the same person and client", async () => {
		const other = await granted();
		const { code, accessToken, refreshToken } = await granted();
		expect(refusal(await exchange(code))).toBe("400 invalid_grant");
		expect(await introspect(accessToken)).toEqual({ active: false });
		expect(refusal(await refresh(refreshToken))).toBe("400 invalid_grant");
		expect(await introspect(other.accessToken)).toMatchObject({ active: true });
		expect((await refresh(other.refreshToken)).status).toBe(200);
	});

	test("RFC 6749 §4.1.2: a redeemed code that has expired since is a replay still", async () => {
		const { code, accessToken } = await granted();
		await advance(181);
		expect(refusal(await exchange(code))).toBe("400 invalid_grant");
		expect(await introspect(accessToken)).toEqual({ active: false });
	});

	test("a replay is a replay for hours: after a refresh, and long after the code's record is gone", async () => {
		const { code, refreshToken } = await granted();
		await advance(3600);
		const { accessToken } = tokensOf(await refresh(refreshToken));
		expect(refusal(await exchange(code))).toBe("400 invalid_grant");
		expect(await introspect(accessToken)).toEqual({ active: false });
		expect(refusal(await refresh(refreshToken))).toBe("400 invalid_grant");
	});

	test("a code that ended its grant never opens it again", async () => {
		const { code, accessToken } = await granted();
		await exchange(code);
		expect(refusal(await exchange(code))).toBe("400 invalid_grant");
		expect(await introspect(accessToken)).toEqual({ active: false });
	});
});

describe("contract 000: a code is valid for 3 minutes", () => {
	test("it is redeemed in the last second", async () => {
		const code = await installed();
		await advance(179);
		expect((await exchange(code)).status).toBe(200);
	});

	test("it is refused at 180 seconds, and ever after", async () => {
		const code = await installed();
		await advance(180);
		expect(refusal(await exchange(code))).toBe("400 invalid_grant");
		await advance(1000);
		expect(refusal(await exchange(code))).toBe("400 invalid_grant");
	});
});

describe("a request that does not fit neither redeems the code nor burns it", () => {
	const { integration, webApp, nativeApp } = demo;
	const elsewhere = "https://evil.example/callback";
	const cases: [title: string, client: typeof webApp, wrong: TokenRequest, refused: string][] = [
		["RFC 6749 §4.1.3: another client", webApp, { client: integration }, "400 invalid_grant"],
		["RFC 6749 §4.1.3: a public client", webApp, { client: nativeApp }, "400 invalid_grant"],
		["a wrong secret", webApp, { fields: { client_secret: integration.secret ?? "" } }, "401 invalid_client"],
		["a secret that is none", webApp, { fields: { client_secret: "lkcs_nothing" } }, "401 invalid_client"],
		["no secret", webApp, { method: "none" }, "401 invalid_client"],
		[
			"a wrong secret by Basic",
			webApp,
			{ client: { ...webApp, secret: integration.secret }, method: "basic" },
			"401 invalid_client",
		],
		["RFC 6749 §4.1.3: another redirect URI", webApp, { fields: { redirect_uri: elsewhere } }, "400 invalid_grant"],
		["no redirect URI", webApp, { fields: { redirect_uri: undefined } }, "400 invalid_grant"],
		[
			"RFC 9700 §4.1.3: a redirect URI with a slash more",
			webApp,
			{ fields: { redirect_uri: `${webApp.client.redirectUris[0]}/` } },
			"400 invalid_grant",
		],
		[
			"contract 000: no `redirect`",
			integration,
			{ dialect: "camel", fields: { redirect_uri: undefined } },
			"400 invalid_grant",
		],
		[
			"contract 000: another `redirect`",
			integration,
			{ dialect: "camel", fields: { redirect_uri: elsewhere } },
			"400 invalid_grant",
		],
		["RFC 7636 §4.6: another verifier", nativeApp, { fields: { code_verifier: pkce.challenge } }, "400 invalid_grant"],
		["RFC 7636 §4.6: no verifier", nativeApp, { fields: { code_verifier: undefined } }, "400 invalid_grant"],
		[
			"RFC 7636 §4.1: a verifier that is too short",
			nativeApp,
			{ fields: { code_verifier: "short" } },
			"400 invalid_request",
		],
		[
			"RFC 7636 §4.1: a verifier that is too long",
			nativeApp,
			{ fields: { code_verifier: "a".repeat(129) } },
			"400 invalid_request",
		],
		...[
			["a control character", "\u0001"],
			["a line break", "\n"],
			["a space", " "],
			["DEL", "\u007f"],
			["a letter beyond ASCII", "\u00e9"],
			["a fullwidth letter", "\uff21"],
		].map(([what, char]): [string, typeof webApp, TokenRequest, string] => [
			`RFC 7636 §4.1: a verifier of 43 characters with ${what}`,
			nativeApp,
			{ fields: { code_verifier: `${"a".repeat(21)}${char}${"a".repeat(21)}` } },
			"400 invalid_request",
		]),
		[
			"RFC 7636 §4.1: a verifier of 42 characters",
			nativeApp,
			{ fields: { code_verifier: "a".repeat(42) } },
			"400 invalid_request",
		],
		[
			"RFC 7636 §4.6: the challenge is not the verifier",
			webApp,
			{ fields: { code_verifier: pkce.challenge } },
			"400 invalid_grant",
		],
		[
			"RFC 9700 §4.8.2: a verifier where there was no challenge",
			integration,
			{ fields: { code_verifier: pkce.verifier } },
			"400 invalid_grant",
		],
	];

	test.each(cases)("%s", async (_, client, wrong, refused) => {
		const code = await (client === integration ? installed() : authorized(client));
		expect(refusal(await exchange(code, { client, ...wrong }))).toBe(refused);
		expect((await exchange(code, { client })).status).toBe(200);
	});

	test("none of them, after it is redeemed, counts as a replay", async () => {
		const code = await authorized(webApp);
		const { accessToken } = tokensOf(await exchange(code, { client: webApp }));
		for (const [, client, wrong] of cases) if (client === webApp) await exchange(code, { client, ...wrong });
		expect(await introspect(accessToken, webApp)).toMatchObject({ active: true });
	});
});

describe("RFC 7636 §4.6: what a verifier is made of, S256 decides", () => {
	test.each([
		// Debian's git-credential-oauth 0.13 sends base64 with its padding.
		["base64 with its padding", "q+Zc/8fVb0w3kJxTq9ySgHn5eLr2Ud6oAi7PzXm4C1E="],
		[
			"every visible character of ASCII",
			String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 0x21 + index)),
		],
		["43 unreserved characters, as RFC 7636 has them", "a-._~".repeat(8) + "abc"],
		["128 characters", "~".repeat(128)],
	])("%s is good, and with another character at its end it is not", async (_, verifier) => {
		const { nativeApp } = demo;
		const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
		const code_challenge = new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
		const code = await authorized(nativeApp, { code_challenge });
		const other = `${verifier.slice(0, -1)}_`;
		expect(refusal(await exchange(code, { client: nativeApp, fields: { code_verifier: other } }))).toBe(
			"400 invalid_grant",
		);
		expect((await exchange(code, { client: nativeApp, fields: { code_verifier: verifier } })).status).toBe(200);
	});
});

describe("what is no code of ours is refused without a trace", () => {
	test("a code that was never given, though it looks like one", async () => {
		expect(refusal(await exchange(`lkc_${"A".repeat(180)}`))).toBe("400 invalid_grant");
		expect(refusal(await exchange("abc123"))).toBe("400 invalid_grant");
		expect(refusal(await exchange("x".repeat(5000)))).toBe("400 invalid_grant");
	});

	test("a truncated, lengthened or bit-flipped code; the true one works afterwards", async () => {
		const code = await installed();
		const damaged = [
			code.slice(0, -1),
			code.slice(0, 40),
			code.slice(0, 4),
			`${code}A`,
			` ${code}`,
			`${code}\n`,
			code.replace("lkc_", "LKC_"),
			...[4, 5, 20, 60, 100, 150].map((at) => flipped(code, at)),
		];
		for (const each of damaged) expect([each, refusal(await exchange(each))]).toEqual([each, "400 invalid_grant"]);
		expect((await exchange(code)).status).toBe(200);
	});

	test("RFC 4648 §3.5: a code with stray bits or padding is refused, so that one code has one text", async () => {
		const code = await installed();
		for (const each of respelled(code.slice(4))) {
			expect([each, refusal(await exchange(`lkc_${each}`))]).toEqual([each, "400 invalid_grant"]);
		}
		expect((await exchange(code)).status).toBe(200);
	});

	test("a refresh token is no code, and a code no refresh token", async () => {
		const code = await installed();
		const { accessToken, refreshToken } = await granted();
		expect(refusal(await exchange(refreshToken))).toBe("400 invalid_grant");
		expect(refusal(await exchange(accessToken))).toBe("400 invalid_grant");
		expect(refusal(await refresh(code))).toBe("400 invalid_grant");
		expect(refusal(await refresh(accessToken))).toBe("400 invalid_grant");
		expect(refusal(await exchange(code.replace("lkc_", "lkr_")))).toBe("400 invalid_grant");
		expect(refusal(await refresh(code.replace("lkc_", "lkr_")))).toBe("400 invalid_grant");
		expect((await exchange(code)).status).toBe(200);
		expect((await refresh(refreshToken)).status).toBe(200);
	});
});

/** The same length, with the lowest bit of one character turned. */
function flipped(text: string, at: number): string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const other = alphabet[alphabet.indexOf(text.charAt(at)) ^ 1] ?? "A";
	return text.slice(0, at) + other + text.slice(at + 1);
}
