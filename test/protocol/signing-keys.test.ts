import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { retiredTtl, settlingTime } from "../../src/domain/signing-key-ring.ts";
import { withCookie, wordsOf } from "../support/console.ts";
import { call, type Credential, good, inGlobex, tokenOf } from "../support/keys-api.ts";
import { aClientSignedBy, publishedKeys } from "../support/key-set.ts";
import { loggedIn } from "../support/logins.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { ada, signInAnew } from "../support/people.ts";
import { anOperator } from "../support/registered.ts";
import { ask, bearer, refusal } from "../support/requests.ts";
import { advance, demo, logged, now } from "../support/target.ts";
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
	test("asks for an operator or the setup secret: an account's administrator may not end the tokens of others", async () => {
		const kid = kidOf(await logIn());
		const { accessToken } = await granted();
		const others: Credential[] = [
			{},
			bearer(accessToken),
			bearer(`${setupSecret}x`),
			{ "x-api-key": demo.apiKey.accessCode },
		];
		for (const headers of others) expect((await withdraw(kid, headers)).status).toBe(401);
		for (const headers of [await inGlobex(), bearer(await logIn())]) {
			expect((await withdraw(kid, headers)).status).toBe(403);
			expect((await call("GET", "/v1/signing-keys", undefined, headers)).status).toBe(403);
			expect((await rotate("ES256", headers)).status).toBe(403);
		}
		expect((await publishedKeys()).map((key) => key.kid)).toContain(kid);
	});

	test("an operator does, by their login token, which ends with it", async () => {
		const headers = await tokenOf(await anOperator(), "acme");
		const kid = kidOf(String(headers.authorization).slice("Bearer ".length));
		expect((await withdraw(kid, headers)).status).toBe(204);
		expect((await publishedKeys()).map((key) => key.kid)).not.toContain(kid);
		expect((await withdraw(kid, headers)).status).toBe(401);
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

interface ShownRing {
	readonly alg: string;
	readonly current: { readonly kid: string; readonly since: string };
	readonly next: { readonly kid: string; readonly signs_from: string };
	readonly previous: readonly { readonly kid: string; readonly goes_at: string }[];
}

async function ringOf(alg: string): Promise<ShownRing> {
	const { rings } = good<{ rings: ShownRing[] }>(await call("GET", "/v1/signing-keys"));
	const ring = rings.find((each) => each.alg === alg);
	if (!ring) throw new Error(`No ring of ${alg}`);
	return ring;
}

function rotate(alg: string, credential?: Credential) {
	return call("POST", `/v1/signing-keys/${alg}/rotate`, undefined, credential);
}

describe("POST /v1/signing-keys/{alg}/rotate", () => {
	test("has the next key sign, and ends nothing: what signed before verifies what it signed", async () => {
		const { accessToken } = await granted(demo.webApp);
		await advance(settlingTime);
		const before = await ringOf("ES256");
		const rotated = good<{ kid: string }>(await rotate("ES256"));
		expect(rotated.kid).toBe(before.next.kid);
		const after = await ringOf("ES256");
		expect(after).toMatchObject({ current: { kid: before.next.kid, since: writeInstant(now()) } });
		expect(after.previous[0]).toEqual({ kid: before.current.kid, goes_at: writeInstant(now() + retiredTtl) });
		expect((await publishedKeys("ES256")).map(({ kid }) => kid)).toEqual([
			after.current.kid,
			after.next.kid,
			...after.previous.map(({ kid }) => kid),
		]);
		expect(await introspect(accessToken, demo.webApp)).toMatchObject({ active: true });
		expect(kidOf((await granted(demo.webApp)).accessToken)).toBe(before.next.kid);
		expect((await logged()).join("\n")).toContain(`"event":"signing_key.rotated"`);
	});

	test("not while a key set that somebody holds may be without it, and of ten at once, once", async () => {
		await advance(settlingTime);
		const answers = await Promise.all(Array.from({ length: 10 }, () => rotate("RS256")));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
		const { next, current } = await ringOf("RS256");
		expect(next.signs_from).toBe(writeInstant(now() + settlingTime));
		expect(refusal(await rotate("RS256"))).toBe("409 Conflict");
		expect((await ringOf("RS256")).current.kid).toBe(current.kid);
		await advance(settlingTime);
		expect((await rotate("RS256")).status).toBe(200);
	});

	test("nor of what has no keys", async () => {
		for (const alg of ["HS256", "none", "es256"]) expect(refusal(await rotate(alg))).toBe("404 Not Found");
	});
});

describe("/operator/signing-keys", () => {
	test("shows the keys, rotates and withdraws them, and says how long what was withdrawn goes on", async () => {
		await advance(settlingTime);
		const { open, send } = withCookie(await signInAnew(ada));
		const before = await ringOf("RS256");
		const list = wordsOf(await open("/operator/signing-keys"));
		for (const { kid } of [before.current, before.next]) expect(list).toContain(kid);
		const rotation = "/operator/signing-keys/RS256/rotate";
		expect((await send(rotation, rotation)).headers.get("location")).toBe("/operator/signing-keys?done=rotated");
		const again = await send(rotation, rotation);
		expect([again.status, wordsOf(again)]).toEqual([409, expect.stringContaining("Try again in 10 minutes")]);
		const withdrawal = `/operator/signing-keys/${before.next.kid}/withdraw`;
		const asked = wordsOf(await open(withdrawal));
		expect(asked).toContain("within 90 seconds at other edges");
		expect(asked).toContain("until its copy of the key set ends: 5 minutes");
		expect((await send(withdrawal, withdrawal)).headers.get("location")).toBe("/operator/signing-keys?done=withdrawn");
		expect((await publishedKeys()).map(({ kid }) => kid)).not.toContain(before.next.kid);
		expect((await open(withdrawal)).status).toBe(404);
		expect((await open("/operator/signing-keys/HS256/rotate")).status).toBe(404);
	});
});
