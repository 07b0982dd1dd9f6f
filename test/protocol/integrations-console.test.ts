import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { atConsole, hiddenOf, wordsOf } from "../support/console.ts";
import { anIntegration, call, installBy, read } from "../support/integrations.ts";
import { ada, type Login, grace } from "../support/people.ts";
import { anAccount, aPerson } from "../support/registered.ts";
import { type Answer, ask, locationOf, ownPage, refusal, times } from "../support/requests.ts";
import { addRows, advance, demo } from "../support/target.ts";
import { introspect } from "../support/tokens.ts";

const base = "/console/acme/integrations";
const form = `${base}/new`;
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>';

const typed = {
	type: "integration",
	description: "Draws.",
	redirect_urls: "https://radar.example/one\r\n\r\nhttps://radar.example/two\r\n",
	"scopes:events:read": "on",
	ttl: "",
	rotation: "",
	logo: "",
};

let made = 0;
function name(): string {
	made += 1;
	return `Console ${made}`;
}

/** A browser's multipart/form-data; a Blob is a file. */
async function sendForm(
	action: string,
	fields: Readonly<Record<string, string | Blob>>,
	headers: Record<string, string> = {},
	who: Login = ada,
): Promise<Answer> {
	const { cookie } = await atConsole(who);
	const body = new FormData();
	for (const [key, value] of Object.entries(fields)) {
		if (typeof value === "string") body.append(key, value);
		else body.append(key, value, "logo.svg");
	}
	return ask(action, { method: "POST", body, headers: { cookie, ...ownPage, ...headers } });
}

async function blankForm(who: Login = ada, action = form): Promise<Record<string, string>> {
	const { open } = await atConsole(who);
	return hiddenOf(await open(action), action);
}

const idIn = ({ text }: Answer) => /id="client-id"[^>]*>([^<]+)</.exec(text)?.[1] ?? "";
const secretIn = ({ text }: Answer) => /id="client-secret"[^>]*>([^<]+)</.exec(text)?.[1] ?? "";
const named = (client: { client: { id: string } }) => `${base}/${client.client.id}`;

async function listed(): Promise<readonly string[]> {
	const { body } = await call("GET", "/v1/integrations?limit=100");
	return (body.integrations as { name: string }[]).map((each) => each.name);
}

