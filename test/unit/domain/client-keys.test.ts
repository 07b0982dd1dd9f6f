import { describe, expect, test } from "vitest";
import { checkAssertion } from "../../../src/domain/client-assertion.ts";
import { keysFor } from "../../../src/domain/client-keys.ts";
import { start } from "./builders.ts";

describe("RFC 7523 §3: the keys that may have signed an assertion", () => {
	const rsa = { kty: "RSA", e: "AQAB", kid: "1" };

	test("an RSA key of 4096 bits may, a longer one would cost as much as a stranger likes", () => {
		const good = { ...rsa, n: "n".repeat(683) };
		const bombs = [{ ...rsa, n: "n".repeat(684) }, { ...rsa, n: "n".repeat(100_000) }, { ...rsa, n: 1 }, rsa];
		expect(keysFor({ keys: [...bombs, good] }, { alg: "RS256", kid: "1" })).toEqual([good]);
	});

	test("an RSA key whose exponent has 32 bits may, as long a one as the modulus costs ten times as much", () => {
		const good = { ...rsa, n: "n".repeat(512), e: "_____w" };
		const bombs = ["n".repeat(512), "_______", "", 65_537, undefined].map((e) => ({ ...good, e }));
		for (const alg of ["RS256", "PS256"] as const) {
			expect(keysFor({ keys: [...bombs, good] }, { alg, kid: "1" })).toEqual([good]);
		}
	});
});

test("RFC 7523 §3: a `jti` is remembered for longer than any clock takes the assertion", () => {
	const issuer = "https://auth.example";
	const claims = { iss: "c", sub: "c", aud: issuer, exp: start + 60, jti: "j" };
	const at = (now: number) => checkAssertion({ typ: "JWT", claims }, { claimedId: "c", issuer, now });
	const first = at(start);
	expect(first).toMatchObject({ jti: "j" });
	const { endsAt } = typeof first === "string" ? { endsAt: 0 } : first;
	expect(at(endsAt - 60)).toBe("exp is over");
	expect(at(endsAt - 61)).not.toBe("exp is over");
});
