import { describe, expect, test } from "vitest";
import { atConsole, wordsOf } from "../support/console.ts";
import { anIntegration, call as ask } from "../support/integrations.ts";
import { call, good, inGlobex, newCode, newKey, newName, newPolicy } from "../support/keys-api.ts";
import { acceptBy, invitedBy, joinedBy } from "../support/invitations.ts";
import { loggedIn } from "../support/logins.ts";
import { signedInTo } from "../support/openid.ts";
import { ada, signInAnew } from "../support/people.ts";
import { type Answer, type Fields, locationOf, refusal } from "../support/requests.ts";
import { advance, demo, issuer } from "../support/target.ts";
import { granted } from "../support/tokens.ts";

const admin = await atConsole(ada);
const base = "/console/acme";

/** Sends the form of a page, and reads on the page that it leads to what was done. */
async function said(page: string, fields: Fields = {}, action = page): Promise<string> {
	return noticeOf(await admin.send(`${base}/${page}`, `${base}/${action}`, fields));
}

/** The same for a form whose token alone counts. */
async function pressed(action: string, fields: Fields = {}): Promise<string> {
	return noticeOf(await admin.post(`${base}/${action}`, fields));
}

async function noticeOf(answer: Answer): Promise<string> {
	const { pathname, search } = locationOf(answer);
	const page = await admin.open(pathname + search);
	const [, notice = `no notice: ${page.status} ${wordsOf(page)}`] =
		/<output[^>]*>(.*?)<\/output>/s.exec(page.text) ?? [];
	return notice;
}

async function idOn(page: string, pattern: RegExp): Promise<string> {
	const { text } = await admin.open(`${base}/${page}`);
	return pattern.exec(text)?.[1] ?? `nothing like ${pattern} on ${page}`;
}

