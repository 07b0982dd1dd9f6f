import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { subjectId } from "../../src/domain/subject.ts";
import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { call, good, inAcme, inGlobex, keyWith, newCode, newKey, usableKey } from "../support/keys-api.ts";
import { anOffice, tokenIn } from "../support/office.ts";
import { ada, grace } from "../support/people.ts";
import { refusal, times } from "../support/requests.ts";
import { addRows, advance, demo, logged, now, runCron } from "../support/target.ts";

const reveal = (keyId: string, codeId: string, body: object, credential?: Record<string, string>) =>
	call("POST", `/v1/keys/${keyId}/codes/${codeId}/reveal`, body, credential);

describe("showing a secret again", () => {
	test("after the password, as often as is asked; the audit log notes each time", async () => {
		const { key, code } = await usableKey();
		for (let time = 0; time < 2; time++) {
			const answer = await reveal(key.id, code.id, { password: ada.password });
			expect(good(answer)).toEqual({ id: code.id, secret: code.secret, expires_at: code.expires_at });
			expect(answer.headers.get("cache-control")).toBe("no-store");
		}
		const { entries } = good<{ entries: { action: string }[] }>(await call("GET", `/v1/audit?target=${code.id}`));
		expect(entries.map(({ action }) => action)).toEqual([
			"access_code.reveal",
			"access_code.reveal",
			"access_code.create",
		]);
	});

	test("the demonstration's code can be shown", async () => {
		const { id, codeId, accessCode } = demo.apiKey;
		expect(good(await reveal(id, codeId, { password: ada.password }))).toMatchObject({ secret: accessCode });
	});

	test("without the password, or with a wrong one, nothing is shown", async () => {
		const { key, code } = await usableKey();
		expect(refusal(await reveal(key.id, code.id, {}))).toBe("400 Malformed request");
		expect(refusal(await reveal(key.id, code.id, { password: "" }))).toBe("400 Malformed request");
		for (const password of ["wrong", grace.password]) {
			const answer = await reveal(key.id, code.id, { password });
			expect(refusal(answer)).toBe("403 Forbidden");
			expect(credentialsIn(answer.text)).toEqual([]);
		}
		const { entries } = good<{ entries: { action: string }[] }>(await call("GET", `/v1/audit?target=${code.id}`));
		expect(entries.filter(({ action }) => action === "access_code.reveal_refused")).toHaveLength(2);
		await advance(3600);
	});

	test("ten wrong passwords in a quarter of an hour, and the right one is not heard either", async () => {
		const { key, code } = await usableKey();
		const credential = { ...(await inAcme()), "cf-connecting-ip": "192.0.2.77" };
		const wrong = () => reveal(key.id, code.id, { password: "wrong" }, credential);
		for (let round = 0; round < 10; round++) expect(refusal(await wrong())).toBe("403 Forbidden");
		const limited = await reveal(key.id, code.id, { password: ada.password }, credential);
		expect(refusal(limited)).toBe("429 Too Many Requests");
		expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
		await advance(15 * 60);
		expect((await reveal(key.id, code.id, { password: ada.password }, credential)).status).toBe(200);
	});

	test("a program cannot, whatever it may do and whatever it sends", async () => {
		const { key, code } = await usableKey(["events:read"]);
		const program = await keyWith(["keys:read", "keys:write", "keys:delete", "events:read"]);
		const answer = await reveal(key.id, code.id, { password: ada.password }, program);
		expect(refusal(answer)).toBe("403 Forbidden");
		expect(answer.text).not.toContain(code.secret);
	});

	test("a code of another account, of another key, or none, is not there", async () => {
		const { key, code } = await usableKey();
		const other = await newKey();
		for (const answer of [
			await reveal(key.id, code.id, { password: grace.password }, await inGlobex()),
			await reveal(other.id, code.id, { password: ada.password }),
			await reveal(key.id, "nothing", { password: ada.password }),
		]) {
			expect(refusal(answer)).toBe("404 Not Found");
		}
	});

	test("a code that was deleted, or whose key was, is shown no more", async () => {
		const { key, code } = await usableKey();
		await call("PATCH", `/v1/keys/${key.id}/codes/${code.id}`, { enabled: false });
		await call("DELETE", `/v1/keys/${key.id}/codes/${code.id}`);
		expect(refusal(await reveal(key.id, code.id, { password: ada.password }))).toBe("404 Not Found");
		const second = await newCode(key.id);
		await call("DELETE", `/v1/keys/${key.id}`);
		expect(refusal(await reveal(key.id, second.id, { password: ada.password }))).toBe("404 Not Found");
	});

	test("what an account forbade to show is not shown once that is allowed again, of whichever of a thousand keys and more", async () => {
		const { account, admin, visitor, slug, base } = await anOffice();
		const credential = await tokenIn(slug, admin);
		// In the order of their ids a thousand keys at a time are seen to at once, and these come first.
		await addRows({
			apiKeys: times(1000, (n) => ({
				id: subjectId({ kind: "key", home: "any", id: `--${randomId(systemRandom).slice(2)}` }),
				accountId: account,
				name: `Other ${n}`,
				tags: [],
				createdAt: now() + 3600,
			})),
		});
		const key = await newKey({}, credential);
		const before = await newCode(key.id, "Before", credential);
		const { password } = admin;
		expect(good(await reveal(key.id, before.id, { password }, credential)).secret).toBe(before.secret);
		await visitor.send(`${base}/account/forbid-reveal`, `${base}/account/forbid-reveal`);
		expect((await reveal(key.id, before.id, { password }, credential)).status).toBe(409);
		await visitor.post(`${base}/account`, { change: "reveal" });
		expect((await reveal(key.id, before.id, { password }, credential)).status).toBe(409);
		await runCron();
		expect((await reveal(key.id, before.id, { password }, credential)).status).toBe(409);
		const after = await newCode(key.id, "After", credential);
		expect(good(await reveal(key.id, after.id, { password }, credential)).secret).toBe(after.secret);
	});

	test("neither secrets nor passwords are logged", async () => {
		const { key, code } = await usableKey();
		await Promise.all(times(2, () => reveal(key.id, code.id, { password: ada.password })));
		const lines = (await logged()).join("\n");
		expect(lines).not.toContain(code.secret);
		expect(lines).not.toContain(ada.password);
	});
});
