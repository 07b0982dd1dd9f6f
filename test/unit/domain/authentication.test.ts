import { expect, test } from "vitest";
import {
	acrValues,
	authenticationOf,
	byPasskey,
	byPassword,
	byPasswordAndCode,
	havable,
	isOneOf,
} from "../../../src/domain/authentication.ts";

const multiFactor = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

test("OIDC Core §2: a token says the methods, and the strongest context that they make, if they make one", () => {
	expect(authenticationOf(byPassword)).toEqual({ acr: "pwd", amr: ["pwd"] });
	expect(authenticationOf(byPasswordAndCode)).toEqual({ acr: multiFactor, amr: ["pwd", "otp", "mfa"] });
	expect(authenticationOf(byPasskey)).toEqual({ acr: "phr", amr: ["pop", "user", "mfa"] });
	expect(authenticationOf(["otp"])).toEqual({ amr: ["otp"] });
	expect(authenticationOf([])).toEqual({ amr: [] });
});

test("of the contexts that are asked for those count that can be had, in their order", () => {
	expect(havable([...acrValues.toReversed(), "phrh", 1, null, "constructor"])).toEqual(acrValues.toReversed());
	expect(havable(["phrh"])).toEqual([]);
});

test("a sign-in that makes none of the contexts is too weak; where none is asked for, none is", () => {
	expect(isOneOf(["pwd"], byPassword)).toBe(true);
	expect(isOneOf(["pwd"], [])).toBe(false);
	expect(isOneOf(["phr"], byPasswordAndCode)).toBe(false);
	expect(isOneOf(["phr", multiFactor], byPasswordAndCode)).toBe(true);
	// A passkey is more than two factors and a password is neither: who wants a password gets one.
	expect(isOneOf([multiFactor], byPasskey)).toBe(true);
	expect(isOneOf(["pwd"], byPasskey)).toBe(false);
	expect(isOneOf(null, [])).toBe(true);
	expect(isOneOf([], byPassword)).toBe(false);
});
