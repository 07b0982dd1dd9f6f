import { expect, test } from "vitest";
import { call, good } from "../support/keys-api.ts";
import { loggedIn, logIn } from "../support/logins.ts";
import { signInAnew } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { ask, bearer, ownPage, postForm } from "../support/requests.ts";
import { eventually } from "../support/eventually.ts";
import { demo } from "../support/target.ts";

// What the page of sign-in and security does, by a person's own login token.

const security = "/console/acme/security";
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

interface ShownSignIn {
	readonly id: string;
	readonly browser: string;
	readonly address: string | null;
}

/** Somebody with a browser, and their own login token. */
async function somebody() {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	const cookie = await signInAnew(who);
	const own = bearer(await loggedIn({ username: who.username, password: who.password }));
	const list = async (by = own) =>
		good<{ sign_ins: ShownSignIn[]; next: string | null }>(await call("GET", "/v1/profile/sign_ins", undefined, by));
	return { who, cookie, own, list };
}

async function isIn(cookie: string): Promise<boolean> {
	return (await ask(security, { headers: { cookie } })).status === 200;
}

test("browsers are listed, and one is signed out by whose it is alone", async () => {
	const [mine, theirs] = [await somebody(), await somebody()];
	const { username, password } = mine.who;
	const from = { ...ownPage, "user-agent": firefox, "cf-connecting-ip": "192.0.2.44" };
	await postForm("/sign-in", { username, password }, from);
	const { sign_ins: listed } = await mine.list();
	expect(listed).toHaveLength(2);
	const added = listed.find(({ browser }) => browser.includes("Firefox"));
	expect(added).toMatchObject({ address: "192.0.2.44", expires_at: expect.stringMatching(/Z$/) });
	const first = await call("GET", "/v1/profile/sign_ins?limit=1", undefined, mine.own);
	const { next } = good<{ next: string }>(first);
	const second = await call("GET", `/v1/profile/sign_ins?limit=1&cursor=${next}`, undefined, mine.own);
	expect(good<{ sign_ins: object[] }>(second).sign_ins).toHaveLength(1);
	expect((await call("GET", `/v1/profile/sign_ins?cursor=${next}`, undefined, theirs.own)).status).toBe(400);

	const path = `/v1/profile/sign_ins/${listed.find(({ id }) => id !== added?.id)?.id}`;
	expect((await call("DELETE", path, undefined, theirs.own)).status).toBe(404);
	expect(await isIn(mine.cookie)).toBe(true);
	expect((await call("DELETE", path, undefined, mine.own)).status).toBe(204);
	expect(await isIn(mine.cookie)).toBe(false);
	expect((await call("DELETE", path, undefined, mine.own)).status).toBe(404);
	expect((await mine.list()).sign_ins.map(({ id }) => id)).toEqual([added?.id]);
});

test("signing out everywhere ends each browser and login session, that of the token too", async () => {
	const { cookie, own, list } = await somebody();
	expect((await call("DELETE", "/v1/profile/sign_ins", undefined, own)).status).toBe(204);
	expect(await isIn(cookie)).toBe(false);
	await expect(list()).rejects.toThrow("401");
});

test("recent sign-ins have what failed and what ended them, as the log of the account has it, and of nobody else", async () => {
	const { who, own } = await somebody();
	const { username } = who;
	await postForm("/sign-in", { username, password: "a guess" }, ownPage);
	await logIn({ username: (await somebody()).who.username, password: "a guess" });
	await eventually(async () => {
		const answer = await call("GET", "/v1/profile/recent_sign_ins", undefined, own);
		const { recent_sign_ins: recent } = good<{ recent_sign_ins: { action: string; amr: string[] | null }[] }>(answer);
		expect(recent.map(({ action, amr }) => [action, amr])).toEqual([
			["sign_in.refused", null],
			["sign_in.open", ["pwd"]],
		]);
	});
});

test("a new password takes the one of now, and ends what that opened, the token too", async () => {
	const { who, cookie, own, list } = await somebody();
	const { username, password } = who;
	const next = "plum trees by the river";
	const change = (given: object) => call("PUT", "/v1/profile/password", { password, ...given }, own);
	expect((await change({ password: "a guess", new_password: next })).status).toBe(403);
	expect((await change({ new_password: "short" })).body).toMatchObject({
		status: 400,
		errors: [{ field: "new_password" }],
	});
	expect((await change({ new_password: password })).status).toBe(400);
	expect(await isIn(cookie)).toBe(true);
	expect((await change({ new_password: next })).status).toBe(204);
	expect(await isIn(cookie)).toBe(false);
	await expect(list()).rejects.toThrow("401");
	expect((await logIn({ username, password })).status).toBe(401);
	expect((await logIn({ username, password: next })).status).toBe(200);
});
