import { beforeAll, describe, expect, test } from "vitest";
import { aPerson } from "../support/registered.ts";
import { logIn } from "../support/logins.ts";
import type { Login } from "../support/people.ts";
import { type Answer, ownPage, postForm, refusal, times, saidIn } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";

const member = { [demo.accounts.acme]: "member" } as const;

function login({ username, password }: Login, address: string): Promise<Answer> {
	return logIn({ username, password }, { "cf-connecting-ip": address });
}

function guess({ username }: Login, address: string): Promise<Answer> {
	return login({ username, password: "wrong" }, address);
}

describe("after ten wrong passwords for one name from one address", () => {
	const address = "2001:db8:1:2::1";
	const quarter = 900;
	const outcomes: string[] = [];
	let victim: Login;
	let neighbour: Login;

	beforeAll(async () => {
		[victim, neighbour] = [await aPerson(member), await aPerson(member)];
		for (let attempt = 0; attempt < 10; attempt++) {
			outcomes.push(refusal(await guess(victim, address)));
		}
	});

	test("each of the ten is refused as wrong", () => {
		expect(outcomes).toEqual(times(10, () => "401 Unauthorized"));
	});

	test("even the right password is 429, and the answer says for how long", async () => {
		const answer = await login(victim, address);
		expect(refusal(answer)).toBe("429 Too many attempts");
		expect(answer.headers.get("retry-after")).toBe(String(quarter));
	});

	test("capitals make no other name, and a neighbour in the same /64 no other address", async () => {
		const capitals = { ...victim, username: victim.username.toUpperCase() };
		expect(refusal(await login(capitals, address))).toBe("429 Too many attempts");
		expect(refusal(await login(victim, "2001:db8:1:2:ffff::9"))).toBe("429 Too many attempts");
	});

	test("the sign-in page shares the count", async () => {
		const { username, password } = victim;
		const page = await postForm("/sign-in", { username, password }, { ...ownPage, "cf-connecting-ip": address });
		expect(refusal(page)).toBe("429 Sign in");
		expect(page.headers.get("retry-after")).toBe(String(quarter));
		// What a passkey would be asked with is bound to signs nobody in.
		expect(page.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-latchkey-asked=[\w-]{22}; /)]);
	});

	test("the limit stands before the hash: what it refuses takes no turn at hashing", async () => {
		// Two hashes may run at once; of fifty attempts none is told that the server is busy.
		const answers = await Promise.all(times(50, () => login(victim, address)));
		expect(new Set(answers.map(refusal))).toEqual(new Set(["429 Too many attempts"]));
	});

	test("others are not in it: the same person from elsewhere, another person from here", async () => {
		expect((await login(victim, "2001:db8:1:3::1")).status).toBe(200);
		expect((await login(victim, "192.0.2.1")).status).toBe(200);
		expect((await login(neighbour, address)).status).toBe(200);
	});

	test("a quarter of an hour later the right password is right", async () => {
		await advance(quarter - 1);
		expect((await login(victim, address)).headers.get("retry-after")).toBe("1");
		await advance(1);
		expect((await login(victim, address)).status).toBe(200);
	});
});

test("however many come at once, ten wrong passwords are tried and no more", async () => {
	const victim = await aPerson(member);
	const outcomes: string[] = [];
	// Two hashes at once, so each wave gets two through at least; the eleventh attempt would come in the sixth.
	for (let wave = 0; wave < 8; wave++) {
		const answers = await Promise.all(times(20, () => guess(victim, "192.0.2.2")));
		outcomes.push(...answers.map(refusal));
		const busy = answers.filter((answer) => answer.status === 503);
		for (const answer of busy) expect(answer.headers.get("retry-after")).toBe("1");
	}
	expect(outcomes.filter((outcome) => outcome === "401 Unauthorized")).toHaveLength(10);
	expect(new Set(outcomes.slice(-20))).toEqual(new Set(["429 Too many attempts"]));
});

test("a name that does not exist is answered as one that does", async () => {
	const [who, nobody] = [await aPerson(member), { username: "nobody at all", password: "x" }];
	const [wrong, unknown] = [await guess(who, "192.0.2.4"), await guess(nobody, "192.0.2.4")];
	expect(refusal(wrong)).toBe("401 Unauthorized");
	expect(saidIn(unknown)).toBe(saidIn(wrong));
	expect([...unknown.headers.keys()]).toEqual([...wrong.headers.keys()]);
});

test("passwords are compared as people type them, composed or not (NFKC)", async () => {
	const { username } = await aPerson(member, "geheim-e\u0301-passwort");
	expect((await login({ username, password: "geheim-\u00e9-passwort" }, "192.0.2.7")).status).toBe(200);
});
