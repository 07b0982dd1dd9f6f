import { describe, expect, test } from "vitest";
import { type Client, type ClientAuthMethod, isPublic } from "../../../src/domain/client.ts";

function aClient(authMethods: readonly ClientAuthMethod[]): Client {
	return {
		id: "client-1",
		accountId: "account-1",
		kind: "application",
		name: "Client",
		description: "",
		logoSvg: null,
		redirectUris: [],
		authMethods,
		secrets: [],
		grantTypes: ["authorization_code"],
		scope: [],
		rotation: "rotate",
		accessTokenTtl: 3600,
		options: {},
		state: "active",
		notBefore: 0,
	};
}

describe("RFC 6749 §2.1: a client is public", () => {
	test("where it has no way to prove who it is", () => {
		expect(isPublic(aClient(["none"]))).toBe(true);
		expect(isPublic(aClient([]))).toBe(true);
	});

	test("and where it need not, though it has one", () => {
		expect(isPublic(aClient(["none", "private_key_jwt"]))).toBe(true);
		expect(isPublic(aClient(["private_key_jwt", "none"]))).toBe(true);
	});

	test("and confidential where it has any and has to use it", () => {
		expect(isPublic(aClient(["client_secret_basic"]))).toBe(false);
		expect(isPublic(aClient(["client_secret_post", "client_secret_basic"]))).toBe(false);
	});
});
