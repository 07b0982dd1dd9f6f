import { describe, expect, test } from "vitest";
import {
	call,
	codesOf,
	good,
	inAcme,
	newCode,
	newKey,
	newName,
	type ShownKey,
	usableKey,
} from "../support/keys-api.ts";
import { ada, formOn, signedIn } from "../support/people.ts";
import { type Answer, ask, bearer, ownPage, post, postForm, refusal } from "../support/requests.ts";
import { issuer } from "../support/target.ts";

// Contract 004, "Generating an auth token". What the token opens is in test/contracts/004*.test.ts as well.

interface KeyFile {
	readonly api_keys: Readonly<Record<string, { readonly id: string; readonly key: string; readonly token: string }>>;
}

const uuidV4 = /^BLU-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function only(file: unknown) {
	const { api_keys: keys } = file as KeyFile;
	expect(Object.keys(keys)).toEqual([issuer]);
	const key = keys[issuer];
	if (!key) throw new Error("no key");
	return key;
}

async function newFile(format: "json" | "csv", name = newName("Integration")): Promise<Answer> {
	const answer = await call("POST", `/v1/keys?format=${format}`, { name, type: "integration" });
	good(answer.body.api_keys ? answer : { ...answer, text: "" }, 201);
	return answer;
}

function search(token: string) {
	return post("/api/public/event/search", '{"filters":[]}', {
		...bearer(token),
		"content-type": "application/x-www-form-urlencoded",
	});
}

