import { describe, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

const variables = { ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` };
const contact = "mailto:security@keys.example";

async function securityTxt(changes: Record<string, string>, path = "") {
	const ISSUER = variables.ISSUER + path;
	const app = await startMemoryApp({ ...variables, ISSUER, ...changes });
	return app.fetch(new Request(`${ISSUER}/.well-known/security.txt`));
}

describe("RFC 9116: /.well-known/security.txt", () => {
	test("where nobody is named there is none", async () => {
		expect((await securityTxt({})).status).toBe(404);
		expect((await securityTxt({ SECURITY_EXPIRES: "2027-06-30T00:00:00Z" })).status).toBe(404);
	});

	test("§2.5.5: until when it holds is what the configuration says", async () => {
		const answer = await securityTxt({ SECURITY_CONTACT: contact, SECURITY_EXPIRES: "2027-06-30T00:00:00Z" });
		expect(await answer.text()).toBe(
			`Contact: ${contact}\nExpires: 2027-06-30T00:00:00.000Z\nCanonical: ${variables.ISSUER}/.well-known/security.txt\n`,
		);
	});

	test("with an issuer that has a path it lies under it, and says so", async () => {
		const answer = await securityTxt({ SECURITY_CONTACT: contact }, "/auth");
		expect(await answer.text()).toContain(`Canonical: ${variables.ISSUER}/auth/.well-known/security.txt\n`);
	});
});
