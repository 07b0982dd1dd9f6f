import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { newAccount, newSlug, suspend } from "../support/accounts.ts";
import { atConsole, filledIn, wordsOf } from "../support/console.ts";
import { call, good } from "../support/keys-api.ts";
import { ada, grace } from "../support/people.ts";
import { anAccount, anOperator, aPerson, slugOf } from "../support/registered.ts";
import { ask, ownPage, postForm, refusal } from "../support/requests.ts";
import { now } from "../support/target.ts";

const at = (slug: string) => `/operator/accounts/${slug}`;
const locationOf = ({ headers }: { headers: Headers }) => headers.get("location");

async function shown(slug: string) {
	return good<{ name: string; state: string; delete_at: string | null }>(await call("GET", `/v1/accounts/${slug}`));
}

describe("/operator/accounts", () => {
	test("lists them, each with what an operator does to it, and by state", async () => {
		const [active, suspended] = [await anAccount(), await anAccount()];
		await suspend(suspended);
		const { open } = await atConsole(ada);
		const all = await open("/operator/accounts");
		expect(all.text).toContain(at(slugOf(active)));
		expect(all.text).toContain(at(slugOf(suspended)));
		expect((await open("/operator/accounts?state=suspended")).text).not.toContain(at(slugOf(active)));
		expect((await open("/operator/accounts?state=active")).text).not.toContain(at(slugOf(suspended)));
		expect((await open("/operator/accounts?cursor=x")).status).toBe(404);
	});

	test("an account is renamed, suspended, given a day, taken back and reinstated", async () => {
		const { send, open } = await atConsole(ada);
		const slug = slugOf(await anAccount());
		expect(locationOf(await send(at(slug), at(slug), { name: "Renamed" }))).toBe(`${at(slug)}?done=name`);
		expect(wordsOf(await open(`${at(slug)}/suspend`))).toContain("Renamed : within 30 seconds");
		expect(locationOf(await send(`${at(slug)}/suspend`, `${at(slug)}/suspend`))).toBe(`${at(slug)}?done=suspended`);
		expect(await shown(slug)).toMatchObject({ name: "Renamed", state: "suspended" });
		const page = `${at(slug)}/delete`;
		expect(locationOf(await send(page, page, { days: "9", slug }))).toBe(`${at(slug)}?done=deletion`);
		expect(await shown(slug)).toMatchObject({ delete_at: writeInstant(now() + 9 * 86_400) });
		const day = new Date((now() + 9 * 86_400) * 1000).getUTCDate();
		expect(wordsOf(await open(at(slug)))).toMatch(new RegExp(`Everything of it goes on ${day} \\w{3} \\d{4}`));
		expect(locationOf(await send(at(slug), `${at(slug)}/keep`))).toBe(`${at(slug)}?done=kept`);
		expect(await shown(slug)).toMatchObject({ state: "suspended", delete_at: null });
		const file = await send(at(slug), `${at(slug)}/export`);
		expect([file.status, file.headers.get("content-type")]).toEqual([200, "application/json"]);
		expect(locationOf(await send(at(slug), `${at(slug)}/reinstate`))).toBe(`${at(slug)}?done=reinstated`);
		expect(await shown(slug)).toMatchObject({ state: "active" });
	});

	test("what is wrong is said at its field, and nothing is done", async () => {
		const { send } = await atConsole(ada);
		const id = await anAccount();
		const slug = slugOf(id);
		expect(refusal(await send(at(slug), at(slug), { name: " " }))).toBe("400 New");
		await suspend(id);
		const page = `${at(slug)}/delete`;
		for (const fields of [
			{ days: "6", slug },
			{ days: "367", slug },
			{ days: "x", slug },
			{ days: "9", slug: "acme" },
		]) {
			expect(refusal(await send(page, page, fields))).toBe("400 Delete this account?");
		}
		expect(await shown(slug)).toMatchObject({ name: "New", state: "suspended", delete_at: null });
	});

	test("of an account in use there is neither export nor deletion, by forms that were opened before", async () => {
		const { cookie, open } = await atConsole(ada);
		const { csrf = "" } = filledIn(await open("/operator/operators/new"), "/operator/operators/new");
		const slug = slugOf(await anAccount());
		const post = (path: string, fields = {}) =>
			postForm(`${at(slug)}${path}`, { csrf, ...fields }, { cookie, ...ownPage });
		expect(refusal(await post("/export"))).toBe("409 New");
		expect(refusal(await post("/delete", { days: "9", slug }))).toBe("409 New");
		expect(await shown(slug)).toMatchObject({ state: "active", delete_at: null });
	});

	test("two who rename it at once: the second is told what the first wrote", async () => {
		const { open, cookie } = await atConsole(ada);
		const slug = slugOf(await anAccount());
		const drawn = filledIn(await open(at(slug)), at(slug));
		const post = (name: string) => postForm(at(slug), { ...drawn, name }, { cookie, ...ownPage });
		expect((await post("First")).status).toBe(303);
		const second = await post("Second");
		expect([second.status, wordsOf(second)]).toEqual([409, expect.stringContaining("saved meanwhile: First")]);
		expect(await shown(slug)).toMatchObject({ name: "First" });
	});
});

