import { describe, expect, test } from "vitest";
import { suspend } from "../support/accounts.ts";
import { type ConsoleVisitor, withCookie, wordsOf } from "../support/console.ts";
import { anIntegration, read } from "../support/integrations.ts";
import { call, codesOf, good, newCode, newKey, newName } from "../support/keys-api.ts";
import { publishedKeys } from "../support/key-set.ts";
import { optionsOn, origin, register } from "../support/passkeys.ts";
import { signInAnew } from "../support/people.ts";
import { anAccount, aPerson, slugOf } from "../support/registered.ts";
import { refusal } from "../support/requests.ts";
import { softPasskey } from "../support/software-authenticator.ts";
import { advance, demo } from "../support/target.ts";

/** A step of the console, by the address of its form, and what it changes. */
interface Step {
	readonly path: string;
	readonly fields?: Readonly<Record<string, string>>;
	readonly state: () => Promise<unknown>;
}

const keys = "/console/acme/keys";
const integrations = "/console/acme/integrations";

async function keyDeletion(): Promise<Step> {
	const { id } = await newKey();
	return { path: `${keys}/${id}/delete`, state: async () => (await call("GET", `/v1/keys/${id}`)).status };
}

async function newSecret(): Promise<Step> {
	const integration = await anIntegration();
	const path = `${integrations}/${integration.client.id}/secret`;
	return { path, fields: { overlap: "7" }, state: async () => (await read(integration)).body.secrets };
}

type Begin = (visitor: ConsoleVisitor) => Promise<Step>;

const steps: Readonly<Record<string, Begin>> = {
	"an API key is deleted": keyDeletion,
	"another access code is made": async () => {
		const { id } = await newKey();
		return { path: `${keys}/${id}/codes`, fields: { description: "New" }, state: () => codesOf(id) };
	},
	"an access code is deleted": async () => {
		const { id } = await newKey();
		const code = await newCode(id);
		await call("PATCH", `/v1/keys/${id}/codes/${code.id}`, { enabled: false });
		return { path: `${keys}/${id}/codes/${code.id}/delete`, state: () => codesOf(id) };
	},
	"a client secret is replaced": newSecret,
	"an older client secret is ended": async (visitor) => {
		const { path, fields, state } = await newSecret();
		await visitor.send(path, path, fields);
		return { path: `${path}/end`, state };
	},
	"an integration is deleted": async () => {
		const integration = await anIntegration();
		const path = `${integrations}/${integration.client.id}/delete`;
		return { path, state: async () => (await read(integration)).body.state };
	},
	"token pairs are made": async (visitor) => {
		const state = async () => wordsOf(await visitor.open("/console/acme/my-access"));
		return { path: "/console/acme/api-access", state };
	},
	"signing keys are rotated": async () => {
		return { path: "/operator/signing-keys/ES256/rotate", state: () => publishedKeys("ES256") };
	},
	"a signing key is withdrawn": async () => {
		const [, next] = await publishedKeys("RS256");
		return { path: `/operator/signing-keys/${next?.kid}/withdraw`, state: () => publishedKeys("RS256") };
	},
	"an account is deleted": async () => {
		const account = await anAccount();
		const slug = slugOf(account);
		await suspend(account);
		const state = async () => good(await call("GET", `/v1/accounts/${slug}`)).delete_at;
		return { path: `/operator/accounts/${slug}/delete`, fields: { days: "9", slug }, state };
	},
	"an API key is made": async () => {
		const name = newName();
		const state = async () =>
			good<{ keys: object[] }>(await call("GET", `/v1/keys?q=${encodeURIComponent(name)}`)).keys.length;
		return { path: `${keys}/new`, fields: { name, type: "standard" }, state };
	},
	"an integration is registered": async () => {
		const name = newName();
		const state = async () => {
			const listed = await call("GET", "/v1/integrations?limit=100");
			return good<{ integrations: { name: string }[] }>(listed).integrations.some((each) => each.name === name);
		};
		const fields = { type: "web", name, redirect_urls: "https://app.example/back", "scopes:events:read": "on" };
		return { path: `${integrations}/new`, fields, state };
	},
};

/** Somebody who may do all of this, and signed in a while ago. */
async function signedInBefore(begin: Begin) {
	const who = await aPerson({ [demo.accounts.acme]: "admin" }, undefined, { isOperator: true });
	const visitor = withCookie(await signInAnew(who));
	const step = await begin(visitor);
	const { path } = step;
	const send = (proof: Readonly<Record<string, string>>) => visitor.send(path, path, { ...step.fields, ...proof });
	return { who, visitor, step, send };
}

const later = 15 * 60 + 1;

const asked = 'name="password"';

async function deletionLater() {
	const visit = await signedInBefore(keyDeletion);
	await advance(later);
	return visit;
}

describe("more than a quarter of an hour after the sign-in", () => {
	test.each(Object.entries(steps))(
		"%s by who proves once more that it is they, and by nobody else",
		async (_, begin) => {
			const { who, visitor, step, send } = await signedInBefore(begin);
			await advance(later - 1);
			expect((await visitor.open(step.path)).text).not.toContain(asked);
			await advance(1);
			expect((await visitor.open(step.path)).text).toContain(asked);
			const before = await step.state();
			for (const [status, proof] of [
				[400, {}],
				[400, { password: "", passkey: "" }],
				[403, { password: "wrong" }],
				[403, { passkey: "{}" }],
				[403, { recent: "yes" }],
			] as const) {
				const answer = await send(proof);
				expect([status, answer.status, answer.text.includes(asked)]).toEqual([status, status, true]);
			}
			expect(await step.state()).toEqual(before);
			expect([200, 303]).toContain((await send({ password: who.password })).status);
			expect(await step.state()).not.toEqual(before);
		},
	);

	test("a passkey proves it as well, once", async () => {
		const { who, visitor, step, send } = await signedInBefore(keyDeletion);
		const passkey = await softPasskey();
		await register(passkey, { cookie: visitor.cookie, password: who.password });
		await advance(later);
		const response = await passkey.get(optionsOn(await visitor.open(step.path)), origin);
		expect((await send({ passkey: response })).status).toBe(303);
		const other = await keyDeletion();
		expect((await visitor.send(other.path, other.path, { passkey: response })).status).toBe(403);
		expect(await other.state()).toBe(200);
	});

	test("ten wrong passwords, and the right one is not heard either, nor where a secret is shown again", async () => {
		const { who, visitor, step, send } = await deletionLater();
		const { id } = await newKey();
		const code = await newCode(id);
		const secret = `${keys}/${id}/codes/${code.id}/secret`;
		for (let round = 0; round < 10; round++) expect((await send({ password: "wrong" })).status).toBe(403);
		// Each is noted, for whoever finds that somebody was at their browser.
		const { entries } = good<{ entries: object[] }>(await call("GET", `/v1/audit?action=proof&actor=${who.id}`));
		expect(entries).toHaveLength(10);
		expect(entries[0]).toMatchObject({ action: "proof.refused", detail: { by: "password", at: step.path } });
		const { password } = who;
		for (const answer of [await send({ password }), await visitor.send(secret, secret, { password })]) {
			expect(answer.status).toBe(429);
			expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
		}
		expect(await step.state()).toBe(200);
	});

	test("who proves it for what is not there is told so", async () => {
		const { who, visitor } = await deletionLater();
		for (const proof of [{}, { password: who.password }]) {
			expect(refusal(await visitor.post(`${keys}/none/delete`, proof))).toBe("404 Not there");
		}
	});
});
