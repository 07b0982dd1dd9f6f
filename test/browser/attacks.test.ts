import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { authorizeLink, installLink, stage } from "./stage.ts";

const on = stage();

// The second one is of the same site (ports do not count), so that the session cookie goes along.
const attackers = ["https://attacker.example/", "http://localhost:9/"];
const links = [
	{ title: "the install page", link: installLink, form: installLink },
	{
		title: "the authorization endpoint",
		link: authorizeLink,
		form: (origin: string) => authorizeLink(origin).replace("/oauth/authorize", "/oauth/consent"),
	},
];

describe.each(attackers)("a page of %s, in the browser of somebody who is signed in", (attacker) => {
	test.each(links)("cannot frame the question of $title", async ({ link }) => {
		const { page, violations, context } = await on.openSignedIn(demo.ada);
		// Chromium keeps public pages away from a server on this machine; a deployment is public itself.
		await context.grantPermissions(["local-network-access"]);
		const refused = page.waitForEvent("requestfailed");
		await visit(page, attacker, `<iframe src="${escaped(link(on.origin))}"></iframe>`);
		const request = await refused;
		expect(request.url()).toBe(link(on.origin));
		expect(request.failure()?.errorText).toBe("net::ERR_BLOCKED_BY_RESPONSE");
		await expect.poll(() => violations.join()).toContain("frame-ancestors 'none'");
		expect(await page.frameLocator("iframe").getByRole("button").count()).toBe(0);
	});

	test.each(links)("grants nothing with a form that submits itself to $title", async ({ form }) => {
		const { page } = await on.openSignedIn(demo.ada);
		const before = on.callback.seen.length;
		await visit(
			page,
			attacker,
			`<form method="post" action="${escaped(form(on.origin))}">
				<input name="decision" value="allow"><input name="account" value="${demo.accounts.acme}"><input name="csrf" value="x">
			</form><script>document.forms[0].submit()</script>`,
		);
		await page.waitForURL(form(on.origin));
		await page.getByRole("heading", { name: "Not from here" }).waitFor();
		expect(on.callback.seen).toHaveLength(before);
	});

	test("OIDC Core §3.1.2.1: may put a request by POST, which the person is asked about like any other", async () => {
		const { page } = await on.openSignedIn(demo.ada);
		const before = on.callback.seen.length;
		const fields = [...new URL(authorizeLink(on.origin)).searchParams, ["decision", "allow"], ["csrf", "x"]];
		const inputs = fields.map(([name, value]) => `<input name="${name}" value="${value}">`).join("");
		const form = `<form method="post" action="${on.origin}/oauth/authorize">${inputs}</form>`;
		await visit(page, attacker, `${form}<script>document.forms[0].submit()</script>`);
		await page.getByRole("button", { name: "Allow", exact: true }).waitFor();
		expect(on.callback.seen).toHaveLength(before);
	});

	test("cannot sign a person in as somebody else", async () => {
		const { page, context } = await on.open();
		await visit(
			page,
			attacker,
			`<form method="post" action="${on.origin}/sign-in">
				<input name="username" value="${demo.grace.username}"><input name="password" value="${demo.grace.password}">
			</form><script>document.forms[0].submit()</script>`,
		);
		await page.getByRole("heading", { name: "Not from here" }).waitFor();
		expect(await context.cookies()).toEqual([]);
	});
});

test("a link cannot answer the question by itself", async () => {
	const { page } = await on.openSignedIn(demo.ada);
	const before = on.callback.seen.length;
	await page.goto(`${installLink(on.origin)}&decision=allow&account=${demo.accounts.acme}`);
	await page.getByRole("button", { name: "Install", exact: true }).waitFor();
	expect(on.callback.seen).toHaveLength(before);
});

test("an unregistered redirect URL is told to the person, and gets no visit", async () => {
	const { page } = await on.openSignedIn(demo.ada);
	const before = on.callback.seen.length;
	const link = new URL(authorizeLink(on.origin));
	link.searchParams.set("redirect_uri", "http://127.0.0.1:8788/other/callback");
	await page.goto(link.href);
	await page.getByRole("heading", { name: "Wrong redirect URL" }).waitFor();
	expect(on.callback.seen).toHaveLength(before);
});

/** The attacker's page needs no server: the browser is given this content for its address. */
async function visit(page: Page, address: string, html: string): Promise<void> {
	await page.route(address, (route) => route.fulfill({ contentType: "text/html", body: `<!doctype html>${html}` }));
	// Not until the page has loaded: its form may have left by then.
	await page.goto(address, { waitUntil: "commit" });
}

function escaped(url: string): string {
	return url.replaceAll("&", "&amp;");
}