describe("registering in the console", () => {
	test("shows id and secret once, not to be kept by the browser, and the secret works", async () => {
		const file = new Blob([svg], { type: "image/svg+xml" });
		const answer = await sendForm(form, { ...(await blankForm()), ...typed, name: name(), logo_file: file });
		expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
		const integration = {
			client: { ...demo.integration.client, id: idIn(answer), redirectUris: ["https://radar.example/one"] },
			secret: secretIn(answer),
		};
		expect((await installBy(integration)).accessToken).toMatch(/\S/);
		expect((await read(integration)).body).toMatchObject({
			redirect_urls: ["https://radar.example/one", "https://radar.example/two"],
			scopes: ["events:read"],
			rotation: "keep",
			access_token_ttl: 86_400,
		});
		expect((await ask(`/integrations/${integration.client.id}/logo.svg`)).text).toBe(svg);
		const { open } = await atConsole(ada);
		for (const path of [base, named(integration)]) expect(credentialsIn((await open(path)).text)).toEqual([]);
	});

	test("sent twice it makes one, and shows the same secret to whoever sees only the second answer", async () => {
		const fields = { ...(await blankForm()), ...typed, name: name() };
		const answers = await Promise.all(times(3, () => sendForm(form, fields)));
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
		expect(new Set(answers.map(idIn)).size).toBe(1);
		expect(new Set(answers.map(secretIn)).size).toBe(1);
		expect((await listed()).filter((each) => each === fields.name)).toHaveLength(1);
		// Gone back to and changed, it is another form.
		const changed = await sendForm(form, { ...fields, name: name() });
		expect(changed.status).toBe(409);
		expect(wordsOf(changed)).toContain("This form was used before");
		expect(secretIn(changed)).toBe("");
	});

	test("a form whose hidden fields are not ours makes nothing", async () => {
		const fields = { ...(await blankForm()), ...typed };
		const other = await anIntegration();
		for (const hidden of [{ id: "lkid_x" }, { id: other.client.id }, { seed: "x" }, { id: "" }, { seed: "" }]) {
			const mine = name();
			expect((await sendForm(form, { ...fields, name: mine, ...hidden })).status).toBe(409);
			expect(await listed()).not.toContain(mine);
		}
		expect((await installBy(other)).accessToken).toMatch(/\S/);
	});

	test.each<[string, Record<string, string | Blob>, string]>([
		["no name", { name: "" }, "The name must have"],
		["a control character", { name: "Ra\u0007dar" }, "The name must have"],
		[
			"a redirect URL",
			{ redirect_urls: "https://radar.example/\nhttp://evil.example/" },
			"Redirect URL 2 must use https",
		],
		["an SVG that acts", { logo: `<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>` }, "has an attribute onload"],
		["a PNG", { logo_file: new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0)]) }, "do not belong in an SVG"],
		[
			"a large file",
			{ logo_file: new Blob([`<svg xmlns="http://www.w3.org/2000/svg"><title>${"a".repeat(40_000)}</title></svg>`]) },
			"is larger than 32 KiB",
		],
		["a token's life", { ttl: "99999999" }, "Access tokens may live"],
		["a public client that keeps", { type: "native", rotation: "keep" }, "Only a client with a secret"],
		["an integration that acts for itself", { "further:acts_for_itself": "on" }, "choose Web application"],
	])("%s is told beside its field, with what was typed kept", async (_, changes, error) => {
		const fields = { ...(await blankForm()), ...typed, name: name(), description: "<b>Kept</b> & so on", ...changes };
		const answer = await sendForm(form, fields);
		expect(answer.status).toBe(400);
		expect(wordsOf(answer)).toContain(error);
		expect(answer.text).toContain('role="alert"');
		expect(answer.text).toContain("&lt;b>Kept&lt;/b> &amp; so on");
		expect(answer.text).toMatch(/name="scopes:events:read" checked/);
		// The form can be sent again as it is, once it is mended.
		expect(hiddenOf(answer, form)).toMatchObject({ id: (fields as Record<string, string>).id });
	});

	test("a name that is taken is told beside it", async () => {
		const { name: taken } = await anIntegration();
		const answer = await sendForm(form, { ...(await blankForm()), ...typed, name: taken });
		expect([answer.status, wordsOf(answer).includes("has an integration of that name")]).toEqual([409, true]);
	});

	test("a body that is too large, no form, or has a field twice is refused", async () => {
		const fields = { ...(await blankForm()), ...typed, name: name() };
		const huge = await sendForm(form, { ...fields, logo_file: new Blob(["a".repeat(1024 * 1024 + 1)]) });
		expect(refusal(huge)).toBe("413 Malformed form");
		const { cookie } = await atConsole(ada);
		const headers = { cookie, ...ownPage };
		const twice = new FormData();
		for (const [key, value] of [...Object.entries(fields), ["name", "Another"]] as const) twice.append(key, value);
		const answers = [
			await ask(form, { method: "POST", body: twice, headers }),
			await ask(form, { method: "POST", body: "x", headers: { ...headers, "content-type": "multipart/form-data" } }),
			await ask(form, {
				method: "POST",
				body: "--x\r\nnonsense",
				headers: { ...headers, "content-type": "multipart/form-data; boundary=x" },
			}),
		];
		expect(answers.map(refusal)).toEqual(times(3, () => "400 Malformed form"));
		const json = await ask(form, {
			method: "POST",
			body: "{}",
			headers: { ...headers, "content-type": "application/json" },
		});
		expect(refusal(json)).toBe("415 Malformed form");
		expect(await listed()).not.toContain(fields.name);
	});
});