describe("/accounts/new", () => {
	test("an operator makes one and is in its console, where the switcher leads to the others", async () => {
		const who = await anOperator();
		const { open, send } = await atConsole(who);
		const slug = newSlug();
		const page = "/accounts/new";
		expect(wordsOf(await open("/console/acme/my-access"))).toContain("+ Create account");
		expect(locationOf(await send(page, page, { name: "Initech", slug }))).toBe(`/console/${slug}`);
		expect((await open(`/console/${slug}/keys`)).text).toContain('href="/console/acme?section=keys"');
		expect(wordsOf(await open("/operator/accounts"))).toContain("Initech");
	});

	test("the same form twice makes one; another with its short name is told so", async () => {
		const { open, send, cookie } = await atConsole(await anOperator());
		const form = filledIn(await open("/accounts/new"), "/accounts/new");
		const slug = newSlug();
		const post = () => postForm("/accounts/new", { ...form, name: "Twice", slug }, { cookie, ...ownPage });
		expect([(await post()).status, (await post()).status]).toEqual([303, 303]);
		const taken = await send("/accounts/new", "/accounts/new", { name: "Other", slug });
		expect([taken.status, wordsOf(taken)]).toEqual([409, expect.stringContaining("another account's")]);
		const wrong = await send("/accounts/new", "/accounts/new", { name: "", slug: "No slug" });
		expect(refusal(wrong)).toBe("400 Create account");
	});

	test("an operator makes one for somebody else, and has a link for them, the same for the same form", async () => {
		const { open, send, cookie } = await atConsole(await anOperator());
		const slug = newSlug();
		const made = await send("/accounts/new", "/accounts/new", { name: "For other", slug, administrator: "nobody" });
		expect(locationOf(made)).toBe(at(slug));
		expect((await open(`/console/${slug}/keys`)).status).toBe(404);
		const path = `${at(slug)}/first-administrator`;
		const form = filledIn(await open(at(slug)), path);
		const answers = [
			await postForm(path, form, { cookie, ...ownPage }),
			await postForm(path, form, { cookie, ...ownPage }),
		];
		expect(answers.map(({ status }) => status)).toEqual([200, 200]);
		const links = answers.map(({ text }) => />([^<]*\/join\/[^<]*)</.exec(text)?.[1]);
		expect(links[0]).toMatch(/\/join\/lki_/);
		expect(refusal(await postForm(path, { ...form, nonce: "x" }, { cookie, ...ownPage }))).toBe("409 Sent already");
	});

	test("whoever runs nothing is told whom to ask, here where operators make accounts", async () => {
		const { open } = await atConsole(grace);
		expect(refusal(await open("/accounts/new"))).toBe("403 Not for everybody");
		expect((await open("/console/acme/my-access")).text).not.toContain("/accounts/new");
		expect((await ask("/accounts/new")).status).toBe(303);
	});

	test("whoever belongs to no account is told what to do", async () => {
		const nobody = await atConsole(await aPerson({}));
		expect(wordsOf(await nobody.open("/console"))).toContain("Whoever administers one can invite you");
		const operator = await atConsole(await anOperator({}));
		const page = await operator.open("/console");
		expect(page.text).toContain('href="/accounts/new"');
		expect(page.text).toContain('href="/operator"');
		expect((await operator.open("/operator/accounts")).status).toBe(200);
	});

	test("an operator sees an account's people and keys by no page, and nothing of it by its own address", async () => {
		const { slug } = await newAccount();
		const { open } = await atConsole(ada);
		expect(refusal(await open(`/console/${slug}/keys`))).toBe("404 No such account");
		expect(wordsOf(await open(at(slug)))).toContain("People 1");
	});
});