describe("key files", () => {
	test("the JSON file has the documented shape, and is a download", async () => {
		const answer = await newFile("json", 'My "key"; \r\n'.trim());
		expect(answer.headers.get("content-type")).toBe("application/json");
		expect(answer.headers.get("content-disposition")).toBe('attachment; filename="my-key.json"');
		expect(answer.headers.get("cache-control")).toBe("no-store");
		const key = only(answer.body);
		expect(Object.keys(key)).toEqual(["id", "key", "token"]);
		expect(key.id).toMatch(uuidV4);
		expect(key.key).toMatch(/^lk_/);
		// The sample's visible ends: base64 of the id, a separator and the key.
		expect(atob(key.token)).toBe(`${key.id}:${key.key}`);
		expect(key.token).toMatch(/^QkxV/);
	});

	test("the token is a bearer token, and opens what the built-in policy permits and nothing else", async () => {
		const { token, key } = only((await newFile("json")).body);
		expect((await search(token)).status).toBe(200);
		expect((await search(token.replace(/=+$/, ""))).status).toBe(200);
		expect(refusal(await ask("/v1/keys", { headers: bearer(token) }))).toBe("403 Forbidden");
		expect((await ask("/v1/keys", { headers: { "x-api-key": key } })).status).toBe(403);
	});

	test("the CSV file has one line of columns and one of values", async () => {
		const answer = await newFile("csv");
		expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
		expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="[a-z0-9-]+\.csv"$/);
		const [columns, values, end] = answer.text.split("\r\n");
		expect([columns, end]).toEqual(['"url","id","key","token"', ""]);
		const [url, id, key, token] = (values ?? "").split(",").map((cell) => cell.slice(1, -1));
		expect([url, id]).toEqual([issuer, expect.stringMatching(uuidV4)]);
		expect(atob(token ?? "")).toBe(`${id}:${key}`);
		expect((await search(token ?? "")).status).toBe(200);
	});

	test("created as a resource, the key brings its code and its file along", async () => {
		const key = await newKey({ type: "integration" });
		const file = only(key.key_file);
		expect(file.key).toBe(key.code?.secret);
		expect(await codesOf(key.id)).toEqual([expect.objectContaining({ id: key.code?.id, description: "Key file" })]);
	});

	test("again later, after the password, byte for byte", async () => {
		const key = await newKey({ type: "integration" });
		const path = `/v1/keys/${key.id}/codes/${key.code?.id}/key-file`;
		expect(refusal(await call("POST", path, { password: "wrong" }))).toBe("403 Forbidden");
		expect(refusal(await call("POST", path, {}))).toBe("400 Malformed request");
		const again = await call("POST", path, { password: ada.password });
		expect(again.body).toEqual(key.key_file);
		expect(again.headers.get("content-disposition")).toMatch(/^attachment; /);
		const csv = await call("POST", path, { password: ada.password, format: "csv" });
		expect(csv.text).toContain(only(key.key_file).token);
		const { key: standard, code } = await usableKey();
		const none = await call("POST", `/v1/keys/${standard.id}/codes/${code.id}/key-file`, { password: ada.password });
		expect(refusal(none)).toBe("409 Conflict");
	});

	test("the second code of the key has a file of its own", async () => {
		const key = await newKey({ type: "integration" });
		const second = await newCode(key.id);
		const file = only((second as unknown as ShownKey).key_file);
		expect(file.id).toBe(only(key.key_file).id);
		expect(file.key).toBe(second.secret);
		expect((await search(file.token)).status).toBe(200);
	});

	test("disabled or deleted, the token opens nothing with the next request", async () => {
		const key = await newKey({ type: "integration" });
		const { token } = only(key.key_file);
		good(await call("PATCH", `/v1/keys/${key.id}`, { enabled: false }));
		expect((await search(token)).status).toBe(401);
		good(await call("PATCH", `/v1/keys/${key.id}`, { enabled: true }));
		expect((await search(token)).status).toBe(200);
		await call("DELETE", `/v1/keys/${key.id}`);
		expect((await search(token)).status).toBe(401);
	});

	test("a token whose id is not that of its key, or that is not what we wrote, is refused", async () => {
		const [one, two] = [await newKey({ type: "integration" }), await newKey({ type: "integration" })];
		const [first, second] = [only(one.key_file), only(two.key_file)];
		for (const token of [
			btoa(`${first.id}:${second.key}`),
			btoa(`${first.id}:${first.key}x`),
			btoa(`${first.id.toUpperCase()}:${first.key}`),
			btoa(`${first.id}${first.key}`),
			btoa(first.key),
			btoa(`${first.id}:${first.key}\n`),
			btoa(`blu${first.id.slice(3)}:${first.key}`),
			`${first.token}=`,
			`${first.token.replace(/=*$/, "")}A`,
			first.token.slice(1),
			"QkxV",
			btoa("x".repeat(600)),
		]) {
			expect([token, (await search(token)).status]).toEqual([token, 401]);
		}
		expect((await search(first.token)).status).toBe(200);
	});

	test("a format that there is not, or a file of a standard key, is refused before anything is made", async () => {
		const name = newName();
		expect(refusal(await call("POST", "/v1/keys?format=xml", { name, type: "integration" }))).toBe(
			"400 Malformed request",
		);
		expect(refusal(await call("POST", "/v1/keys?format=json", { name }))).toBe("400 Malformed request");
		expect((await newKey({ name })).name).toBe(name);
	});

	test("in the console: enter a name, select Integration, create, and save the file", async () => {
		const cookie = await signedIn(ada);
		const asked = await ask("/console/acme/keys/new", { headers: { cookie } });
		expect(asked.text).toContain("Integration");
		const { action, hidden } = formOn(asked, "name");
		const fields = { ...hidden, name: newName("Saved"), type: "integration" };
		const saved = await postForm(action, fields, { cookie, ...ownPage });
		expect([saved.status, saved.headers.get("cache-control")]).toEqual([200, "no-store"]);
		const href = /download="[a-z0-9-]+\.json" href="data:application\/json,([^"]+)"/.exec(saved.text)?.[1] ?? "";
		const { token } = only(JSON.parse(decodeURIComponent(href)));
		expect((await search(token)).status).toBe(200);
		expect(saved.text).toMatch(/download="[a-z0-9-]+\.csv" href="data:text\/csv/);
		// A second click gets the same file.
		const again = await postForm(action, fields, { cookie, ...ownPage });
		expect(again.text).toContain(token);
		expect((await ask("/v1/keys?limit=100", { headers: await inAcme() })).text).toContain(fields.name);
	});
});