describe("only from our own page, and only for whoever may", () => {
	test("without its token, from another site or signed out nothing is done", async () => {
		const integration = await anIntegration();
		const id = integration.client.id;
		const paths = [
			form,
			`${base}/${id}/edit`,
			`${base}/${id}/secret`,
			`${base}/${id}/secret/end`,
			`${base}/${id}/delete`,
		];
		for (const path of paths) {
			const fields = { ...typed, name: name(), overlap: "0", seed: "A".repeat(43) };
			const token = await blankForm();
			const foreign = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
			const stolen = (await blankForm(await aPerson({ [demo.accounts.acme]: "admin" }))).csrf ?? "";
			const urlencoded = new URLSearchParams(fields).toString();
			const type = { "content-type": "application/x-www-form-urlencoded" };
			const { cookie } = await atConsole(ada);
			const send = (body: string, headers: Record<string, string>) =>
				ask(path, { method: "POST", body, headers: { ...type, ...ownPage, ...headers } });
			expect(refusal(await send(urlencoded, { cookie }))).toBe("403 Out of date");
			expect(refusal(await send(`${urlencoded}&csrf=${stolen}`, { cookie }))).toBe("403 Out of date");
			expect(refusal(await send(`${urlencoded}&csrf=${token.csrf}`, { cookie, ...foreign }))).toBe("403 Not from here");
			expect(locationOf(await send(`${urlencoded}&csrf=${token.csrf}`, {})).pathname).toBe("/sign-in");
		}
		expect((await read(integration)).body).toMatchObject({ state: "active", secrets: [{ expires_at: null }] });
	});

	test("a member sees the integrations, and has no way to change them", async () => {
		const integration = await anIntegration();
		const { open, post } = await atConsole(await aPerson({ [demo.accounts.acme]: "member" }));
		const list = await open(base);
		expect([list.status, list.text.includes(form)]).toEqual([200, false]);
		const page = await open(named(integration));
		expect(page.status).toBe(200);
		for (const path of ["edit", "secret", "delete"]) expect(page.text).not.toContain(`${named(integration)}/${path}`);
		for (const path of [
			form,
			...["edit", "secret", "secret/end", "delete"].map((each) => `${named(integration)}/${each}`),
		]) {
			expect(refusal(await open(path))).toBe("403 Not for your role");
			expect(refusal(await post(path, { seed: "A".repeat(43), overlap: "0" }))).toBe("403 Not for your role");
		}
		expect((await read(integration)).body.state).toBe("active");
	});

	test("another account's integrations are not there", async () => {
		const integration = await anIntegration();
		const account = await anAccount();
		const slug = `own-${made}-${Date.now()}`;
		await addRows({ accounts: [{ id: `${slug}-id`, slug, name: "Own", state: "active", notBefore: 0 }] });
		const { open, post } = await atConsole(await aPerson({ [`${slug}-id`]: "admin", [account]: "admin" }));
		const theirs = `/console/${slug}/integrations/${integration.client.id}`;
		for (const path of ["", "/edit", "/secret", "/secret/end", "/delete"]) {
			expect(refusal(await open(theirs + path))).toBe("404 Not there");
		}
		for (const path of ["/secret", "/secret/end", "/delete"]) {
			expect(refusal(await post(theirs + path, { seed: "A".repeat(43), overlap: "0" }))).toBe("404 Not there");
		}
		expect(refusal(await open(named(integration)))).toBe("404 No such account");
		expect((await open(`/console/${slug}/integrations`)).text).not.toContain(integration.client.id);
		expect((await read(integration)).body).toMatchObject({ state: "active", secrets: [{ expires_at: null }] });
	});
});

