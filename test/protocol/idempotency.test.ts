import { describe, expect, test } from "vitest";
import { readIdempotencyKey, takesIdempotencyKey } from "../../src/http/idempotency-key.ts";
import { newAccount } from "../support/accounts.ts";
import { call, type Credential, good, inAcme, inGlobex, keyWith, newName } from "../support/keys-api.ts";
import { type Answer, ask, refusal, times } from "../support/requests.ts";
import { apiOperations } from "../support/route-table.ts";
import { advance, logged, runCron } from "../support/target.ts";

const newKey = () => crypto.randomUUID();

/** A POST with a key, in Acme. */
async function keyed(path: string, key: string, body?: object, credential?: Credential): Promise<Answer> {
	const opens = credential ?? (await inAcme());
	const headers = { ...opens, "idempotency-key": key, ...(body && { "content-type": "application/json" }) };
	return ask(path, { method: "POST", headers, ...(body && { body: JSON.stringify(body) }) });
}

const isReplay = ({ headers }: Answer) => headers.get("idempotent-replayed") === "true";
const problemOf = ({ status, body }: Answer) => [status, body.code];

async function named(list: string, member: string, name: string): Promise<number> {
	const found = good<Record<string, { name: string }[]>>(await call("GET", `${list}?q=${encodeURIComponent(name)}`));
	return (found[member] ?? []).filter((each) => each.name === name).length;
}

