import { expect, test } from "vitest";
import { ask } from "../support/requests.ts";
import { issuer, now } from "../support/target.ts";

test("RFC 9116 §2.3, §2.5: it is UTF-8 text, and names whom to tell, until when, and where it is", async () => {
	const { status, headers, text } = await ask("/.well-known/security.txt");
	expect([status, headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
	const lines = text.trimEnd().split("\n");
	const fields = lines.map((line) => line.split(": ", 2));
	expect(fields.map(([name]) => name)).toEqual(["Contact", "Contact", "Expires", "Canonical"]);
	expect(lines).toContain("Contact: mailto:security@latchkey.example");
	expect(lines).toContain(`Canonical: ${issuer}/.well-known/security.txt`);
	const [, , [, expires = ""] = []] = fields;
	const left = new Date(expires).getTime() / 1000 - now();
	// RFC 9116 §2.5.5: in the future, and by less than a year.
	expect(left).toBeGreaterThan(86_400);
	expect(left).toBeLessThan(365 * 86_400);
});
