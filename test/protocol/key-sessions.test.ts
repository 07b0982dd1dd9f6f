import { beforeAll, describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { call, good, inGlobex, keyWith, newPolicy, usableKey } from "../support/keys-api.ts";
import { loggedIn, opens } from "../support/logins.ts";
import { ada } from "../support/people.ts";
import { refusal } from "../support/requests.ts";
import { demo, now } from "../support/target.ts";

interface KeySession {
	readonly id: string;
	readonly session_id: string;
	readonly account_id: string;
	readonly code_id: string;
	readonly scope?: string;
}

async function sessionsOf(
	keyId: string,
	query = "",
): Promise<{ sessions: readonly KeySession[]; next: string | null }> {
	return good(await call("GET", `/v1/keys/${keyId}/sessions${query}`));
}

/** A key that is logged in three times: in its own account by two names, and where it is linked. */
async function keyInUse() {
	const { key, code } = await usableKey();
	const policy = await newPolicy(["environments:read"], await inGlobex());
	good(await call("POST", "/v1/links", { key_id: key.id, policies: [policy] }, await inGlobex()), 201);
	const tokens = [
		await loggedIn({ api_key: code.secret, session_id: "one" }),
		await loggedIn({ api_key: code.secret, session_id: "two" }),
		await loggedIn({ api_key: code.secret, account: "globex" }),
	];
	return { key, code, tokens };
}

let used: Awaited<ReturnType<typeof keyInUse>>;
beforeAll(async () => {
	used = await keyInUse();
});

describe("the sessions of a key", () => {
	test("are all that are logged in by it, in its own account and in those that have linked it, a page at a time", async () => {
		const { key, code } = used;
		const { sessions, next } = await sessionsOf(key.id);
		expect(next).toBeNull();
		expect(sessions).toHaveLength(3);
		expect(sessions.find(({ session_id }) => session_id === "one")).toEqual({
			id: expect.any(String),
			session_id: "one",
			code_id: code.id,
			account_id: demo.accounts.acme,
			scope: "environments:read",
			started_at: writeInstant(now()),
			issued_at: writeInstant(now()),
			expires_at: writeInstant(now() + 7200),
		});
		const pages: KeySession[] = [];
		let cursor: string | null = "";
		while (cursor !== null) {
			const found = await sessionsOf(key.id, `?limit=1${cursor && `&cursor=${cursor}`}`);
			pages.push(...found.sessions);
			cursor = found.next;
		}
		expect(pages).toEqual(sessions);
	});

	test("DESIGN §2.2: what another account permits the key there is not told to its owner", async () => {
		const { sessions } = await sessionsOf(used.key.id);
		const away = sessions.find(({ account_id }) => account_id === demo.accounts.globex);
		expect(away).not.toHaveProperty("scope");
	});

	test("are nobody's but the owner's: not the linker's, nor of who may not see keys", async () => {
		const { key } = used;
		const [session] = (await sessionsOf(key.id)).sessions;
		const path = `/v1/keys/${key.id}/sessions`;
		const globex = await inGlobex();
		expect(refusal(await call("GET", path, undefined, globex))).toBe("404 Not Found");
		expect(refusal(await call("DELETE", `${path}/${session?.id}`, undefined, globex))).toBe("404 Not Found");
		const reader = await keyWith(["keys:read"]);
		expect(refusal(await call("DELETE", `${path}/${session?.id}`, undefined, reader))).toBe("403 Forbidden");
		expect(refusal(await call("GET", path, undefined, await keyWith(["events:read"])))).toBe("403 Forbidden");
		expect((await sessionsOf(key.id)).sessions).toHaveLength(3);
	});

	test("a cursor of another key's list is refused", async () => {
		const { next } = await sessionsOf(used.key.id, "?limit=1");
		const other = await usableKey();
		const answer = await call("GET", `/v1/keys/${other.key.id}/sessions?cursor=${next}`);
		expect(refusal(answer)).toBe("400 Malformed request");
	});

	test("ended one by one: with the next request, and the others go on", async () => {
		const { key, tokens } = await keyInUse();
		const { sessions } = await sessionsOf(key.id);
		const one = sessions.find(({ session_id }) => session_id === "one");
		const path = `/v1/keys/${key.id}/sessions/${one?.id}`;
		expect((await call("DELETE", path)).status).toBe(204);
		expect(await Promise.all(tokens.map(opens))).toEqual([401, 200, 200]);
		expect(refusal(await call("DELETE", path))).toBe("404 Not Found");
		expect((await sessionsOf(key.id)).sessions).toHaveLength(2);
		// One of another key is not there under this one.
		const [foreign] = (await sessionsOf(used.key.id)).sessions;
		expect((await call("DELETE", `/v1/keys/${key.id}/sessions/${foreign?.id}`)).status).toBe(404);
		const { entries } = good<{ entries: { action: string; target: string }[] }>(await call("GET", "/v1/audit"));
		expect(entries).toContainEqual(expect.objectContaining({ action: "session.revoke", target: one?.id }));
	});

	test("the console shows them, and ends one by one press", async () => {
		const { key, tokens } = await keyInUse();
		const admin = await atConsole(ada);
		const at = `/console/acme/keys/${key.id}/sessions`;
		const page = await admin.open(at);
		expect(wordsOf(page)).toMatch(
			/one A server latchkey .* Without a name A server latchkey in Globex|in Globex .* one A server/,
		);
		const { sessions } = await sessionsOf(key.id);
		const two = sessions.find(({ session_id }) => session_id === "two");
		const ended = await admin.send(at, `${at}/${two?.id}/end`);
		expect(ended.headers.get("location")).toContain(`${at}?done=ended`);
		expect(await Promise.all(tokens.map(opens))).toEqual([200, 401, 200]);
		expect(wordsOf(await admin.open(at))).not.toContain(" two ");
	});
});
