import { expect, test } from "vitest";
import { acrValues, authenticationOf, byPassword, havable, isOneOf } from "../../../src/domain/authentication.ts";

test("OIDC Core §2: a token says the methods, and a context that they make, if they make one", () => {
	expect(authenticationOf(byPassword)).toEqual({ acr: "pwd", amr: ["pwd"] });
	expect(authenticationOf([])).toEqual({ amr: [] });
});

test("of the contexts that are asked for those count that can be had, in their order", () => {
	expect(acrValues).toEqual(["pwd"]);
	expect(havable(["phr", "pwd", 1, null, "constructor"])).toEqual(["pwd"]);
	expect(havable(["phr"])).toEqual([]);
});

test("a sign-in that makes none of the contexts is too weak; where none is asked for, none is", () => {
	expect(isOneOf(["pwd"], byPassword)).toBe(true);
	expect(isOneOf(["pwd"], [])).toBe(false);
	expect(isOneOf(null, [])).toBe(true);
	expect(isOneOf([], byPassword)).toBe(false);
});
