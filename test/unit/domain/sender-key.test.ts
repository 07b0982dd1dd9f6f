import { describe, expect, test } from "vitest";
import { confirmed, senderKeyOf, tokenTypeOf } from "../../../src/domain/sender-key.ts";

describe("RFC 9449 §6.1: the key that a token is bound to", () => {
	test("it stands in cnf as jkt, and is read from there", () => {
		expect(confirmed("thumbprint")).toEqual({ cnf: { jkt: "thumbprint" } });
		expect(senderKeyOf(confirmed("thumbprint").cnf)).toBe("thumbprint");
		expect(tokenTypeOf("thumbprint")).toBe("DPoP");
	});

	test("a bearer token has none", () => {
		expect(confirmed(null)).toEqual({});
		expect(senderKeyOf(undefined)).toBeNull();
		expect(tokenTypeOf(null)).toBe("Bearer");
	});

	test.each([{}, { jkt: 1 }, { "x5t#S256": "t" }, null, "t", []])(
		"RFC 7800 §3.1: a cnf that is not understood, %j, makes no bearer token",
		(cnf) => {
			expect(senderKeyOf(cnf)).toBeUndefined();
		},
	);
});
