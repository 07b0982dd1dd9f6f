import { describe, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { bounds } from "../../src/domain/bounds.ts";
import { demo } from "../support/demo-world.ts";
import { issuer } from "../support/issuer.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

/** A deployment, and what Grace is answered there, who is no operator. */
async function deployment(variables: Readonly<Record<string, string>> = {}) {
	const app = await startMemoryApp({
		ISSUER: issuer,
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
		...variables,
	});
	async function post(path: string, body: object, token = "") {
		const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
		const response = await app.fetch(
			new Request(issuer + path, { method: "POST", headers, body: JSON.stringify(body) }),
		);
		return { status: response.status, body: (await response.json()) as Record<string, unknown> };
	}
	const logIn = async (account: string) =>
		String((await post("/auth/login", { ...demo.grace, account })).body.access_token);
	const grace = await logIn("globex");
	const make = (slug: string, token = grace) => post("/v1/accounts", { name: `Of ${slug}`, slug }, token);
	return { app, post, logIn, make };
}

describe("ACCOUNTS", () => {
	test("operator, as it is by default: whoever is none makes no account", async () => {
		for (const variables of [{}, { ACCOUNTS: "operator" }]) {
			const { make } = await deployment(variables);
			expect((await make("mine")).status).toBe(403);
		}
	});

	test("open: any person makes one, administers it, and may not manage others for that", async () => {
		const { make, logIn, post } = await deployment({ ACCOUNTS: "open" });
		expect((await make("mine")).status).toBe(201);
		const token = await logIn("mine");
		const key = await post("/v1/keys", { name: "A key" }, token);
		expect(key.status).toBe(201);
		expect((await post("/v1/accounts/mine/suspend", {}, token)).status).toBe(403);
		expect((await post("/v1/accounts/acme/suspend", {}, token)).status).toBe(403);
	});

	test("open: a person makes so many and no more, at once too", async () => {
		const { make } = await deployment({ ACCOUNTS: "open" });
		const wanted = Array.from({ length: bounds.ownAccounts.most + 3 }, (_, index) => `mine-${index}`);
		const made = await Promise.all(wanted.map((slug) => make(slug)));
		expect(made.filter(({ status }) => status === 201)).toHaveLength(bounds.ownAccounts.most);
		expect(made.filter(({ status }) => status === 409)).toHaveLength(3);
	});
});
