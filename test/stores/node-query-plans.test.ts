import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Platform } from "../../src/domain/ports/platform.ts";
import { openPlatform } from "../../src/platform/node/platform.ts";
import type { SqlFile } from "../../src/platform/node/sql-file.ts";
import { newId, newSubject, now } from "./builders.ts";
import { nodeStores } from "./node-stores.ts";
import { auditEntry } from "./register-builders.ts";
import { describeStores } from "./suite.ts";

/** What never has more rows than that. */
const small = ["setup", "operators"];

/** What may go through a table, or sort what it finds, and why it is no more work where there is more. Each is a part of its text. */
const excepted = [
	["FROM audit ORDER BY rowid LIMIT 5000)", "a slice of the cron's, of the oldest"],
	["FROM installs INDEXED BY installs_by_client WHERE client_id = ? LIMIT", "a slice of an account's end, the next 25"],
	[
		"FROM installs INDEXED BY installs_by_account WHERE account_id = ? LIMIT",
		"a slice of an account's end, the next 25",
	],
	[
		"JOIN installs ON installs.client_id = clients.id AND installs.ended_at IS NULL",
		"the cron's: what ended in 30 days",
	],
	["DELETE FROM recovery_links WHERE account_id = ?", "at an account's end, of links that are good for hours"],
	[
		"WHERE forgotten_to IS NOT NULL LIMIT 1",
		"the first of those that have something to forget, which an index has alone",
	],
	["SELECT * FROM policies WHERE account_id = ? ORDER BY name, id", "an account has 500 policies"],
	["FROM policies WHERE account_id = ? AND", "a page of an export: an account has 500 policies"],
	["FROM environments WHERE account_id = ? AND", "a page of an export: an account has 200 environments"],
	["FROM apis WHERE account_id = ? AND", "a page of an export: an account has 100 APIs"],
	["FROM clients WHERE account_id = ? AND 1 AND", "a page of an export: an account has 1000 clients"],
	["SELECT DISTINCT each.value AS resource FROM clients", "an account has 1000 clients"],
	["WHERE memberships.person_id = ? AND memberships.state = 'active'", "the accounts of one person"],
	["operators.since FROM operators CROSS JOIN people", "there are 50 operators"],
	["WHERE (account_id IS NULL OR account_id = ?)", "an account sees 200 APIs"],
	["WHERE account_id IS NULL OR account_id = ?", "an account sees 200 APIs"],
	["theirs.key = 'name'", "an operator registers an API for all, and it clashes with nobody's"],
	["SELECT value FROM json_each(?1) EXCEPT", "an operator takes a permission from all"],
	["had.value IN (SELECT value FROM json_each(?1))", "an operator asks who has a permission of all"],
	["FROM api_keys INDEXED BY api_keys_by_id CROSS JOIN access_codes", "the two codes of a key"],
	["FROM key_policies CROSS JOIN api_keys", "of a hundred keys"],
	["WITH uncounted AS MATERIALIZED", "what ran out since the last sweep, or waits, and a thousand accounts"],
	["FROM waiting_networks WHERE size = (SELECT max(size)", "four of each of a hundred networks"],
	["FROM clients INDEXED BY clients_by_name WHERE 1 AND", "ten clients for each of a page"],
	["DISTINCT account_id FROM webhook_outbox", "the cron's: the first twenty, of what no request came to"],
	["DISTINCT account_id AS id FROM alert_outbox", "the cron's: the first twenty, of what no request came to"],
	["WITH RECURSIVE actions (action)", "a page of each of a noun's actions"],
] as const;

/** What of a plan grows with what there is: a table that is gone through, and rows that are sorted. */
function faults(plan: readonly string[]): string[] {
	// A subquery may be called as a table is.
	const made = plan.flatMap((step) => /^(?:CO-ROUTINE|MATERIALIZE) (\S+)/.exec(step)?.[1] ?? []);
	return plan.filter((step) => {
		if (/^USE TEMP B-TREE FOR (?!json_group_array)/.test(step)) return true;
		const [, scanned] = /^SCAN (?!.* VIRTUAL TABLE)([a-z_]+)/.exec(step) ?? [];
		return scanned !== undefined && !made.includes(scanned) && !small.includes(scanned);
	});
}

const opened = openPlatform(":memory:");

/** Of each file the statements that the stores have asked of it: not those of the tests themselves. */
const asked = [opened.files.register, opened.files.events].map((file) => {
	const queries = new Set<string>();
	const prepare = file.prepare.bind(file);
	vi.spyOn(file, "prepare").mockImplementation((query) => {
		if (!queries.has(query) && new Error("asked here").stack?.includes("/src/platform/sql/")) queries.add(query);
		return prepare(query);
	});
	return { file, queries };
});
afterAll(() => opened.close());

const called = new Set<string>();
const platform = Object.fromEntries(
	Object.entries(opened.platform).map(([name, port]) => [name, noted(name, port)]),
) as unknown as Platform;
describeStores("node, whose statements are looked at", { ...nodeStores(opened), platform });

/** The port, whose verbs are noted as they are called. */
function noted(name: string, port: object): object {
	return new Proxy(port, {
		get(target, verb, receiver) {
			called.add(`${name}.${String(verb)}`);
			return Reflect.get(target, verb, receiver);
		},
	});
}

function planOf(file: SqlFile, query: string): readonly string[] {
	const { statement } = file.prepared(`EXPLAIN QUERY PLAN ${query}`, []);
	return statement.all().map(({ detail }) => String(detail));
}

function wrong() {
	return asked.flatMap(({ file, queries }) =>
		[...queries].flatMap((query) => {
			const found = faults(planOf(file, query));
			return found.length === 0 ? [] : [{ text: query.replaceAll(/\s+/g, " ").trim(), found }];
		}),
	);
}

function faultsOf(query: string): string[] {
	return faults(planOf(opened.files.register, query));
}

describe("the plans of the stores' statements", () => {
	beforeAll(async () => {
		// What only tests of whole requests have called so far.
		await platform.register.addAudit(auditEntry());
		await platform.people.forgetWrongPasswords(newSubject(), now());
		await Promise.all([platform.events.forget(newId()), platform.alerts.forget(newId())]);
	});

	test("go by an index, and sort nothing that grows", () => {
		const unexpected = wrong().filter(({ text }) => !excepted.some(([part]) => text.includes(part)));
		expect(unexpected.map(({ text, found }) => `${found.join(", ")}: ${text}`)).toEqual([]);
		// Each exception is one still.
		const texts = wrong().map(({ text }) => text);
		expect(excepted.filter(([part]) => !texts.some((text) => text.includes(part)))).toEqual([]);
	});

	test("are those of every verb of every port", () => {
		const verbs = Object.entries(opened.platform).flatMap(([name, port]) =>
			Object.keys(port).map((verb) => `${name}.${verb}`),
		);
		expect(verbs.filter((verb) => !called.has(verb))).toEqual([]);
		expect(asked.every(({ queries }) => queries.size > 10)).toBe(true);
	});

	test("tell of a table that is gone through, and of rows that are sorted", () => {
		expect(faultsOf("SELECT * FROM people WHERE name = ?")).toEqual(["SCAN people"]);
		expect(faultsOf("SELECT * FROM people ORDER BY name")).toEqual(["SCAN people", "USE TEMP B-TREE FOR ORDER BY"]);
		expect(faultsOf("SELECT * FROM people WHERE id = ?")).toEqual([]);
	});
});
