import { describe, expect, test } from "vitest";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { bounds } from "../../src/domain/bounds.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { loggedIn } from "../support/logins.ts";
import { anAccount, aPerson, slugOf } from "../support/registered.ts";
import { bearer, postJson, refusal, times } from "../support/requests.ts";
import { addRows, setTotal } from "../support/target.ts";

interface Kind {
	readonly bound: { readonly most: number; readonly what: string };
	readonly fill: (accountId: string, count: number) => Promise<void>;
	readonly path: string;
	readonly body: (index: number) => object;
	/** Where the console makes one, with what is typed. */
	readonly page: string;
	readonly typed: Readonly<Record<string, string>>;
}

const newId = () => randomId(systemRandom);
const read = "events:read";

const kinds: Readonly<Record<string, Kind>> = {
	policies: {
		bound: bounds.policies,
		fill: (accountId, count) =>
			addRows({
				policies: times(count, (n) => ({
					id: newId(),
					accountId,
					name: `p${n}`,
					description: "d",
					permissions: [read],
				})),
			}),
		path: "/v1/policies",
		body: (n) => ({ name: `new ${n}`, description: "d", permissions: [read] }),
		page: "policies/new",
		typed: { name: "typed", description: "typed too", [`permissions:${read}`]: "on" },
	},
	"API keys": {
		bound: bounds.keys,
		fill: (accountId, count) => setTotal(accountId, "keys", count),
		path: "/v1/keys",
		body: (n) => ({ name: `new ${n}` }),
		page: "keys/new",
		typed: { name: "typed", tags: "typed too" },
	},
	environments: {
		bound: bounds.environments,
		fill: (accountId, count) =>
			addRows({
				environments: times(count, (n) => ({
					id: newId(),
					accountId,
					workspace: "w",
					name: `e${n}`,
					keyVersion: 1,
					enabled: true,
				})),
			}),
		path: "/v1/environments",
		body: (n) => ({ workspace: "w", name: `new-${n}` }),
		page: "environments/new",
		typed: { workspace: "typed", name: "typed-too" },
	},
};

describe("what an account may have", () => {
	test.each(Object.entries(kinds))(
		"%s: at its bound one more is 409 with the limit in the text, and of five at once below it one is made",
		async (_, { bound, fill, path, body, page, typed }) => {
			const accountId = await anAccount();
			const boss = await aPerson({ [accountId]: "admin" });
			const token = bearer(await loggedIn({ username: boss.username, password: boss.password }));
			await fill(accountId, bound.most - 1);
			const answers = await Promise.all(times(5, (n) => postJson(path, body(n), token)));
			expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
			const refused = answers.find(({ status }) => status === 409);
			expect(refused && refusal(refused)).toBe("409 Conflict");
			expect(refused?.body.detail).toContain(`at most ${bound.most} ${bound.what}`);

			const visitor = await atConsole(boss);
			const base = `/console/${slugOf(accountId)}`;
			const shown = await visitor.send(`${base}/${page}`, `${base}/${page}`, typed);
			expect(shown.status).toBe(409);
			expect(wordsOf(shown)).toContain(`at most ${bound.most} ${bound.what}`);
			expect(shown.text).toContain('value="typed"');

			// Another account is not in the way.
			const other = await aPerson({ [await anAccount()]: "admin" });
			const theirs = bearer(await loggedIn({ username: other.username, password: other.password }));
			expect((await postJson(path, body(9), theirs)).status).toBe(201);
		},
	);
});
