import { afterAll, beforeAll, expect, test } from "vitest";
import { mostCounted, type Position } from "../../src/domain/list-query.ts";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { addAccount, everyClient } from "./register-builders.ts";

const { platform, files, close } = openPlatform(":memory:");
afterAll(close);

const count = 2 * mostCounted + 300;
let accountId: string;

beforeAll(async () => {
	accountId = (await addAccount(platform.register)).id;
	files.register.exec(
		`INSERT INTO clients (id, account_id, kind, name, description, redirect_uris, auth_methods, secrets, grant_types, scope, rotation,
			access_token_ttl, state, not_before)
		WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)
		SELECT 'c' || n, ?1, iif(n % 1000 = 999, 'integration', 'application'), printf('Client %05d', n), '', '[]', '[]', '[]', '[]', '[]',
			'rotate', 60, 'ended', 0 FROM numbers`,
		accountId,
		count,
	);
});

async function walked(narrowing: Partial<typeof everyClient>, isBack: boolean, limit = 100) {
	const names: string[] = [];
	const totals = new Set<number | null>();
	let after: Position | null = null;
	for (let pages = 0; pages < count; pages++) {
		const walk = { sort: "name", after, isBack, limit } as const;
		const page = await platform.clients.list(accountId, { ...everyClient, ...narrowing }, walk);
		names.push(...page.rows.map(({ name }) => name));
		totals.add(page.total);
		after = page.next;
		if (after === null) break;
	}
	return { names, totals: [...totals] };
}

test.each([false, true])(
	"of more than are looked at, each that matches is found once, in order, back: %s",
	async (isBack) => {
		const inOrder = (names: readonly string[]) => (isBack ? names.toReversed() : names);
		const all = Array.from({ length: count }, (_, n) => `Client ${String(n).padStart(5, "0")}`);
		expect(await walked({}, isBack)).toEqual({ names: inOrder(all), totals: [count] });
		const rare = await walked({ kind: "integration" }, isBack);
		expect(rare).toEqual({ names: inOrder(["Client 00999", "Client 01999"]), totals: [null] });
		expect((await walked({ kind: "integration" }, isBack, 1)).names).toEqual(rare.names);
		expect((await walked({ q: "0" }, isBack)).names).toEqual(inOrder(all.filter((name) => name.includes("0"))));
		expect((await walked({ q: "nobody" }, isBack)).names).toEqual([]);
	},
);
