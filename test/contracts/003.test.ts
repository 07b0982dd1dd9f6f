import { newAccount } from "../support/accounts.ts";
import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import {
	call,
	codesOf,
	good,
	inGlobex,
	newCode,
	newKey,
	newName,
	newPolicy,
	opensWith,
	type ShownKey,
	usableKey,
} from "../support/keys-api.ts";
import { ada, formOn, signedIn } from "../support/people.ts";
import { type Answer, ask, ownPage, postForm, refusal } from "../support/requests.ts";
import { advance, now } from "../support/target.ts";

// Contract 003, "API Keys": what its pages do, over the JSON API and in the console. The journeys in a real browser are in
// test/browser/keys.test.ts.

const acmeKeys = "/console/acme/keys";

async function page(path: string): Promise<Answer> {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

/** Sends the form of a page that has this control, with these fields. */
async function submit(path: string, control: string, fields: Record<string, string>): Promise<Answer> {
	const { action, hidden } = formOn(await page(path), control);
	return postForm(action, { ...hidden, ...fields }, { cookie: await signedIn(ada), ...ownPage });
}

/** The id of the key whose editor a redirect leads to. */
function editorOf(answer: Answer): string {
	const id = /\/keys\/(key_[\w-]+)\?done=/.exec(answer.headers.get("location") ?? "")?.[1];
	if (id === undefined) throw new Error(`No editor: ${answer.status} ${answer.text}`);
	return id;
}

describe("Managing API Keys", () => {
	test("the console has a section API keys, with a list", async () => {
		const { key } = await usableKey();
		const list = await page(acmeKeys);
		expect(list.status).toBe(200);
		expect(list.text).toContain(`href="${acmeKeys}" aria-current="page"`);
		expect((await page(`${acmeKeys}/${key.id}`)).text).toContain(key.name);
	});

	test("the account's name stands at the top right; below it Permissions, and then API keys in the menu at the left", async () => {
		const { text } = await page("/console/acme/settings");
		const [, bar = "", beside = ""] = /<header>(.*?)<\/header>(.*?)<main/s.exec(text) ?? [];
		expect(bar.replaceAll(/<[^>]*>/g, " ")).toMatch(/Account\s+Acme\s.*Permissions/s);
		const [, permissions = ""] = /<a href="([^"]*)"[^>]*>Permissions</.exec(bar) ?? [];
		expect((await page(permissions)).status).toBe(200);
		expect(beside).toMatch(new RegExp(`<nav[^>]*>.*Permissions.*<a href="${acmeKeys}"[^>]*>API keys<`, "s"));
	});

	test("contract 004: Settings > API Keys leads there too", async () => {
		const { text } = await page("/console/acme/settings");
		expect(text).toMatch(new RegExp(`aria-label="Settings".*<a href="${acmeKeys}">API keys<`, "s"));
	});
});

describe("Create new API Keys", () => {
	test("steps 1 to 3: add, fill in name, tags and policies, save", async () => {
		const policy = await newPolicy(["environments:read"]);
		const name = newName("Console");
		const fields = { name, tags: "metrics, ads", type: "standard", [`policies:${policy}`]: "on" };
		const saved = await submit(`${acmeKeys}/new`, "name", fields);
		const key = good<ShownKey>(await call("GET", `/v1/keys/${editorOf(saved)}`));
		expect(key).toMatchObject({ name, tags: ["metrics", "ads"], policies: [policy], state: "enabled" });
	});

	test("every policy has a name and a description of what it gives access to", async () => {
		const name = newName("Policy");
		await call("POST", "/v1/policies", { name, description: "Opens the metrics", permissions: ["events:read"] });
		const { text } = await page(`${acmeKeys}/new`);
		expect(text).toContain(name);
		expect(text).toContain("Opens the metrics");
	});

	test("the API key can also be created without selecting a policy; it opens nothing", async () => {
		const id = editorOf(await submit(`${acmeKeys}/new`, "name", { name: newName(), type: "standard" }));
		const { secret } = await newCode(id);
		expect(await opensWith(secret)).toBe(403);
	});

	test("a form that is sent twice makes one key", async () => {
		const form = formOn(await page(`${acmeKeys}/new`), "name");
		const fields = { ...form.hidden, name: newName(), type: "standard" };
		const headers = { cookie: await signedIn(ada), ...ownPage };
		const [first, second] = await Promise.all([
			postForm(form.action, fields, headers),
			postForm(form.action, fields, headers),
		]);
		expect(editorOf(first)).toBe(editorOf(second));
	});

	test("what is wrong stands beside its field, and what was typed is kept", async () => {
		const wrong = await submit(`${acmeKeys}/new`, "name", { name: "x".repeat(101), tags: "kept tag" });
		expect(wrong.status).toBe(400);
		expect(wrong.text).toContain('aria-invalid="true"');
		expect(wrong.text).toContain("kept tag");
	});
});

