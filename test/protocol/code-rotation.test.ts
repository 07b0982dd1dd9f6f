import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { atConsole, filledIn, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { call, codesOf, good, keyWith, newCode, opensWith, type ShownCode, usableKey } from "../support/keys-api.ts";
import { loggedIn, opens } from "../support/logins.ts";
import { ada, signInAnew } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { type Answer, refusal, times } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";

const day = 86_400;

function rotate(
	keyId: string,
	codeId: string,
	body: object = {},
	credential?: Record<string, string>,
): Promise<Answer> {
	return call("POST", `/v1/keys/${keyId}/codes/${codeId}/rotate`, body, credential);
}

async function audited(keyId: string): Promise<readonly string[]> {
	const { entries } = good<{ entries: { action: string; detail: { key?: string } }[] }>(await call("GET", "/v1/audit"));
	return entries.filter(({ detail }) => detail.key === keyId).map(({ action }) => action);
}

const at = (keyId: string) => `/console/acme/keys/${keyId}/codes`;
const secretOn = ({ text }: Answer) => /lk_[\w-]+/.exec(text)?.[0] ?? "";

describe("rotating an access code", () => {
	test("the new one is there at once, the old one goes on for as long as was said, and each says what became of it", async () => {
		const { key, code } = await usableKey();
		const made = good<ShownCode>(await rotate(key.id, code.id, { ends_in_days: 3 }), 201);
		expect(made).toMatchObject({ description: "A server", enabled: true, expires_at: writeInstant(now() + 365 * day) });
		expect(await opensWith(made.secret)).toBe(200);
		const [old, fresh] = await codesOf(key.id);
		expect(old).toMatchObject({ id: code.id, expires_at: writeInstant(now() + 3 * day), replaced_by: made.id });
		expect(fresh).not.toHaveProperty("replaced_by");
		await advance(3 * day - 1);
		expect(await opensWith(code.secret)).toBe(200);
		await advance(1);
		expect([await opensWith(code.secret), await opensWith(made.secret)]).toEqual([401, 200]);
		expect((await audited(key.id)).slice(0, 2).toSorted()).toEqual(["access_code.create", "access_code.rotate"]);
	});

	test("now: the old one, and what it had opened, is refused with the next request", async () => {
		const { key, code } = await usableKey();
		const token = await loggedIn({ api_key: code.secret });
		const made = good<ShownCode>(await rotate(key.id, code.id, { ends_in_days: 0, description: "Next" }), 201);
		expect([await opensWith(code.secret), await opens(token)]).toEqual([401, 401]);
		expect([made.description, await opensWith(made.secret)]).toEqual(["Next", 200]);
	});

	test("contract 003: of a key that has two codes it is said which one goes", async () => {
		const { key, code } = await usableKey();
		const other = await newCode(key.id, "Other");
		const refused = await rotate(key.id, code.id);
		expect(refusal(refused)).toBe("409 Conflict");
		expect(refused.body).toMatchObject({ remove: other.id, detail: expect.stringContaining('"Other"') });
		const made = good<ShownCode>(await rotate(key.id, code.id, { remove: other.id }), 201);
		expect((await codesOf(key.id)).map(({ id }) => id).toSorted()).toEqual([code.id, made.id].toSorted());
		expect([await opensWith(other.secret), await opensWith(code.secret)]).toEqual([401, 200]);
		// Or the one that is replaced, at once: the other one stays.
		const last = good<ShownCode>(await rotate(key.id, code.id, { ends_in_days: 0 }), 201);
		expect((await codesOf(key.id)).map(({ id }) => id).toSorted()).toEqual([last.id, made.id].toSorted());
		expect(await audited(key.id)).toEqual(expect.arrayContaining(["access_code.delete", "access_code.rotate"]));
	});

	test("of ten that rotate it at once one does", async () => {
		const { key, code } = await usableKey();
		const answers = await Promise.all(times(10, () => rotate(key.id, code.id)));
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
		expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
		expect(await codesOf(key.id)).toHaveLength(2);
	});

	test("what is malformed is refused and changes nothing", async () => {
		const { key, code } = await usableKey();
		const bad = [
			...[-1, 31, 1.5, "7", null].map((days) => ({ ends_in_days: days })),
			{ description: " " },
			{ remove: 7 },
			{ remove: "x".repeat(101) },
			{ keep: true },
		];
		for (const body of bad) expect(refusal(await rotate(key.id, code.id, body))).toBe("400 Malformed request");
		expect(refusal(await rotate(key.id, "constructor"))).toBe("404 Not Found");
		expect(await codesOf(key.id)).toHaveLength(1);
	});

	test("whoever may not delete a code does not have one deleted by a rotation, nor gets a secret that may do more", async () => {
		const { key, code } = await usableKey(["environments:read"]);
		const other = await newCode(key.id, "Other");
		const writer = await keyWith(["keys:write", "environments:read"]);
		const refused = await rotate(key.id, code.id, { remove: other.id }, writer);
		expect([refusal(refused), refused.body.permission]).toEqual(["403 Forbidden", "keys:delete"]);
		expect(await opensWith(other.secret)).toBe(200);
		const weaker = await keyWith(["keys:write", "keys:delete"]);
		expect(refusal(await rotate(key.id, code.id, { ends_in_days: 0 }, weaker))).toBe("403 Forbidden");
		expect(await opensWith(code.secret)).toBe(200);
	});
});

describe("rotating an access code in the console", () => {
	test("one form: the new secret on the page that answers, and on the list which one is still used", async () => {
		const admin = withCookie(await signInAnew(ada));
		const { key, code } = await usableKey();
		await opensWith(code.secret);
		const page = `${at(key.id)}/${code.id}/rotate`;
		const form = await admin.open(page);
		expect(filledIn(form, page)).toMatchObject({ description: "A server", days: "7", other: "" });
		const sent = { ...filledIn(form, page), description: "The new server" };
		const done = await admin.send(page, page, sent);
		expect(wordsOf(done)).toMatch(/The access code was rotated\. .* ends in 7 days\./);
		const secret = secretOn(done);
		expect(await opensWith(secret)).toBe(200);
		// The same form again shows the same one.
		expect(secretOn(await admin.send(page, page, sent))).toBe(secret);
		expect(wordsOf(await admin.open(at(key.id)))).toMatch(
			/Replaced by The new server \d+ \w+ \d{4}, \d\d:\d\d \w+ \. Not used since/,
		);
		await advance(60);
		await opensWith(code.secret);
		expect(wordsOf(await admin.open(at(key.id)))).toMatch(/Used since Something still uses it/);
	});

	test("of two codes each choice says what becomes of the other; where that is another by then, nothing goes", async () => {
		const admin = withCookie(await signInAnew(ada));
		const { key, code } = await usableKey();
		const other = await newCode(key.id, "Other");
		const page = `${at(key.id)}/${code.id}/rotate`;
		const form = await admin.open(page);
		expect(wordsOf(form)).toMatch(/Now .*“Other” stays as it is\. In 1 day .*“Other” is deleted now/);
		const drawn = { ...hiddenOf(form, page), description: "New", days: "1" };
		good(await rotate(key.id, other.id, { ends_in_days: 0 }), 201);
		const before = await codesOf(key.id);
		const late = await admin.send(page, page, drawn);
		expect([late.status, wordsOf(late)]).toEqual([409, expect.stringContaining("another access code meanwhile")]);
		expect(await codesOf(key.id)).toEqual(before);
	});

	test("OWASP, re-authentication: a sign-in of a while ago shows once more who it is before it gets a secret", async () => {
		const { key, code } = await usableKey();
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		const visitor = await atConsole(who);
		await advance(901);
		const page = `${at(key.id)}/${code.id}/rotate`;
		const fields = { description: "New", days: "0" };
		const refused = await visitor.send(page, page, fields);
		expect([refused.status, secretOn(refused)]).toEqual([400, ""]);
		expect(await opensWith(code.secret)).toBe(200);
		const done = await visitor.send(page, page, { ...fields, password: who.password });
		expect(await opensWith(secretOn(done))).toBe(200);
		expect(await opensWith(code.secret)).toBe(401);
	});
});