describe("changing, replacing the secret, deleting", () => {
	test("edit keeps what was not typed, and an emptied logo is gone", async () => {
		const integration = await anIntegration({ logo_svg: svg });
		const edit = `${named(integration)}/edit`;
		const { open, follow } = await atConsole(ada);
		expect((await open(edit)).text).toContain("&lt;svg xmlns=");
		const fields = {
			...(await blankForm(ada, edit)),
			...typed,
			name: integration.name,
			rotation: "rotate",
			ttl: "900",
		};
		const saved = await sendForm(edit, fields);
		expect(locationOf(saved).pathname + locationOf(saved).search).toBe(`${named(integration)}?done=saved`);
		expect((await read(integration)).body).toMatchObject({ rotation: "rotate", access_token_ttl: 900, logo_url: null });
		expect(wordsOf(await follow(saved))).toContain("Saved.");
		expect(wordsOf(await open(`${named(integration)}?done=You+have+won`))).not.toContain("You have won");
		expect((await sendForm(edit, { ...fields, name: "" })).status).toBe(400);
	});

	test("a new secret is shown once, the same to a form that is sent twice; a third has to wait", async () => {
		const integration = await anIntegration();
		const { refreshToken } = await installBy(integration);
		const path = `${named(integration)}/secret`;
		const { open, post, send } = await atConsole(ada);
		const fields = { ...hiddenOf(await open(path), path), overlap: "7" };
		const answers = await Promise.all(times(2, () => post(path, fields)));
		expect(answers.map(({ status, headers }) => [status, headers.get("cache-control")])).toEqual(
			times(2, () => [200, "no-store"]),
		);
		const [secret = "", again] = answers.map(secretIn);
		expect(again).toBe(secret);
		await advance(staleness + 1);
		expect((await introspect(refreshToken, { ...integration, secret })).active).toBe(true);
		expect((await introspect(refreshToken, integration)).active).toBe(true);
		const third = await send(path, path, { overlap: "1" });
		expect([third.status, wordsOf(third).includes("End the older one first")]).toEqual([409, true]);
		for (const overlap of ["31", "-1", "1.5", "x", ""]) expect((await send(path, path, { overlap })).status).toBe(400);

		const page = await open(named(integration));
		expect(wordsOf(page)).toContain("Two secrets are good now");
		const end = `${path}/end`;
		expect(locationOf(await send(end, end)).search).toBe("?done=secret_ended");
		await advance(staleness + 1);
		await expect(introspect(refreshToken, integration)).rejects.toThrow("401");
		expect((await introspect(refreshToken, { ...integration, secret })).active).toBe(true);
	});

	test("deleting names what stops working first", async () => {
		const integration = await anIntegration();
		await installBy(integration);
		// Once more by the same person is the same install.
		await installBy(integration);
		await installBy(integration, grace, demo.accounts.acme);
		const path = `${named(integration)}/delete`;
		const { open, send } = await atConsole(ada);
		const question = await open(path);
		expect(wordsOf(question)).toMatch(/is installed 2 times, in one account\s*\./);
		expect((await read(integration)).body.state).toBe("active");
		expect(locationOf(await send(path, path)).search).toBe("?done=deleted");
		const page = wordsOf(await open(named(integration)));
		expect(page).toContain("Ended");
		expect(page).toContain("Still to be taken out of the ledgers: what was installed 2 times, in one account");
		expect(refusal(await open(path))).toBe("404 Not there");
	});

	test("a name is text, whatever is in it", async () => {
		const evil = `<script>alert(1)</script> ${name()}`;
		const integration = await anIntegration({ name: evil, description: "<img src=x onerror=alert(1)>" });
		const { open } = await atConsole(ada);
		for (const path of [base, named(integration), `${named(integration)}/edit`, `${named(integration)}/delete`]) {
			const { text } = await open(path);
			expect(text).not.toContain("<script>alert");
			expect(text).not.toContain("<img src=x");
		}
	});
});
