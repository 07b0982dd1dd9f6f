import { describe, expect, test } from "vitest";
import { anApiOfAcme, grantTo, newWord } from "../support/api-grants.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { ada, codeOf, formOn, type Login, signedIn } from "../support/people.ts";
import { aClient, anApi, aPerson, permission } from "../support/registered.ts";
import { type Answer, ask, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { selfRegistered } from "../support/self-registered.ts";
import { demo } from "../support/target.ts";
import { authorized, authorizePath, exchange, introspect, refresh, tokensOf } from "../support/tokens.ts";

const { webApp } = demo;
const { acme } = demo.accounts;

async function open(path: string, who: Login = ada): Promise<Answer> {
	return ask(path, { headers: { cookie: await signedIn(who) } });
}

/** Somebody, and software that registered itself with the first scope of an API and asks for more. */
async function stepping() {
	const tasks = await anApiOfAcme();
	const client = await selfRegistered({ scope: tasks.read });
	const who = await aPerson({ [acme]: "admin" });
	const asking = (scope: string) => ({ scope, resource: tasks.resource });
	const step = (scope: string) => grantTo(client, asking(scope), { who });
	return { ...tasks, client, who, asking, step };
}

describe("asking again for more (step-up)", () => {
	test("adds up: what was there is in the new grant, shown as such, and the old one ends with the redemption", async () => {
		const { read, write, client, who, asking, step } = await stepping();
		const before = await step(read);
		const page = wordsOf(await open(authorizePath(client, asking(write)), who));
		expect(page).toMatch(
			/What it will be able to do At API \w+ , \w+\.example : Write tasks What you allowed before, and it keeps Read tasks: Every task/,
		);
		const code = await authorized(client, asking(write), { who });
		// Until then it goes on.
		const still = await refresh(before.refreshToken ?? "", { client });
		expect(still.body.scope).toBe(read);
		const after = await exchange(code, { client });
		expect(after.body.scope).toBe([read, write].join(" "));
		for (const token of [before.refreshToken ?? "", tokensOf(still).refreshToken ?? ""]) {
			expect(refusal(await refresh(token, { client }))).toBe("400 invalid_grant");
		}
		// Whoever comes with what is over ends nothing.
		expect((await refresh(tokensOf(after).refreshToken ?? "", { client })).body.scope).toBe([read, write].join(" "));
	});

	test("a token of what was replaced is not active any more", async () => {
		const { read, write, resource } = await anApiOfAcme();
		const client = await aClient(webApp, { scope: [read, write].toSorted() });
		const before = await grantTo(client, { scope: read, resource });
		expect((await introspect(before.accessToken, client)).active).toBe(true);
		const after = await grantTo(client, { scope: write, resource });
		expect(await introspect(before.accessToken, client)).toEqual({ active: false });
		expect((await introspect(after.accessToken, client)).scope).toBe([read, write].join(" "));
	});

	test("five steps leave one grant, in the person's list and in the account's", async () => {
		const names = times(5, (index) => `p${index}`);
		const word = newWord();
		const api = await anApi({
			accountId: acme,
			permissions: names.map((name) => permission(`${word}:${name}`, { selfRegistered: true, title: `Do ${name}` })),
		});
		const client = await selfRegistered({ client_name: `Steps ${word}` });
		const who = await aPerson({ [acme]: "admin" });
		let last = "";
		for (const name of names) {
			const asked = { scope: `${word}:${name}`, resource: api.identifier };
			last = String((await grantTo(client, asked, { who })).scope);
		}
		expect(last).toBe(names.map((name) => `${word}:${name}`).join(" "));
		const mine = await (await atConsole(who)).open("/console/acme/my-access");
		expect(wordsOf(mine).split(`Steps ${word}`)).toHaveLength(2 + 1);
		const all = names.map((name) => `Do ${name}`);
		for (const each of all) expect(wordsOf(mine)).toContain(each);
		const installed = wordsOf(await (await atConsole(ada)).open("/console/acme/installed"));
		for (const each of all) expect(installed).toContain(each);
	});

	test("the old code once more is refused, and ends nothing of what came after it", async () => {
		const { read, write, client, who, asking } = await stepping();
		const old = await authorized(client, asking(read), { who });
		await exchange(old, { client });
		const { refreshToken } = await grantTo(client, asking(write), { who });
		expect(refusal(await exchange(old, { client }))).toBe("400 invalid_grant");
		expect((await refresh(refreshToken ?? "", { client })).body.scope).toBe([read, write].join(" "));
	});

	test("two steps at once both come through, and the next one has it all", async () => {
		const { read, write, client, who, asking, resource } = await stepping();
		const first = await grantTo(client, asking(read), { who });
		const codes = await Promise.all(times(2, () => authorized(client, asking(write), { who })));
		const answers = await Promise.all(codes.map((code) => exchange(code, { client })));
		expect(answers.map(({ status, body }) => [status, body.scope])).toEqual(
			times(2, () => [200, [read, write].join(" ")]),
		);
		expect(refusal(await refresh(first.refreshToken ?? "", { client }))).toBe("400 invalid_grant");
		for (const answer of answers) {
			expect((await refresh(tokensOf(answer).refreshToken ?? "", { client, fields: { resource } })).status).toBe(200);
		}
	});

	test("a second device that asks for no more has a grant of its own, and so has a sign-in", async () => {
		const { read, client, who, asking, step } = await stepping();
		const [laptop, phone] = [await step(read), await step(read)];
		await grantTo(client, asking("openid"), { who });
		for (const { refreshToken } of [laptop, phone])
			expect((await refresh(refreshToken ?? "", { client })).status).toBe(200);
	});

	test("ended while somebody steps up: what was ended does not go on in the new grant", async () => {
		const { read, write, client, who, asking, step } = await stepping();
		const before = await step(read);
		const page = await open(authorizePath(client, asking(write)), who);
		const console = await atConsole(who);
		const at = "/console/acme/my-access/grants/revoke-all";
		expect((await console.send(at, at, {})).status).toBe(303);
		const { action, hidden } = formOn(page, "decision");
		const cookie = await signedIn(who);
		const own = formOn(await open(authorizePath(client, asking(write)), who), "decision").hidden;
		const code = codeOf(await postForm(action, { ...hidden, ...own, decision: "allow" }, { cookie, ...ownPage }));
		expect((await exchange(code, { client })).body.scope).toBe(write);
		expect(refusal(await refresh(before.refreshToken ?? "", { client }))).toBe("400 invalid_grant");
	});
});
