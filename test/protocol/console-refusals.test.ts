import { describe, expect, test } from "vitest";
import { atConsole, type ConsoleVisitor, wordsOf } from "../support/console.ts";
import { anAccount, aPerson } from "../support/registered.ts";
import { type Answer, ask, locationOf, ownPage, refusal } from "../support/requests.ts";

/** Whoever belongs to an account is told what is refused with its navigation beside it. */
function inside(answer: Answer, slug: string): string {
	expect(answer.text).toContain(`<a href="/console/${slug}/settings"`);
	expect(answer.text).toContain("<title>Error: ");
	return refusal(answer);
}

async function anOffice() {
	const account = await anAccount();
	const [admin, member] = [await aPerson({ [account]: "admin" }), await aPerson({ [account]: "member" })];
	const [boss, hand] = [await atConsole(admin), await atConsole(member)];
	const slug = locationOf(await boss.open("/console")).pathname.split("/")[2] ?? "";
	return { slug, base: `/console/${slug}`, boss, hand };
}

async function sendRaw(visitor: ConsoleVisitor, path: string, body: string, type: string): Promise<Answer> {
	const headers = { cookie: visitor.cookie, ...ownPage, "content-type": type };
	return ask(path, { method: "POST", body, headers });
}

describe("a refusal inside an account", () => {
	test("what is not there looks the same in every section", async () => {
		const { slug, base, boss } = await anOffice();
		const paths = [
			"nothing",
			"keys/key_x",
			"keys/key_x/codes",
			"policies/x",
			"integrations/x",
			"installed/x/revoke",
			"environments/x/rotate_key",
			"settings/people/x",
			"my-access/grants/x/revoke",
		];
		for (const path of paths) {
			const answer = await boss.open(`${base}/${path}`);
			expect([path, inside(answer, slug)]).toEqual([path, "404 Not there"]);
			expect(wordsOf(answer)).toMatch(/There is no such [\w ]+ in this account\. It may have been deleted\./);
		}
	});

	test("nor is a page of a list that its cursor is not of", async () => {
		const { slug, base, boss } = await anOffice();
		const lists = [
			"keys",
			"policies",
			"apis",
			"integrations",
			"installed",
			"environments",
			"events",
			"alerts",
			"audit",
			"settings/people",
		];
		for (const list of lists) {
			const answer = await boss.open(`${base}/${list}?cursor=x`);
			expect([list, inside(answer, slug)]).toEqual([list, "404 Not there"]);
		}
	});

	test("a form for what is not there changes nothing, and says the same", async () => {
		const { slug, base, boss } = await anOffice();
		const forms = {
			"keys/key_x": { name: "Name" },
			"keys/key_x/enabled": { enabled: "off" },
			"keys/key_x/policies": {},
			"keys/key_x/sessions/x/end": {},
			"keys/key_x/limits": { per: "hour" },
			"keys/key_x/delete": {},
			"keys/key_x/codes/x": { description: "Text" },
			"keys/key_x/codes/x/enabled": { enabled: "off" },
			"keys/key_x/codes/x/rotate": { nonce: "A".repeat(22), description: "Text", days: "0" },
			"keys/key_x/codes/x/delete": {},
			"keys/key_x/codes/x/secret": { password: "x" },
			"keys/key_x/links/x/enabled": { enabled: "off" },
			"keys/key_x/links/x/delete": {},
			"policies/x": { name: "Name", description: "Text", "permissions:keys:read": "on" },
			"policies/x/delete": {},
			"apis/x/edit": { name: "Name" },
			"apis/x/permissions": { "name.0": "a", "title.0": "A" },
			"apis/x/permissions/remove": { name: "a" },
			"apis/x/servers": {},
			"apis/x/servers/new": { name: "Name" },
			"apis/x/delete": {},
			"integrations/x/secret": { overlap: "7", seed: "A".repeat(43) },
			"integrations/x/secret/end": {},
			"integrations/x/delete": {},
		};
		for (const [path, fields] of Object.entries(forms)) {
			const answer = await boss.post(`${base}/${path}`, fields);
			expect([path, inside(answer, slug)]).toEqual([path, "404 Not there"]);
		}
	});

	test("what a role may not do", async () => {
		const { slug, base, hand } = await anOffice();
		for (const path of [
			"keys/new",
			"policies/new",
			"apis/new",
			"audit",
			"settings/people/new",
			"settings/account/forbid-reveal",
		]) {
			expect([path, inside(await hand.open(`${base}/${path}`), slug)]).toEqual([path, "403 Not for your role"]);
		}
		expect(inside(await hand.post(`${base}/settings/account`, { change: "reveal" }), slug)).toBe(
			"403 Not for your role",
		);
	});

	test("a form that is malformed, of no form's type or out of date", async () => {
		const { slug, base, boss } = await anOffice();
		const form = "application/x-www-form-urlencoded";
		expect(inside(await sendRaw(boss, `${base}/settings`, "a=1&a=2", form), slug)).toBe("400 Malformed form");
		expect(inside(await sendRaw(boss, `${base}/settings`, "{}", "application/json"), slug)).toBe("415 Malformed form");
		expect(inside(await sendRaw(boss, `${base}/settings`, "change=name", form), slug)).toBe("403 Out of date");
		for (const path of ["keys/new", "policies/new", "apis/new"]) {
			expect(inside(await boss.post(`${base}/${path}`, { name: "Name" }), slug)).toBe("409 Sent already");
		}
	});

	test("an account that is not theirs shows nothing of it, nor does another site's form", async () => {
		const { slug, base, boss } = await anOffice();
		const elsewhere = await boss.open("/console/acme/keys");
		expect(refusal(elsewhere)).toBe("404 No such account");
		expect(elsewhere.text).not.toContain("/console/");
		const foreign = await boss.post(`${base}/settings`, { change: "name" }, { "sec-fetch-site": "cross-site" });
		expect(refusal(foreign)).toBe("403 Not from here");
		expect(foreign.text).not.toContain(slug);
	});
});