describe("Link Existing API Key", () => {
	test("where there is no policy yet the page says so, as no form could succeed", async () => {
		const { slug, maker } = await newAccount();
		const headers = { cookie: await signedIn(maker) };
		const { text } = await ask(`/console/${slug}/keys/link`, { headers });
		expect(text).toContain("Create a policy first");
		expect(text).toContain(`href="/console/${slug}/policies/new"`);
		expect(text).not.toContain(`action="/console/${slug}/keys/link"`);
	});

	test("by its ID and at least one policy, it grants access to the linker's account", async () => {
		const globex = await inGlobex();
		const key = await newKey({}, globex);
		const { secret } = await newCode(key.id, "Theirs", globex);
		const policy = await newPolicy(["environments:read"]);
		const without = await submit(`${acmeKeys}/link`, "key", { key: key.id });
		expect(without.status).toBe(400);
		expect(without.text).toContain("Choose at least one policy.");
		expect(without.text).toContain(key.id);
		const linked = await submit(`${acmeKeys}/link`, "key", { key: key.id, [`policies:${policy}`]: "on" });
		expect(editorOf(linked)).toBe(key.id);
		expect([await opensWith(secret, "acme"), await opensWith(secret)]).toEqual([200, 403]);
		expect(await codesOf(key.id, globex)).toHaveLength(1);

		// "If you select a linked API Key, this tab will remain disabled": the creator's access code is used.
		const editor = await page(`${acmeKeys}/${key.id}`);
		expect(editor.text).toMatch(/aria-disabled="true"[^>]*>Access codes</);
		expect(editor.text).toContain("A linked key is used with the access codes of its owner.");
		expect((await page(`${acmeKeys}/${key.id}/codes`)).status).toBe(404);
	});

	test("an ID that nobody could link is refused beside the field, whatever is wrong with it", async () => {
		const policy = await newPolicy(["events:read"]);
		const own = await newKey();
		for (const key of ["key_any_AAAAAAAAQACAAAAAAAAAAA", own.id, "nonsense"]) {
			const answer = await submit(`${acmeKeys}/link`, "key", { key, [`policies:${policy}`]: "on" });
			expect(answer.status).toBe(404);
			expect(answer.text).toContain("There is no API key of another account with this ID.");
		}
	});
});

describe("Access Codes Tab", () => {
	test("steps 1 to 6: a description, save, and the secret is displayed, to copy and as a .txt file", async () => {
		const { key } = await usableKey(["environments:read"]);
		const shown = await submit(`${acmeKeys}/${key.id}/codes`, "description", { description: "Exporter" });
		expect([shown.status, shown.headers.get("cache-control")]).toEqual([200, "no-store"]);
		const secret = /<code id="secret"[^>]*>(lk_[\w-]+)</.exec(shown.text)?.[1] ?? "";
		expect(await opensWith(secret)).toBe(200);
		expect(shown.text).toContain('data-copy="secret"');
		expect(shown.text).toMatch(/download="[a-z0-9-]+\.txt"/);
		expect(shown.text).toContain(`data:text/plain;charset=utf-8,${secret}%0A`);
		expect((await page(`${acmeKeys}/${key.id}/codes`)).text).not.toContain(secret);
	});

	test("a form that is sent twice makes one code, and shows its secret both times", async () => {
		const key = await newKey();
		const form = formOn(await page(`${acmeKeys}/${key.id}/codes`), "description");
		const headers = { cookie: await signedIn(ada), ...ownPage };
		const fields = { ...form.hidden, description: "Twice" };
		const send = () => postForm(form.action, fields, headers);
		const secrets = (await Promise.all([send(), send()])).map(({ text }) => credentialsIn(text)[0]);
		expect(secrets[0]).toMatch(/^lk_/);
		expect(secrets[1]).toBe(secrets[0]);
		expect(await codesOf(key.id)).toHaveLength(1);
		// Later it is no way around the password.
		await advance(601);
		const late = await postForm(form.action, fields, { ...headers, cookie: await signedIn(ada) });
		expect(late.status).toBe(409);
		expect(credentialsIn(late.text)).toEqual([]);
	});

	test("up to 2 access codes per API key, each valid for 365 days", async () => {
		const key = await newKey();
		const codes = [await newCode(key.id, "One"), await newCode(key.id, "Two")];
		for (const code of codes) expect(code.expires_at).toBe(writeInstant(now() + 365 * 86_400));
		const third = await call("POST", `/v1/keys/${key.id}/codes`, { description: "Three" });
		expect(refusal(third)).toBe("409 Conflict");
		expect((await page(`${acmeKeys}/${key.id}/codes`)).text).toContain("A key has at most two access codes.");
	});

	test('"create a new code a few weeks before": the console warns from 30 days before the end', async () => {
		const key = await newKey();
		await newCode(key.id, "Ends");
		const text = async () => (await page(`${acmeKeys}/${key.id}/codes`)).text;
		await advance(334 * 86_400);
		expect(await text()).not.toContain("Create a new access code");
		await advance(86_400);
		expect(await text()).toContain("Create a new access code");
		expect(await text()).toContain("Expires in 30 days");
		await advance(30 * 86_400);
		expect(await text()).toContain("Expired");
	});
});