describe("draft-ietf-httpapi-idempotency-key-header-07: Idempotency-Key", () => {
	test("§2: the same request again is answered as it was, and nothing is done twice", async () => {
		const [key, name] = [newKey(), newName()];
		const first = await keyed("/v1/keys", key, { name });
		const again = await keyed("/v1/keys", key, { name });
		expect([first.status, isReplay(first), again.status, isReplay(again)]).toEqual([201, false, 201, true]);
		expect(again.text).toBe(first.text);
		for (const header of ["location", "content-type", "cache-control", "x-content-type-options"]) {
			expect(again.headers.get(header)).toBe(first.headers.get(header));
		}
		expect(again.headers.get("request-id")).not.toBe(first.headers.get("request-id"));
		expect(await named("/v1/keys", "keys", name)).toBe(1);
	});

	test("what is shown once is shown again, to whoever has the key and the credential, and stands nowhere readable", async () => {
		const owner = good<{ id: string }>(await call("POST", "/v1/keys", { name: newName() }), 201);
		const [key, path] = [newKey(), `/v1/keys/${owner.id}/codes`];
		const first = good<{ secret: string }>(await keyed(path, key, { description: "A server" }), 201);
		const again = good<{ secret: string }>(await keyed(path, key, { description: "A server" }), 201);
		expect(again.secret).toBe(first.secret);
		const [made, remade] = [await integration(), await integration()];
		expect(remade).toEqual(made);
		expect(made.client_secret).toMatch(/^lkcs_/);
		expect((await logged()).join("\n")).not.toContain(made.client_secret);

		async function integration() {
			const fields = {
				name: `Of ${key}`,
				description: "",
				redirect_urls: ["https://app.example/back"],
				scopes: ["events:read"],
			};
			return good<{ client_id: string; client_secret: string }>(
				await keyed("/v1/integrations", `i ${key}`.replace(" ", ":"), fields),
				201,
			);
		}
	});

	test("of two at once one is done: fifty pairs", async () => {
		const pairs = await Promise.all(
			times(50, async () => {
				const [key, name] = [newKey(), newName("Policy")];
				const body = { name, description: "Of a test", permissions: ["events:read"] };
				const answers = await Promise.all(times(2, () => keyed("/v1/policies", key, body)));
				const last = await keyed("/v1/policies", key, body);
				return { name, answers, last };
			}),
		);
		for (const { name, answers, last } of pairs) {
			expect([last.status, isReplay(last)]).toEqual([201, true]);
			const made = answers.filter(({ status }) => status === 201);
			expect(made.length).toBeGreaterThan(0);
			expect(made.filter((each) => !isReplay(each))).toHaveLength(1);
			for (const each of made) expect(each.text).toBe(last.text);
			for (const each of answers.filter(({ status }) => status !== 201)) {
				expect(problemOf(each)).toEqual([409, "idempotency_key_in_use"]);
				expect(each.headers.get("retry-after")).toBe("1");
			}
			expect(await named("/v1/policies", "policies", name)).toBe(1);
		}
	});

	test("§2.7: with another body, query or path it is 422, and nothing is done", async () => {
		const [key, name] = [newKey(), newName()];
		good(await keyed("/v1/keys", key, { name }), 201);
		const other = newName();
		const reused = [
			await keyed("/v1/keys", key, { name: other }),
			await keyed("/v1/keys?account=acme", key, { name }),
			await keyed("/v1/policies", key, { name, description: "Of a test", permissions: [] }),
			await keyed("/v1/keys", key),
		];
		expect(reused.map(problemOf)).toEqual(times(4, () => [422, "idempotency_key_reused"]));
		expect(await named("/v1/keys", "keys", other)).toBe(0);
	});

	test("is of the caller and the account: the same of anybody else is another", async () => {
		const [key, name] = [newKey(), newName()];
		const program = await keyWith(["keys:write"]);
		const ids = [];
		for (const credential of [undefined, await inGlobex()]) {
			const made = await keyed("/v1/keys", key, { name }, credential);
			expect(isReplay(made)).toBe(false);
			ids.push(good(made, 201).id);
		}
		expect(new Set(ids).size).toBe(2);
		// A program in the first's account: it is refused as anybody is, and told nothing of what the other got.
		expect(problemOf(await keyed("/v1/keys", key, { name }, program))).toEqual([409, "taken"]);
		expect(refusal(await keyed("/v1/keys", key, { name }, { authorization: "Bearer nobody" }))).toMatch(/^401/);
	});

	test("whoever may do it no more is refused, and is not answered as before", async () => {
		const policy = good(
			await call("POST", "/v1/policies", { name: newName(), description: "Of a test", permissions: ["keys:write"] }),
			201,
		);
		const { id } = good(await call("POST", "/v1/keys", { name: newName(), policies: [policy.id] }), 201);
		const codes = `/v1/keys/${String(id)}/codes`;
		const code = good<{ id: string; secret: string }>(await call("POST", codes, { description: "A server" }), 201);
		const credential = { "x-api-key": code.secret };
		const [key, body] = [newKey(), { name: newName() }];
		good(await keyed("/v1/keys", key, body, credential), 201);
		expect(isReplay(await keyed("/v1/keys", key, body, credential))).toBe(true);
		good(await call("PATCH", `${codes}/${code.id}`, { enabled: false }));
		expect(refusal(await keyed("/v1/keys", key, body, credential))).toMatch(/^401/);
	});

	test("what was refused is not kept: put right, it is done", async () => {
		const [key, name] = [newKey(), newName()];
		const { id } = good<{ id: string }>(await call("POST", "/v1/keys", { name }), 201);
		expect(problemOf(await keyed("/v1/keys", key, { name: "" }))).toEqual([400, "wrong_members"]);
		expect(problemOf(await keyed("/v1/keys", key, { name }))).toEqual([409, "taken"]);
		good(await call("DELETE", `/v1/keys/${id}`), 204);
		expect(isReplay(await keyed("/v1/keys", key, { name }))).toBe(false);
		expect(isReplay(await keyed("/v1/keys", key, { name }))).toBe(true);
	});

	test("§2.3: after 24 hours it is a new one, swept or not", async () => {
		for (const isSwept of [false, true]) {
			const [key, path] = [newKey(), "/v1/alerts/acknowledge"];
			const body = { first_seen_by: "2000-01-01T00:00:00Z" };
			good(await keyed(path, key, body));
			await advance(86_400 - 1);
			if (isSwept) await runCron();
			expect(isReplay(await keyed(path, key, body))).toBe(true);
			await advance(1);
			if (isSwept) await runCron();
			const later = await keyed(path, key, body);
			expect([later.status, isReplay(later)]).toEqual([200, false]);
		}
	});

	test("a request without a body has one that is empty", async () => {
		const { slug } = await newAccount();
		const key = newKey();
		const path = `/v1/accounts/${slug}/suspend`;
		expect(isReplay(await keyed(path, key))).toBe(false);
		good(await call("POST", `/v1/accounts/${slug}/reinstate`));
		expect(isReplay(await keyed(path, key))).toBe(true);
		expect(good(await call("GET", `/v1/accounts/${slug}`))).toMatchObject({ state: "active" });
	});

	test.each([
		"",
		'""',
		'"a',
		'a"',
		"a b",
		"a,b",
		'"a", "b"',
		'"a";p=1',
		"ä",
		`"${"x".repeat(256)}"`,
		"x".repeat(256),
		'"\\n"',
	])("§2.1: %j is none", async (text) => {
		const headers = new Headers(await inAcme());
		if (/^[\x20-\xff]*$/.test(text)) headers.set("idempotency-key", text);
		const body = JSON.stringify({ name: newName() });
		const answer = await ask("/v1/keys", { method: "POST", headers, body });
		expect(problemOf(answer)).toEqual([400, "wrong_idempotency_key"]);
	});

	test.each([
		["RFC 9651 §3.3.3: a string", '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "8e03978e-40d5-43dd-bc93-6894a57f9324"],
		["what needs an escape", String.raw`"a\"b\\c d"`, String.raw`a"b\c d`],
		["the same without quotes", "8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
		["255 characters", `"${"x".repeat(255)}"`, "x".repeat(255)],
	])("§2.1: %s", (_, text, key) => {
		expect(readIdempotencyKey(text)).toBe(key);
	});

	test("in quotes or without, it is one key", async () => {
		const [key, name] = [newKey(), newName()];
		good(await keyed("/v1/keys", key, { name }), 201);
		expect(isReplay(await keyed("/v1/keys", `"${key}"`, { name }))).toBe(true);
	});

	test("is taken where something is changed by whose credential it is, and nowhere else", async () => {
		const taking = apiOperations().filter(({ method, path, doc }) => takesIdempotencyKey(method, path, doc));
		expect(taking.length).toBeGreaterThan(25);
		const document = good<{ paths: Record<string, Record<string, { parameters?: { name: string }[] }>> }>(
			await ask("/openapi.json"),
		);
		const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
			Object.entries(operations).flatMap(([method, { parameters = [] }]) =>
				parameters.some(({ name }) => name === "Idempotency-Key") ? [`${method.toUpperCase()} ${path}`] : [],
			),
		);
		expect(documented.toSorted()).toEqual(
			taking.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)\+?/g, "{$1}")}`).toSorted(),
		);
		// A page of another origin sends it and sees what was a replay.
		const preflight = await ask("/v1/keys", {
			method: "OPTIONS",
			headers: {
				origin: "https://app.example",
				"access-control-request-method": "POST",
				"access-control-request-headers": "authorization, idempotency-key",
			},
		});
		expect(preflight.headers.get("access-control-allow-headers")).toContain("idempotency-key");
		expect(preflight.headers.get("access-control-expose-headers")).toContain("idempotent-replayed");
	});
});
