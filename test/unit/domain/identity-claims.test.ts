import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identityClaims, identityScopes, type Profile } from "../../../src/domain/identity.ts";
import { claimsIn, tell } from "../../../src/domain/identity-claims.ts";

const profile: Profile = {
	given_name: "Ada",
	family_name: "Lovelace",
	birthdate: "1815-12-10",
	email: "ada@acme.example",
	phone_number: "+442079460000",
	address: { locality: "London", country: "UK" },
	updated_at: 1_767_225_600,
};
const ada = { name: "Ada Lovelace", username: "ada", profile };
const nobodyElse = { name: "Grace Hopper", username: "grace" };

describe("OIDC Core §5.4: a scope value stands for its claims", () => {
	test("openid and offline_access stand for none, nor does a permission", () => {
		expect(claimsIn(["openid", "offline_access", "events:read", "constructor"])).toEqual([]);
	});

	test("profile, without the address, the e-mail address or the telephone number", () => {
		expect(tell(ada, claimsIn(["openid", "profile"]))).toEqual({
			name: "Ada Lovelace",
			preferred_username: "ada",
			given_name: "Ada",
			family_name: "Lovelace",
			birthdate: "1815-12-10",
			updated_at: 1_767_225_600,
		});
	});

	test("§5.1: nobody here has verified an e-mail address or a telephone number", () => {
		expect(tell(ada, claimsIn(["email"]))).toEqual({ email: "ada@acme.example", email_verified: false });
		expect(tell(ada, claimsIn(["phone"]))).toEqual({ phone_number: "+442079460000", phone_number_verified: false });
	});

	test("§5.1.1: the address is an object", () => {
		expect(tell(ada, claimsIn(["address"]))).toEqual({ address: { locality: "London", country: "UK" } });
	});
});

describe("OIDC Core §5.3.2: what has no value is left out", () => {
	test("somebody who entered nothing has a name and a user name", () => {
		expect(tell(nobodyElse, identityClaims)).toEqual({ name: "Grace Hopper", preferred_username: "grace" });
	});

	test("an empty text, an empty address and an address of empty texts are no values", () => {
		const empty = { email: "", phone_number: "", nickname: "", address: { locality: "" } };
		expect(tell({ ...nobodyElse, profile: empty }, identityClaims)).toEqual({
			name: "Grace Hopper",
			preferred_username: "grace",
		});
		const half = { address: { locality: "", country: "US" } };
		expect(tell({ ...nobodyElse, profile: half }, ["address"])).toEqual({ address: { country: "US" } });
	});
});

describe("only what was asked for is told", () => {
	test("nothing asked, nothing told", () => {
		expect(tell(ada, [])).toEqual({});
	});

	test("§5.5: a claim by its name, and its scope's others stay untold", () => {
		expect(tell(ada, ["email"])).toEqual({ email: "ada@acme.example" });
		expect(tell(ada, ["email_verified"])).toEqual({ email_verified: false });
	});

	test("whatever is asked, no claim is told beside it", () => {
		const scopes = fc.subarray(Object.keys(identityScopes));
		fc.assert(
			fc.property(fc.subarray([...identityClaims]), scopes, (claims, scope) => {
				const asked = [...claims, ...claimsIn(scope)];
				expect(asked).toEqual(expect.arrayContaining(Object.keys(tell(ada, asked))));
			}),
		);
	});

	test("what a profile holds besides is never a claim", () => {
		const odd = { ...profile, sub: "usr_any_evil", passwordHash: "scrypt" } as Profile;
		const told = tell({ ...ada, profile: odd }, identityClaims);
		expect(told).not.toHaveProperty("sub");
		expect(told).not.toHaveProperty("passwordHash");
	});

	test("a profile does not say the person's name or user name", () => {
		const odd = { name: "Root", preferred_username: "root", email_verified: true, email: "a@b.example" } as Profile;
		expect(tell({ ...ada, profile: odd }, ["name", "preferred_username", "email_verified"])).toEqual({
			name: "Ada Lovelace",
			preferred_username: "ada",
			email_verified: false,
		});
	});
});