describe("what a form has done is said on the page that it leads to", () => {
	test("environments and events", async () => {
		expect(await said("environments/new", { workspace: "shop", name: "notices" })).toMatch(/^The environment is there/);
		const made = good<{ environments: { id: string; name: string }[] }>(await ask("GET", "/v1/environments"));
		const id = made.environments.find(({ name }) => name === "notices")?.id;
		expect(await pressed(`environments/${id}/enabled`, { enabled: "off" })).toMatch(/^Disabled/);
		expect(await pressed(`environments/${id}/enabled`, { enabled: "on" })).toMatch(/^Enabled/);
		expect(await said(`environments/${id}/rotate_key`)).toMatch(/^The public key was replaced/);
		good(await ask("POST", "/v1/events?environment=my-workspace/prod", undefined, { a: 1 }), 202);
		const event = await idOn("events", /events\/([\w-]+)\/delete/);
		expect(await said(`events/${event}/delete`)).toMatch(/deleted/);
	});

	test("keys, their access codes and policies", async () => {
		expect(await said("policies/new", { name: newName(), description: "d", "permissions:events:read": "on" })).toMatch(
			/^The policy was created/,
		);
		const policy = await newPolicy(["environments:read"]);
		const changed = { name: newName(), description: "d", "permissions:events:read": "on" };
		expect(await said(`policies/${policy}`, changed)).toMatch(/^Saved/);
		expect(await said("keys/new", { name: newName(), tags: "" })).toMatch(/^The API key was created/);
		const key = await newKey();
		const at = `keys/${key.id}`;
		expect(await said(at, { name: newName(), tags: "a" })).toBe("Saved.");
		expect(await pressed(`${at}/enabled`, { enabled: "off" })).toMatch(/^Disabled/);
		expect(await pressed(`${at}/enabled`, { enabled: "on" })).toMatch(/^Enabled/);
		expect(await said(`${at}/policies`, { [`policies:${policy}`]: "on" })).toMatch(/^Saved/);
		const code = await newCode(key.id);
		expect(await said(`${at}/codes/${code.id}`, { description: "Other words" })).toBe("Saved.");
		expect(await pressed(`${at}/codes/${code.id}/enabled`, { enabled: "off" })).toMatch(
			/^The access code was disabled/,
		);
		expect(await pressed(`${at}/codes/${code.id}/enabled`, { enabled: "on" })).toMatch(/^The access code was enabled/);
		await pressed(`${at}/codes/${code.id}/enabled`, { enabled: "off" });
		expect(await said(`${at}/codes/${code.id}/delete`)).toMatch(/^The access code was deleted/);
		expect(await said(`${at}/delete`)).toMatch(/^The API key was deleted/);
		expect(await said(`policies/${policy}/delete`)).toMatch(/^The policy was deleted/);
	});

	test("links, of ours to a foreign key and of others to ours", async () => {
		const ours = await newPolicy(["environments:read"]);
		const foreign = await newKey({}, await inGlobex());
		expect(await said("keys/link", { key: ` ${foreign.id} `, [`policies:${ours}`]: "on" })).toMatch(
			/^The API key was linked/,
		);
		expect(await pressed(`keys/${foreign.id}/enabled`, { enabled: "off" })).toMatch(/^Disabled/);
		expect(await said(`keys/${foreign.id}/delete`)).toMatch(/^The link was removed/);
		const key = await newKey();
		const theirs = await newPolicy(["environments:read"], await inGlobex());
		good(await call("POST", "/v1/links", { key_id: key.id, policies: [theirs] }, await inGlobex()), 201);
		const link = `keys/${key.id}/links/${demo.accounts.globex}`;
		expect(await pressed(`${link}/enabled`, { enabled: "off" })).toMatch(/^The link was disabled/);
		expect(wordsOf(await admin.open(`${base}/keys/${key.id}/links`))).toContain("Disabled by you");
		expect(await pressed(`${link}/enabled`, { enabled: "on" })).toMatch(/^The link was enabled/);
		await call("PATCH", `/v1/links/${key.id}`, { enabled: false }, await inGlobex());
		expect(wordsOf(await admin.open(`${base}/keys/${key.id}/links`))).toContain("Disabled by them");
		expect(await said(`${link}/delete`)).toBe("The link was removed.");
	});

	test("integrations, and what is installed", async () => {
		const { client } = await anIntegration();
		const at = `integrations/${client.id}`;
		good(await ask("POST", `/v1/${at}/secrets`, undefined, { overlap_days: 1 }), 201);
		expect(await said(`${at}/secret/end`)).toMatch(/^The older secret has ended/);
		expect(await said(`${at}/delete`)).toMatch(/^It has ended/);
		await granted();
		const grant = await idOn("installed", /installed\/([\w-]+)\/revoke/);
		expect(await said(`installed/${grant}/revoke`)).toMatch(/revoked|ended/i);
	});

	test("people, who are asked for a role that there is", async () => {
		const username = "notices.person";
		const people = "settings/people";
		const { cookie } = await joinedBy(await invitedBy(admin, "acme"), { username, name: "Notices" });
		const id = await idOn(people, /people\/(usr_[\w-]+)"[^>]*>Change<span class="visually-hidden"> Notices/);
		expect(await said(`${people}/${id}`, { role: "admin" })).toMatch(/^The role is saved/);
		const boss = { username: "notices.boss", name: "Boss" };
		await joinedBy(await invitedBy(admin, "acme", { role: "admin" }), boss);
		const rows = (await admin.open(`${base}/${people}`)).text.split("<tr>");
		expect(rows.find((row) => row.includes(boss.username))).toContain("Administrator");
		expect(refusal(await admin.post(`${base}/${people}/${id}`, { role: "owner" }))).toMatch(/^400/);
		expect(refusal(await admin.post(`${base}/${people}/usr_any_AAAAAAAAAAAAAAAAAAAAAA`, { role: "admin" }))).toMatch(
			/^404/,
		);
		expect(await said(`${people}/${id}/remove`)).toMatch(/^Removed/);
		expect(locationOf(await acceptBy(await invitedBy(admin, "acme"), cookie)).pathname).toContain(base);
		expect((await admin.open(`${base}/${people}`)).text).toContain(username);
		await pressed(`${people}/${id}/remove`);
	});

	test("settings, of the account and one's own", async () => {
		expect(await said("settings/account", { change: "name", name: "Acme" })).toMatch(/^The account's name is saved/);
		expect(await said("settings/account/forbid-reveal")).toMatch(/^Access codes cannot be shown again/);
		expect(await said("settings/account", { change: "reveal" })).toMatch(/^Access codes that are created from now on/);
		expect(await said("settings", { change: "name", name: "Ada Lovelace" })).toMatch(/^Your name is saved/);
		expect(await said("settings/profile", { nickname: "Countess" })).toMatch(/^Your profile is saved/);
	});

	test("one's own sessions and grants", async () => {
		await loggedIn({ username: ada.username, password: ada.password, session_id: "notices" });
		await signInAnew(ada);
		await granted();
		await signedInTo(demo.webApp);
		const at = "my-access";
		const row = (await admin.open(`${base}/${at}`)).text.split("<tr>").find((each) => each.includes("notices"));
		const [, session] = /sessions\/([\w-]+)\/end/.exec(row ?? "") ?? [];
		expect(await pressed(`${at}/sessions/${session}/end`)).toMatch(/^The session has ended/);
		const rows = (await admin.open(`${base}/security`)).text
			.split("<tr>")
			.filter((each) => !each.includes("This browser"));
		const [, other] = /sign-ins\/([\w-]+)\/end/.exec(rows.join("")) ?? [];
		expect(await pressed(`security/sign-ins/${other}/end`)).toMatch(/^That browser is signed out/);
		const grant = await idOn(at, /grants\/([\w-]{22})\/revoke/);
		expect(await said(`${at}/grants/${grant}/revoke`)).toMatch(/^Revoked/);
		await signedInTo(demo.webApp);
		const consent = (await idOn(at, /consents\/(withdraw\?client=[^"]*)"/)).replaceAll("&amp;", "&");
		expect(await said(`${at}/consents/${consent}`)).toMatch(/^Revoked/);
		await granted();
		expect(await said(`${at}/grants/revoke-all`)).toMatch(/^All that you allowed has ended/);
	});
});

/** The status of the same page, and what stands beside the field. */
async function beside(field: string, page: string, fields: Fields): Promise<string> {
	const { status, text } = await admin.send(page, page, fields);
	const [, error = text] = new RegExp(`id="${field}-error"[^>]*>([^<]*)<`).exec(text) ?? [];
	return `${status} ${error}`;
}

test("what a form lacks is said beside its field, and nothing is done", async () => {
	const key = await newKey();
	const { id } = await newCode(key.id);
	const at = `${base}/keys/${key.id}/codes`;
	expect(await beside("password", `${at}/${id}/secret`, { password: "" })).toBe(
		"400 Enter your password, or use a passkey.",
	);
	expect(await beside("description", `${at}/${id}`, { description: " " })).toMatch(/^400 /);
	expect(await beside("key", `${base}/keys/link`, { key: " " })).toBe("400 Enter the ID of an API key.");
	expect(await beside("name", `${base}/keys/${key.id}`, { name: "", tags: "" })).toMatch(/^400 /);
	const [{ description } = {}] = good<{ codes: { description: string }[] }>(
		await call("GET", `/v1/keys/${key.id}/codes`),
	).codes;
	expect(description).toBe("A server");
});

async function wordsAt(clientId: string): Promise<string> {
	return wordsOf(await admin.open(`${base}/integrations/${clientId}`));
}

test("an integration's page says where it is installed from, and what it may do for itself", async () => {
	const { client } = await anIntegration();
	const words = await wordsAt(client.id);
	expect(words).toContain(`Install URL ${issuer}/integrations/${client.id}`);
	expect(words).not.toContain("for itself");
	const { client: worker } = await anIntegration({ kind: "application", acts_for_itself: true });
	const others = await wordsAt(worker.id);
	expect(others).not.toContain("Install URL");
	expect(others).toContain("It may also do this for itself, in this account");
});

test("an access code that has ended is marked, and one that is good is not", async () => {
	const key = await newKey();
	await newCode(key.id);
	const words = async () => wordsOf(await (await atConsole(ada)).open(`${base}/keys/${key.id}/codes`));
	expect(await words()).not.toContain("Expired");
	await advance(366 * 86_400);
	expect(await words()).toContain("Expired");
});
