import { generateSync } from "otplib";
import { describe, expect, test } from "vitest";
import { enrolmentOf, oneTimeSecretBytes, stepOfCode } from "../../../src/crypto/one-time-code.ts";
import { utf8 } from "../../../src/crypto/encoding.ts";

const secret = utf8("12345678901234567890");
const now = 1_800_000_015;
const step = now / 30 - 0.5;
const whose = { issuer: "login.example", username: "ada" };

/** By another library than the one that checks. */
function codeAt(instant: number): string {
	return generateSync({ secret: enrolmentOf(secret, whose).secret, epoch: instant });
}

describe("RFC 6238", () => {
	test.each([
		[59, "94287082"],
		[1_111_111_109, "07081804"],
		[1_111_111_111, "14050471"],
		[1_234_567_890, "89005924"],
		[2_000_000_000, "69279037"],
		[20_000_000_000, "65353130"],
	])("appendix B: at %i it is %s, of which we ask for the last six digits", async (at, eight) => {
		expect(await stepOfCode(eight.slice(2), secret, at)).toBe(Math.floor(at / 30));
		expect(await stepOfCode(eight, secret, at)).toBeNull();
	});

	test("§5.2: a code is good in its own step and in the one beside it, and a clock ninety seconds off is refused", async () => {
		for (const [off, found] of [
			[0, step],
			[-30, step - 1],
			[30, step + 1],
			[-60, null],
			[60, null],
			[-90, null],
			[90, null],
		] as const) {
			expect([off, await stepOfCode(codeAt(now + off), secret, now)]).toEqual([off, found]);
		}
	});

	test("another secret's code, and what is no code, are of no step", async () => {
		expect(await stepOfCode(codeAt(now), utf8("another secret of 20"), now)).toBeNull();
		for (const text of ["", "12345", `${codeAt(now)} `, `0${codeAt(now)}`, "١٢٣٤٥٦", "1e5", "-12345"]) {
			expect([text, await stepOfCode(text, secret, now)]).toEqual([text, null]);
		}
	});
});

test("RFC 4226 §4: a secret has 160 bits", () => {
	expect(oneTimeSecretBytes * 8).toBe(160);
});

test("the address of a secret names the issuer, the person, and what every app takes", () => {
	const { secret: base32, uri } = enrolmentOf(secret, { issuer: "login.example", username: "ada & co" });
	const url = new URL(uri);
	expect([url.protocol, url.host]).toEqual(["otpauth:", "totp"]);
	expect(decodeURIComponent(url.pathname)).toBe("/login.example:ada & co");
	expect(Object.fromEntries(url.searchParams)).toEqual({
		issuer: "login.example",
		secret: base32,
		algorithm: "SHA1",
		digits: "6",
		period: "30",
	});
	expect(base32).toBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
});
