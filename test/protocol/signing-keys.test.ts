import { describe, expect, test } from "vitest";
import { type Credential, inAcme } from "../support/keys-api.ts";
import { aClientSignedBy, publishedKeys } from "../support/key-set.ts";
import { loggedIn } from "../support/logins.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { ask, bearer, refusal } from "../support/requests.ts";
import { demo, logged } from "../support/target.ts";
import { granted, introspect, refresh } from "../support/tokens.ts";

function kidOf(token: string): string {
	const [header = ""] = token.split(".");
	return (JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string }).kid;
}

function withdraw(kid: string, headers: Credential = bearer(setupSecret)) {
	return ask(`/v1/signing-keys/${kid}`, { method: "DELETE", headers });
}

const logIn = () => loggedIn({ api_key: demo.apiKey.accessCode, session_id: "of a withdrawn key" });

async function sessionsWith(token: string): Promise<number> {
	return (await ask("/auth/sessions", { headers: bearer(token) })).status;
}

describe("DELETE /v1/signing-keys/{kid}", () => {
	test("asks for the setup secret: an account's administrator may not end the tokens of others", async () => {
		const kid = kidOf(await logIn());
		const others: Credential[] = [
			{},
			await inAcme(),
			bearer(`${setupSecret}x`),
			{ "x-api-key": demo.apiKey.accessCode },
		];
		for (const headers of others) expect((await withdraw(kid, headers)).status).toBe(401);
		expect((await publishedKeys()).map((key) => key.kid)).toContain(kid);
	});

	test("the key is gone from the key set at once, and what it signed is refused at once", async () => {
		const token = await logIn();
		const { accessToken } = await granted(demo.webApp);
		const kid = kidOf(token);
		expect(kidOf(accessToken)).toBe(kid);
		expect(await sessionsWith(token)).toBe(200);
		expect(await introspect(accessToken, demo.webApp)).toMatchObject({ active: true });

		expect((await withdraw(kid)).status).toBe(204);

		expect((await publishedKeys()).map((key) => key.kid)).not.toContain(kid);
		expect(await publishedKeys("ES256")).toHaveLength(2);
		expect(await sessionsWith(token)).toBe(401);
		expect(await introspect(accessToken, demo.webApp)).toEqual({ active: false });
		expect((await logged()).join("\n")).toContain(`"event":"signing_key.withdrawn"`);
	});

	test("nobody loses what they were granted: a login and a refresh give tokens under the key that took its place", async () => {
		const [before, grant] = [await logIn(), await granted(demo.webApp)];
		const next = (await publishedKeys("ES256"))[1]?.kid;
		expect((await withdraw(kidOf(before))).status).toBe(204);
		const after = await logIn();
		expect([kidOf(after), await sessionsWith(after)]).toEqual([next, 200]);
		const refreshed = await refresh(grant.refreshToken, { client: demo.webApp });
		expect([refreshed.status, kidOf(String(refreshed.body.access_token))]).toEqual([200, next]);
	});

	test.each(["EdDSA", "PS256"] as const)(
		"of an algorithm that a client chose (%s) too: its tokens end, and its next key signs",
		async (accessTokenAlg) => {
			const client = await aClientSignedBy(accessTokenAlg);
			const { accessToken, refreshToken } = await granted(client);
			const [current, next] = await publishedKeys(accessTokenAlg);
			expect(kidOf(accessToken)).toBe(current?.kid);
			expect((await withdraw(kidOf(accessToken))).status).toBe(204);
			expect(await introspect(accessToken, client)).toEqual({ active: false });
			const refreshed = await refresh(refreshToken, { client });
			expect(kidOf(String(refreshed.body.access_token))).toBe(next?.kid);
			expect((await publishedKeys(accessTokenAlg)).map((key) => key.kid)).not.toContain(current?.kid);
		},
	);

	test("one that has never signed is replaced, and one that is not there is 404", async () => {
		const next = (await publishedKeys("RS256"))[1]?.kid ?? "";
		expect((await withdraw(next)).status).toBe(204);
		expect((await publishedKeys()).map((key) => key.kid)).not.toContain(next);
		for (const kid of [next, "none"]) expect(refusal(await withdraw(kid))).toBe("404 Not Found");
	});
});
