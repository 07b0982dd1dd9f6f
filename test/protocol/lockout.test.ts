import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { atConsole, type ConsoleVisitor, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { logIn } from "../support/logins.ts";
import { ada, cookieOf, type Login } from "../support/people.ts";
import { aKey, aPerson } from "../support/registered.ts";
import { respelled } from "../support/respelled.ts";
import { type Answer, locationOf, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";

const member = { [demo.accounts.acme]: "member" } as const;
const quarter = 900;

function guess({ username }: Login, address: string): Promise<Answer> {
	return logIn({ username, password: "a wrong one" }, { "cf-connecting-ip": address });
}

/** By the page, from a network of its own, with the cookies of a browser. */
function signIn({ username, password }: Login, cookie = "", address = "203.0.113.9"): Promise<Answer> {
	const headers = { ...ownPage, "cf-connecting-ip": address, ...(cookie !== "" && { cookie }) };
	return postForm("/sign-in", { username, password }, headers);
}

/** What a browser keeps of a sign-in after it has ended. */
function kept(answer: Answer): string {
	const browser = answer.headers.getSetCookie().find((line) => line.startsWith("__Host-latchkey-browser="));
	if (browser === undefined) throw new Error(`Nothing is kept: ${answer.status} ${answer.text}`);
	return browser.split(";", 1)[0] ?? "";
}

/** Ten wrong passwords from each of these networks, or fewer where no more are taken. */
async function guessFrom(networks: readonly string[], victim: Login): Promise<readonly string[]> {
	const outcomes: string[] = [];
	for (const network of networks) {
		for (let attempt = 0; attempt < 10; attempt++) outcomes.push(refusal(await guess(victim, network)));
	}
	return outcomes;
}

function policyOf(answer: Answer): string | null {
	return answer.headers.get("ratelimit-policy");
}

test("whoever has one site of IPv6 tries twenty passwords for a name, and locks nobody out", async () => {
	const victim = await aPerson(member);
	const outcomes = await guessFrom(
		times(7, (index) => `2001:db8:5:${index}::1`),
		victim,
	);
	expect(outcomes.filter((outcome) => outcome === "401 Unauthorized")).toHaveLength(20);
	const there = await signIn(victim, "", "2001:db8:5:99::1");
	expect([there.status, policyOf(there)]).toEqual([429, '"password-name-network-48";q=20;w=900']);
	expect((await signIn(victim)).status).toBe(303);
});

test("white space around a name is no way to more guesses", async () => {
	const victim = await aPerson(member);
	const outcomes: string[] = [];
	for (const around of times(15, (index) => " ".repeat(index))) {
		outcomes.push(
			refusal(await guess({ ...victim, username: `${around}${victim.username}${around}` }, "203.0.113.77")),
		);
	}
	expect(outcomes.filter((outcome) => outcome === "401 Unauthorized")).toHaveLength(10);
	expect(outcomes.filter((outcome) => outcome.startsWith("429"))).toHaveLength(5);
});

describe("a name that is guessed at from everywhere", () => {
	let victim: Login;
	let shared: Login;
	let browser: string;
	let cookie: string;
	let outcomes: readonly string[];

	beforeAll(async () => {
		[victim, shared] = [await aPerson(member), await aPerson(member)];
		const first = await signIn(victim);
		cookie = cookieOf(first);
		browser = kept(first);
		outcomes = await guessFrom(
			times(6, (index) => `198.51.100.${index}`),
			victim,
		);
	});

	test("is locked for browsers that nobody knows, and for programs, and they are told by what", async () => {
		expect(outcomes).toEqual(times(60, () => "401 Unauthorized"));
		for (const answer of [await signIn(victim), await logIn(victim, { "cf-connecting-ip": "203.0.113.9" })]) {
			expect([answer.status, policyOf(answer)]).toEqual([429, '"password-name";q=60;w=900']);
		}
	});

	test("is not for a browser in which that person signed in before, wherever it is", async () => {
		expect((await signIn(victim, browser)).status).toBe(303);
		expect((await signIn({ ...victim, username: victim.username.toUpperCase() }, browser)).status).toBe(303);
		expect((await signIn(victim, browser, "198.51.100.1")).status).toBe(303);
	});

	test("is for what is no such browser's: altered, twice, of another person, or a sign-in's own cookie", async () => {
		const [name = "", token = ""] = browser.split("=", 2);
		const others = [
			// No header has a line break.
			...respelled(token)
				.filter((text) => !text.includes("\n"))
				.map((text) => `${name}=${text}`),
			browser.slice(0, -1),
			`${browser}; ${browser}`,
			browser.replace("lkb_", "lks_"),
			cookie,
			cookie.replace("__Host-latchkey=lks_", "__Host-latchkey-browser=lkb_"),
			kept(await signIn(shared)),
		];
		for (const each of others) expect([each, (await signIn(victim, each)).status]).toEqual([each, 429]);
	});

	test("people who share a browser are known in it, each of them", async () => {
		const both = kept(await signIn(shared, browser));
		expect((await signIn(victim, both)).status).toBe(303);
		const again = kept(await signIn(victim, both));
		expect((await signIn(shared, again)).status).toBe(303);
		const values = times(4, async () => aPerson(member));
		let crowd = browser;
		for (const other of await Promise.all(values)) crowd = kept(await signIn(other, crowd));
		// Four are remembered, and the one who was there longest ago is not.
		expect((await signIn(victim, crowd)).status).toBe(429);
	});

	test("is not for who is signed in: they change their password, and the browser is known by the new one", async () => {
		const here = "/console/acme/security/password";
		const fields = { password: victim.password, new_password: "a wholly new password" };
		const answer = await withCookie(cookie).send(here, here, fields, {
			...ownPage,
			"cf-connecting-ip": "198.51.100.2",
		});
		expect(locationOf(answer).search).toBe("?done=password");
		const changed = { ...victim, password: fields.new_password };
		expect((await signIn(changed, browser)).status).toBe(429);
		await advance(quarter);
		expect((await signIn(changed, kept(await signIn(changed)))).status).toBe(303);
	});
});

test("a browser that is known has a count of its own: ten tries, however many come at once, and nobody else's", async () => {
	const victim = await aPerson(member);
	const browser = kept(await signIn(victim));
	const wrong = { ...victim, password: "a wrong one" };
	const outcomes: string[] = [];
	// Two are hashed at once, so that each wave gets two through at least.
	for (let wave = 0; wave < 8; wave++) {
		const answers = await Promise.all(times(20, (index) => signIn(wrong, browser, `192.0.2.${index}`)));
		outcomes.push(...answers.map(refusal));
	}
	expect(outcomes.filter((outcome) => outcome === "401 Sign in")).toHaveLength(10);
	const limited = await signIn(victim, browser);
	expect([limited.status, policyOf(limited)]).toEqual([429, '"password-known";q=10;w=900']);
	// Elsewhere none of it counts.
	expect((await signIn(victim)).status).toBe(303);
});

test("contract 001: nobody locks out the owner of an API key, whatever they send", async () => {
	const key = await aKey(demo.accounts.acme, []);
	const stolen = await aKey(demo.accounts.acme, []);
	const address = { "cf-connecting-ip": "192.0.2.200" };
	const sent = [...respelled(key.secret), key.secret.slice(0, -1), stolen.secret.replace("lk_", "lkp_"), "lk_x"];
	for (let round = 0; round < 20; round++) {
		const answers = await Promise.all(sent.map((api_key) => logIn({ api_key }, address)));
		expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
	}
	await guessFrom(["192.0.2.200"], { username: key.id, password: "" });
	expect((await logIn({ api_key: key.secret }, address)).status).toBe(200);
});

test("the console of somebody who is signed in goes on while their name is guessed at", async () => {
	const victim = await aPerson({ [demo.accounts.acme]: "admin" });
	const visitor = await atConsole(victim);
	await guessFrom(
		times(6, (index) => `198.51.100.${100 + index}`),
		victim,
	);
	expect((await visitor.open("/console/acme/keys")).status).toBe(200);
});

describe("wrong passwords that were tried elsewhere", () => {
	const at = "/console/acme/security";
	const told = async (visitor: ConsoleVisitor) => {
		const [, text] =
			/(\d+ wrong passwords were|A wrong password was) tried/.exec(wordsOf(await visitor.open(at))) ?? [];
		return text ?? null;
	};

	test("stand on the pages of their person, whose browser still signs in, until they have seen them", async () => {
		const victim = await aPerson(member);
		const browser = kept(await signIn(victim));
		const before = await atConsole(victim);
		expect(await told(before)).toBeNull();
		await guessFrom(
			times(7, (index) => `198.51.100.${index + 1}`),
			victim,
		);
		const answer = await signIn(victim, browser);
		expect(answer.status).toBe(303);
		const visitor = withCookie(cookieOf(answer));
		// Sixty were looked at; of the others nobody knows whether they were wrong.
		await eventually(async () => expect(await told(visitor)).toBe("60 wrong passwords were"));
		expect((await visitor.send(at, `${at}/wrong-passwords`)).status).toBe(303);
		expect(await told(visitor)).toBeNull();
		await advance(quarter);
	});

	test("that came after those that were shown stay", async () => {
		const victim = await aPerson(member);
		await guess(victim, "198.51.100.21");
		const visitor = await atConsole(victim);
		await eventually(async () => expect(await told(visitor)).toBe("A wrong password was"));
		const page = await visitor.open(at);
		await advance(1);
		await guess(victim, "198.51.100.21");
		await eventually(async () => expect(await told(visitor)).toBe("2 wrong passwords were"));
		const sent = hiddenOf(page, `${at}/wrong-passwords`);
		await postForm(`${at}/wrong-passwords`, sent, { ...ownPage, cookie: visitor.cookie });
		expect(await told(visitor)).toBe("2 wrong passwords were");
	});

	test("are told to nobody else, and are not what was tried in their own browser", async () => {
		const [victim, other] = [await aPerson(member), await aPerson(member)];
		const browser = kept(await signIn(victim));
		expect((await signIn({ ...victim, password: "a wrong one" }, browser)).status).toBe(401);
		await guess(victim, "198.51.100.22");
		const visitor = await atConsole(victim);
		await eventually(async () => expect(await told(visitor)).toBe("A wrong password was"));
		expect(await told(await atConsole(other))).toBeNull();
		expect(await told(await atConsole(ada))).toBeNull();
		expect((await signIn({ ...victim, password: "a wrong one" }, "", "198.51.100.23")).text).not.toContain("tried");
	});
});
