import { existsSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { pages } from "../../src/routes.ts";
import { demo } from "../support/demo-world.ts";
import { barriersOf, tooSmallOn } from "./barriers.ts";
import { stage } from "./stage.ts";
import { makeWhatPagesShow } from "./what-pages-show.ts";

// No page is forgotten: each is looked at here, by whom it is for, or in the file that goes through its forms.

const on = stage("alone", { variables: { MAIL_FROM: "latchkey@acme.example" } });
let made: Awaited<ReturnType<typeof makeWhatPagesShow>>;
beforeAll(async () => {
	made = await makeWhatPagesShow(on);
}, 120_000);

const acme = "/console/acme";

/** By the path in the routes, the address that is visited. */
const byAda: Readonly<Record<string, () => string>> = {
	"/mail": () => "/mail",
	"/device": () => "/device",
	"/verify/:token": () => made.verification,
	"/console/:slug": () => acme,
	"/console/:slug/keys/:id/usage": () => `${acme}/keys/${demo.apiKey.id}/usage`,
	"/console/:slug/environments/:id/rotate_key": () => `${acme}/environments/${made.environment}/rotate_key`,
	"/console/:slug/my-access/grants/:id/revoke": () => made.grant,
	"/console/:slug/security/password": () => `${acme}/security/password`,
	"/console/:slug/security/password/remove": () => `${acme}/security/password/remove`,
	"/console/:slug/security/recovery-codes": () => `${acme}/security/recovery-codes`,
	"/console/:slug/settings/profile/email": () => `${acme}/settings/profile/email`,
	"/console/:slug/settings/account/forbid-reveal": () => `${acme}/settings/account/forbid-reveal`,
	"/console/:slug/settings/people/invitations/:id/revoke": () =>
		`${acme}/settings/people/invitations/${made.invitation.id}/revoke`,
	"/console/:slug/settings/people/:id/recovery": () => `${acme}/settings/people/${made.grace}/recovery`,
	"/console/:slug/settings/people/:id/remove": () => `${acme}/settings/people/${made.grace}/remove`,
	"/console/:slug/integrations/:client_id/registration/end": () =>
		`${acme}/integrations/${made.client}/registration/end`,
	"/console/:slug/integrations/:client_id/tokens/end": () => `${acme}/integrations/${made.client}/tokens/end`,
	"/console/:slug/keys/:id/tokens/end": () => `${acme}/keys/${demo.apiKey.id}/tokens/end`,
	"/console/:slug/keys/:id/sessions": () => `${acme}/keys/${demo.apiKey.id}/sessions`,
	"/console/:slug/keys/:id/limits": () => `${acme}/keys/${demo.apiKey.id}/limits`,
	"/console/:slug/keys/:id/codes/:code/rotate": () => `${acme}/keys/${demo.apiKey.id}/codes/${made.code}/rotate`,
	"/console/:slug/keys/:id/codes/:code/delete": () => `${acme}/keys/${demo.apiKey.id}/codes/${made.code}/delete`,
	"/console/:slug/settings/sign-in": () => `${acme}/settings/sign-in`,
	"/console/:slug/settings/sign-in/new": () => `${acme}/settings/sign-in/new?preset=microsoft`,
	"/console/:slug/settings/sign-in/new-domain": () => `${acme}/settings/sign-in/new-domain`,
	"/console/:slug/settings/sign-in/domains/:domain": () => `${acme}/settings/sign-in/domains/${made.domain}`,
	"/console/:slug/settings/sign-in/domains/:domain/delete": () =>
		`${acme}/settings/sign-in/domains/${made.domain}/delete`,
	"/console/:slug/settings/sign-in/:id": () => `${acme}/settings/sign-in/${made.provider}`,
	"/console/:slug/settings/sign-in/:id/delete": () => `${acme}/settings/sign-in/${made.provider}/delete`,
	"/operator/sign-in": () => "/operator/sign-in",
	"/operator/sign-in/new": () => "/operator/sign-in/new?preset=github",
	"/operator/sign-in/:id": () => `/operator/sign-in/${made.wideProvider}`,
	"/operator/sign-in/:id/delete": () => `/operator/sign-in/${made.wideProvider}/delete`,
	"/operator/accounts/:slug/domains": () => "/operator/accounts/acme/domains",
	"/operator/accounts/:slug/domains/:domain/remove": () => `/operator/accounts/acme/domains/${made.domain}/remove`,
	"/console/:slug/settings/webhooks": () => `${acme}/settings/webhooks`,
	"/console/:slug/settings/webhooks/new": () => `${acme}/settings/webhooks/new`,
	"/console/:slug/settings/webhooks/:id": () => `${acme}/settings/webhooks/${made.webhook}`,
	"/console/:slug/settings/webhooks/:id/log": () => `${acme}/settings/webhooks/${made.webhook}/log`,
	"/console/:slug/settings/webhooks/:id/secret": () => `${acme}/settings/webhooks/${made.webhook}/secret`,
	"/console/:slug/settings/webhooks/:id/delete": () => `${acme}/settings/webhooks/${made.webhook}/delete`,
	"/console/:slug/settings/trusted-issuers": () => `${acme}/settings/trusted-issuers`,
	"/console/:slug/settings/trusted-issuers/new": () => `${acme}/settings/trusted-issuers/new?kind=workload`,
	"/console/:slug/settings/trusted-issuers/:id": () => `${acme}/settings/trusted-issuers/${made.issuer}`,
	"/console/:slug/settings/trusted-issuers/:id/delete": () => `${acme}/settings/trusted-issuers/${made.issuer}/delete`,
	"/console/:slug/security/providers/:id/link": () => `${acme}/security/providers/${made.provider}/link`,
	"/operator": () => "/operator",
	"/operator/audit": () => "/operator/audit",
	"/operator/recovery": () => "/operator/recovery",
	"/operator/clients": () => "/operator/clients",
	"/operator/clients/:client_id": () => `/operator/clients/${demo.webApp.id}`,
	"/operator/clients/:client_id/end": () => `/operator/clients/${demo.webApp.id}/end`,
	"/operator/signing-keys": () => "/operator/signing-keys",
	"/operator/signing-keys/:alg/rotate": () => "/operator/signing-keys/ES256/rotate",
	"/operator/signing-keys/:kid/withdraw": () => `/operator/signing-keys/${made.kid}/withdraw`,
	"/operator/accounts": () => "/operator/accounts",
	"/operator/accounts/:slug": () => "/operator/accounts/closing",
	"/operator/accounts/:slug/suspend": () => "/operator/accounts/acme/suspend",
	"/operator/accounts/:slug/delete": () => "/operator/accounts/closing/delete",
	"/accounts/new": () => "/accounts/new",
	"/operator/operators": () => "/operator/operators",
	"/operator/operators/new": () => "/operator/operators/new",
	"/operator/operators/:id/remove": () => `/operator/operators/${made.grace}/remove`,
	"/operator/apis/:id/edit": () => `/operator/apis/${made.api}/edit`,
	"/operator/apis/:id/permissions/remove": () => `/operator/apis/${made.api}/permissions/remove?name=wide%3Aread`,
	"/operator/apis/:id/delete": () => `/operator/apis/${made.api}/delete`,
};

const byStrangers: Readonly<Record<string, () => string>> = {
	"/join/:invitation": () => made.invitation.path,
	"/recover/:link": () => made.recovery,
	"/sign-in/with/:provider/signed-out": () => `/sign-in/with/${made.provider}/signed-out`,
};

/** By the test file that goes through them. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
	accessibility: [
		"/",
		"/sign-in",
		"/recover",
		"/setup",
		"/docs",
		"/docs/search",
		"/docs/errors",
		"/docs/errors/:code",
		"/docs/guides/:name",
		"/docs/api/:subject",
	],
	"api-access": inConsole(["api-access", "alerts"]),
	console: [
		...inConsole(["environments", "environments/new", "events", "events/:id/delete", "audit", "*"]),
		...inConsole(["my-access", "my-access/grants/revoke-all", "security", "security/sign-out-everywhere"]),
		...inConsole(["settings", "settings/leave", "settings/profile", "settings/account"]),
		...inConsole(["settings/people", "settings/people/new", "settings/people/:id", "settings/people/:id/email"]),
	],
	"second-factor": [
		"/sign-in/second-factor",
		...inConsole(["security/one-time-codes", "security/one-time-codes/change"]),
	],
	passkeys: inConsole(["security/passkeys/new", "security/passkeys/:id", "security/passkeys/:id/remove"]),
	profile: inConsole(["my-access/consents/withdraw"]),
	integrations: [
		...inConsole(["integrations", "integrations/new", "integrations/:client_id", "integrations/:client_id/edit"]),
		...inConsole(["integrations/:client_id/secret", "integrations/:client_id/secret/end"]),
		...inConsole(["integrations/:client_id/delete", "installed", "installed/:grant_id/revoke"]),
	],
	apis: [
		...inConsole(["apis", "apis/new", "apis/:id", "apis/:id/edit", "apis/:id/delete"]),
		...inConsole(["apis/:id/permissions", "apis/:id/permissions/remove", "apis/:id/servers", "apis/:id/servers/new"]),
		"/operator/apis",
		"/operator/apis/new",
		"/operator/apis/:id",
		"/operator/apis/:id/permissions",
		"/operator/apis/:id/servers",
	],
	keys: [
		...inConsole(["keys", "keys/new", "keys/link", "keys/:id", "keys/:id/policies", "keys/:id/delete"]),
		...inConsole(["keys/:id/codes", "keys/:id/codes/:code", "keys/:id/codes/:code/secret"]),
		...inConsole(["keys/:id/links", "keys/:id/links/:linker/delete"]),
		...inConsole(["policies", "policies/new", "policies/:id", "policies/:id/delete"]),
	],
};

function inConsole(paths: readonly string[]): readonly string[] {
	return paths.map((path) => `/console/:slug/${path}`);
}

/** They lead on, or say that there is nothing. */
const withoutAPage = [
	"/console",
	"/operator/*",
	"/sign-in/with/:provider/callback",
	"/sign-in/with/:provider/sign-out",
];

test("every page is looked at, here or where it is said", () => {
	const looked = [byAda, byStrangers].flatMap(Object.keys).concat(withoutAPage, Object.values(elsewhere).flat());
	expect(looked.toSorted()).toEqual(pages.flatMap(({ path, GET }) => (GET ? [path] : [])).toSorted());
	for (const name of Object.keys(elsewhere)) {
		const file = `test/browser/${name}.test.ts`;
		expect([file, existsSync(file) && readFileSync(file, "utf8").includes("barriersOf(")]).toEqual([file, true]);
	}
});

describe("WCAG 2.2 AA, with all of it unfolded", () => {
	test.each(Object.entries(byAda))("%s", async (route, address) => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		await visit(page, route, address());
		expect(violations).toEqual([]);
	});

	test.each(Object.entries(byStrangers))("%s, by somebody who is not signed in", async (route, address) => {
		const { page, violations } = await on.open();
		await visit(page, route, address());
		expect(violations).toEqual([]);
	});

	test("links that are over, or not whole", async () => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		for (const path of [made.invitation.path, made.verification, made.recovery]) {
			await page.goto(`${on.origin}${path.slice(0, -3)}`);
			await isAccessible(page);
		}
		await page.goto(`${on.origin}${acme}/settings/people/invitations/${made.taken.id}/revoke`);
		await page.getByRole("button").last().click();
		await page.goto(on.origin + made.taken.path);
		await page.getByRole("heading", { name: "Revoked" }).waitFor();
		await isAccessible(page);
		expect(violations).toEqual([]);
	});

	test.each([
		["/operator/operators/new", "Add", { "User name": "nobody.here" }],
		["/operator/recovery", "Create", {}],
		["/accounts/new", "Create account", { "Account name": "", "Short name": "A b" }],
		["/operator/accounts/closing/delete", "Delete", { "The account's short name, once more": "acme" }],
		[`${acme}/security/recovery-codes`, "", { "Your password": "wrong" }],
		[`${acme}/settings/profile/email`, "", { "Your password": "wrong" }],
	] as const)("%s, with what is wrong in it", async (path, button, fields) => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		await page.goto(on.origin + path);
		await fillIn(page, fields, button);
		await page.locator("[role=alert], [aria-invalid=true]").first().waitFor();
		await isAccessible(page);
		expect(violations).toEqual([]);
	});

	test("what is shown once: recovery codes, a link to a new password, the link of a first administrator", async () => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		await page.goto(`${on.origin}${acme}/security/recovery-codes`);
		await fillIn(page, { "Your password": demo.ada.password }, "");
		await page.locator("#codes").waitFor();
		await isAccessible(page);
		await page.goto(`${on.origin}/operator/recovery`);
		await fillIn(page, { "Their user name": demo.grace.username, "Your own password": demo.ada.password }, "");
		await page.locator("#recovery-link").waitFor();
		await isAccessible(page);
		await page.goto(`${on.origin}/operator/accounts/empty`);
		await isAccessible(page);
		await page.getByRole("button", { name: "Create a link" }).click();
		await page.locator("#invitation-link").waitFor();
		await isAccessible(page);
		expect(violations).toEqual([]);
	});
});

async function visit(page: Page, route: string, path: string): Promise<void> {
	expect(path.split("?")[0]).toMatch(new RegExp(`^${route.replaceAll(/:\w+/g, "[^/]+")}$`));
	const answer = await page.goto(on.origin + path);
	expect([path, answer?.status()]).toEqual([path, 200]);
	await isAccessible(page);
}

async function isAccessible(page: Page): Promise<void> {
	await page.locator("main details").evaluateAll((all) => {
		for (const each of all) each.setAttribute("open", "");
	});
	expect([page.url(), await barriersOf(page), await tooSmallOn(page)]).toEqual([page.url(), [], []]);
}

async function fillIn(page: Page, fields: Readonly<Record<string, string>>, button: string): Promise<void> {
	const form = page.locator("main form:has(button[type=submit])").last();
	await form.evaluate((each: HTMLFormElement) => (each.noValidate = true));
	for (const [label, text] of Object.entries(fields)) await form.getByLabel(label).fill(text);
	await form.getByRole("button", { name: button }).last().click();
}