describe("How To Access BMS via API", () => {
	test('in the request header "x-api-key", and in the query string as apiKey', async () => {
		const { code } = await usableKey();
		const header = await ask("/v1/environments", { headers: { "x-api-key": code.secret } });
		expect(header.status).toBe(200);
		expect((await ask(`/v1/environments?apiKey=${code.secret}`)).status).toBe(200);
	});

	test("access is restricted to what the API key is authorized to use", async () => {
		const { code } = await usableKey(["events:read"]);
		expect(await opensWith(code.secret)).toBe(403);
	});

	test("each way has its copy button", async () => {
		const key = await newKey();
		const { text } = await page(`${acmeKeys}/${key.id}/codes`);
		expect(text).toContain("x-api-key: YOUR_ACCESS_CODE");
		expect(text).toContain("?apiKey=YOUR_ACCESS_CODE");
		expect(text).toContain('data-copy="as-header"');
		expect(text).toContain('data-copy="as-query"');
	});
});

describe("Editing API Keys and Access Codes", () => {
	test("all details can be edited and saved", async () => {
		const key = await newKey({ tags: ["old"] });
		const name = newName("Edited");
		const saved = await submit(`${acmeKeys}/${key.id}`, "tags", { name, tags: "new" });
		expect(editorOf(saved)).toBe(key.id);
		expect(good(await call("GET", `/v1/keys/${key.id}`))).toMatchObject({ name, tags: ["new"] });
	});

	test("deleting asks first, naming what stops working, and cannot be undone", async () => {
		const { key, code } = await usableKey();
		const asked = await page(`${acmeKeys}/${key.id}/delete`);
		expect(asked.text).toContain("this cannot be undone");
		expect(asked.text).toContain("A server");
		expect(await opensWith(code.secret)).toBe(200);
		const done = await postForm(
			`${acmeKeys}/${key.id}/delete`,
			{ csrf: consoleToken(asked) },
			{ cookie: await signedIn(ada), ...ownPage },
		);
		expect(done.headers.get("location")).toBe(`${acmeKeys}?done=deleted`);
		expect(await opensWith(code.secret)).toBe(401);
		expect((await page(`${acmeKeys}/${key.id}`)).status).toBe(404);
	});

	test("the secret can be viewed and downloaded again, after the password", async () => {
		const { key, code } = await usableKey();
		const path = `${acmeKeys}/${key.id}/codes/${code.id}/secret`;
		const wrong = await submit(path, "password", { password: "wrong" });
		expect([wrong.status, wrong.text.includes(code.secret)]).toEqual([403, false]);
		const right = await submit(path, "password", { password: ada.password });
		expect(right.status).toBe(200);
		expect(right.text).toContain(code.secret);
		expect(right.text).toMatch(/download="[a-z0-9-]+\.txt"/);
	});

	test("the description of an access code can be edited", async () => {
		const { key, code } = await usableKey();
		await submit(`${acmeKeys}/${key.id}/codes/${code.id}`, "description", { description: "Renamed" });
		expect(await codesOf(key.id)).toEqual([expect.objectContaining({ description: "Renamed" })]);
	});

	test("to delete an access code it is disabled first, then deleted and confirmed", async () => {
		const { key, code } = await usableKey();
		const base = `${acmeKeys}/${key.id}/codes`;
		expect((await page(`${base}/${code.id}/delete`)).status).toBe(409);
		await submit(base, "enabled", { enabled: "off" });
		expect(await opensWith(code.secret)).toBe(401);
		const asked = await page(`${base}/${code.id}/delete`);
		expect(asked.text).toContain("Services that rely on it stop working for good.");
		const done = await postForm(
			`${base}/${code.id}/delete`,
			{ csrf: consoleToken(asked) },
			{ cookie: await signedIn(ada), ...ownPage },
		);
		expect(done.status).toBe(303);
		expect(await codesOf(key.id)).toEqual([]);
	});
});

/** The token of the console's own forms: that of signing out stands before it. */
function consoleToken({ text }: Answer): string | undefined {
	const form = /<form[^>]*action="\/console[^>]*>.*?name="csrf" value="([^"]+)"/s.exec(text);
	return form?.[1];
}
