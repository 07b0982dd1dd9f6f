import { beforeAll, describe, expect, test, vi } from "vitest";
import { span } from "../../src/operations/events/usage-counter.ts";
import { pageRoutes } from "../support/route-table.ts";
import { wordsOf } from "../support/console.ts";
import { operationOf, documentedOperations, undocumented } from "../support/documented.ts";
import { call, good } from "../support/keys-api.ts";
import { ada, signedIn } from "../support/people.ts";
import { attackOn, type Attack, crossedAttacks, outOfReach } from "../support/refusals.ts";
import { aKey } from "../support/registered.ts";
import { exampleOfAnswer } from "../support/example-text.ts";
import { type Answer, ask, ownPage, postForm, refusal } from "../support/requests.ts";
import { changesBy } from "../support/stored-differences.ts";
import { logged, now, stored } from "../support/target.ts";

// DESIGN §4.8: every refusal leaves what is stored byte for byte as it was.

const documented = documentedOperations.flatMap((row) =>
	Object.keys(operationOf(row.name).operation.responses)
		.map(Number)
		.filter((status) => status >= 400 && status < 500)
		.map((status) => ({ row, status, name: `${status} ${row.name}` })),
);
const attacks = new Map<string, { send: Attack; answer?: Answer }>();
const crossed: Answer[] = [];
/** What took time to be made ready. */
const late: string[] = [];
let changes: readonly string[];
let pages: Answer[];

beforeAll(async () => {
	for (const { row, status, name } of documented) {
		if (name in outOfReach) continue;
		const before = now();
		const send = await attackOn(row, status);
		if (now() !== before) late.push(name);
		if (send) attacks.set(name, { send });
	}
	const began = now();
	const crossings = await crossedAttacks();
	const cookie = await signedIn(ada);
	if (now() !== began) late.push("good credentials in the wrong place");
	// Once before: whoever draws the list, refused or not, writes down which codes the ledgers say were redeemed.
	good(await call("GET", "/v1/installs"));
	await usesAreListed();
	changes = await changesBy(async () => {
		for (const attack of attacks.values()) attack.answer = await attack.send();
		for (const send of crossings) crossed.push(await send());
		pages = await attackPages(cookie);
	});
}, 240_000);

/** When keys were last used is listed some seconds later, for all that were used until then: once it is of one that is used now. */
async function usesAreListed(): Promise<void> {
	const { id, secret } = await aKey();
	expect((await ask("/v1/environments", { headers: { "x-api-key": secret } })).status).toBe(200);
	const listed = async () => {
		const tables = Object.entries(await stored()).filter(([name]) => name.endsWith(" listed_keys"));
		const row = tables.flatMap(([, rows]) => rows).find((each) => each.includes(id));
		expect(row).toBeTruthy();
		expect(row).not.toMatch(/"used_at":"?0/);
	};
	await vi.waitFor(listed, { timeout: 3000 * span, interval: 1000 });
}

/** Every form of the console and of sign-in: from elsewhere, without its token, for what is not there, by nobody. */
async function attackPages(cookie: string): Promise<Answer[]> {
	const answers: Answer[] = [];
	for (const { path } of pageRoutes().filter(({ method }) => method === "POST")) {
		const at = path.replace(":slug", "acme").replaceAll(/:\w+/g, "x");
		const fields = { name: "x", decision: "allow", csrf: "x", change: "name" };
		answers.push(
			await postForm(at, fields, { cookie, "sec-fetch-site": "cross-site" }),
			await postForm(at, fields, { cookie, origin: "https://attacker.example" }),
			await postForm(at, fields, { cookie, ...ownPage }),
			await postForm(at, fields, ownPage),
			await ask(at, { method: "DELETE", headers: { cookie } }),
		);
	}
	return answers;
}

describe("the list of attacks", () => {
	test("has every refusal that is documented, or says why not", () => {
		const missing = documented.map(({ name }) => name).filter((name) => !attacks.has(name) && !(name in outOfReach));
		expect(missing).toEqual([]);
		for (const name of Object.keys(outOfReach)) expect(documented.map((each) => each.name)).toContain(name);
		expect(attacks.size).toBeGreaterThan(230);
	});

	// Else limits that were used up are open again, and a key that was used before is written down as used later.
	test("is made ready while the clock stands still", () => {
		expect(late).toEqual([]);
	});

	test("each is answered by its status, as documented", () => {
		const surprises = documented.flatMap(({ row, status, name }) => {
			const answer = attacks.get(name)?.answer;
			if (!answer) return [];
			return answer.status === status ? undocumented(row, answer) : [`${name}: ${answer.status} ${answer.text}`];
		});
		expect(surprises).toEqual([]);
	});

	// Written anew by `npx vitest run --project memory inert-refusals -u`.
	test("the refusals that the documentation shows are those of the product", async () => {
		const shown: Record<string, Record<string, unknown>> = {};
		for (const { row, status, name } of documented) {
			const answer = attacks.get(name)?.answer;
			if (answer) shown[row.name] = { ...shown[row.name], [status]: exampleOfAnswer(answer) };
		}
		await expect(`${JSON.stringify(shown, null, "\t")}\n`).toMatchFileSnapshot(
			"../../src/ui/public/static/examples/refusals.json",
		);
	});

	test("good credentials in the wrong place are refused too", () => {
		expect(crossed).toHaveLength(20);
		expect(crossed.flatMap(({ status }, index) => (status < 400 || status >= 500 ? [[index, status]] : []))).toEqual(
			[],
		);
		for (const answer of crossed) expect(refusal(answer)).toMatch(/^4/);
	});

	test("forms of pages are refused, or lead to sign-in", () => {
		expect(pages.length).toBeGreaterThan(150);
		const outcomes = pages.map((answer) => {
			if (answer.status >= 400) return refusal(answer).replace(/^4.*/s, "refused");
			const words = wordsOf(answer).includes("Nobody is signed in here in this browser.") ? "signed out" : answer.text;
			return answer.headers.get("location")?.replace(/[?].*/s, "") ?? words;
		});
		expect([...new Set(outcomes)].toSorted()).toEqual(["/", "/sign-in", "refused", "signed out"]);
	});
});

test("after all of them what is stored is byte for byte as it was", () => {
	expect(changes).toEqual([]);
});

test("none of them failed on our side", async () => {
	expect((await logged()).filter((line) => line.includes("failed"))).toEqual([]);
});
