import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Example, examples, usualCredential } from "../support/example-states.ts";
import { sendExample, documentedOperations, type DocumentedOperation, undocumented } from "../support/documented.ts";
import { call, good } from "../support/keys-api.ts";
import type { Answer } from "../support/requests.ts";
import { changesBy } from "../support/stored-differences.ts";
import { logged } from "../support/target.ts";
import { webhooksOf } from "../support/webhooks.ts";

// Valid requests of every operation, each with one thing in it changed. FUZZ_SEED and FUZZ_RUNS say how, and how many of each.

const seed = Number(process.env.FUZZ_SEED ?? 1);
const runs = Number(process.env.FUZZ_RUNS ?? 6);

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const odd = fc.constantFrom<unknown>(
	null,
	true,
	0,
	-1,
	0.5,
	2 ** 53,
	1e308,
	"",
	" ",
	"\0",
	"\ud800",
	"\u202e",
	"a\nb",
	"'\"--",
	"🙂",
	"x".repeat(5000),
	[],
	{},
	[[]],
	[null],
	JSON.parse(deep(90)),
	JSON.parse('{"__proto__":{"a":1}}'),
);
const value = fc.oneof(odd, fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: "binary" }));
const header = fc.constantFrom(
	"content-type",
	"authorization",
	"x-api-key",
	"x-last9-api-token",
	"cookie",
	"origin",
	"traceparent",
);
const ascii = fc.string({ unit: fc.constantFrom(...Array.from("aZ09 ,;=:/+-_.~%\"'<>{}[]()")) });

type Mutation =
	| { readonly kind: "member"; readonly which: number; readonly value: unknown }
	| { readonly kind: "more"; readonly name: string; readonly value: unknown }
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "path"; readonly value: string }
	| { readonly kind: "query"; readonly name: string; readonly value: string }
	| { readonly kind: "header"; readonly name: string; readonly value: string };
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
	fc.record({ kind: fc.constant("member"), which: fc.nat({ max: 30 }), value }),
	fc.record({
		kind: fc.constant("more"),
		name: fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor")),
		value,
	}),
	fc.record({
		kind: fc.constant("text"),
		text: fc.oneof(fc.string(), fc.constantFrom("", "{", "[]", "null", deep(200))),
	}),
	fc.record({ kind: fc.constant("path"), value: fc.string({ unit: "grapheme", minLength: 1 }) }),
	fc.record({
		kind: fc.constant("query"),
		name: fc.constantFrom("account", "cursor", "limit", "from", "apiKey", "x"),
		value: fc.string(),
	}),
	fc.record({ kind: fc.constant("header"), name: header, value: ascii.map((text) => text.trim()) }),
);

interface Sent {
	readonly row: DocumentedOperation;
	readonly mutation: Mutation;
	readonly again: () => Promise<Answer>;
	readonly answer: Answer;
}
const sent: Sent[] = [];

beforeAll(async () => {
	const mutations = fc.sample(mutation, { seed, numRuns: runs * documentedOperations.length });
	for (const [index, row] of documentedOperations.entries()) {
		const { send: _, ...example } = await (examples[row.name]?.() ?? {});
		for (const each of mutations.slice(index * runs, (index + 1) * runs)) {
			const changed = await mutated(row, example, each);
			const again = () => sendExample(row, changed);
			sent.push({ row, mutation: each, again, answer: await again() });
		}
	}
}, 180_000);

async function mutated(row: DocumentedOperation, example: Example, change: Mutation): Promise<Example> {
	const headers = example.headers ?? (await usualCredential());
	const members = { ...(row.doc.body?.example as object | undefined), ...example.body };
	const names = Object.keys(members);
	// A form has texts alone.
	const isForm = row.doc.body?.media[0]?.endsWith("urlencoded") === true;
	const written = (given: unknown) => (isForm && typeof given !== "string" ? JSON.stringify(given) : given);
	switch (change.kind) {
		case "member": {
			const name = names[change.which % Math.max(1, names.length)] ?? "x";
			return { ...example, body: { ...example.body, [name]: written(change.value) } };
		}
		case "more":
			return {
				...example,
				body: Object.fromEntries([...Object.entries(members), [change.name, written(change.value)]]),
			};
		case "text":
			return { ...example, raw: { text: change.text } };
		case "path": {
			// These would be another address.
			const isAddress = /^\.{1,2}$/.test(change.value);
			const [name] = Object.keys(example.path ?? {});
			return name === undefined || isAddress
				? example
				: { ...example, path: { ...example.path, [name]: change.value } };
		}
		case "query":
			return { ...example, query: { ...example.query, [change.name]: change.value } };
		case "header":
			return { ...example, headers: { ...headers, [change.name]: change.value } };
	}
}

test("every operation was sent its share, refused or not", () => {
	expect(sent).toHaveLength(runs * documentedOperations.length);
	const count = (from: number) => sent.filter(({ answer }) => Math.floor(answer.status / 100) === from).length;
	console.log(
		`seed ${seed}: ${sent.length} mutated requests of ${documentedOperations.length} operations, ${count(4)} refused`,
	);
	expect(count(2)).toBeGreaterThan(documentedOperations.length / 2);
	expect(count(4)).toBeGreaterThan(documentedOperations.length / 2);
});

test("no 5xx, and no status, content type or member that is not documented", () => {
	const surprises = sent.flatMap(({ row, mutation: of, answer }) => {
		const wrong = undocumented(row, answer);
		return wrong.length > 0 || answer.status >= 500 ? [{ name: row.name, of, status: answer.status, wrong }] : [];
	});
	expect(surprises).toEqual([]);
});

test("what was refused is refused again, and leaves what is stored byte for byte as it was", async () => {
	const refused = sent.filter(({ answer }) => answer.status >= 400);
	good(await call("GET", "/v1/installs")); // writes down which codes the ledgers say were redeemed
	// What waits for an endpoint where nobody is would be tried again meanwhile: given up, nothing of it is stored or rings.
	for (const { id } of await webhooksOf()) good(await call("PATCH", `/v1/webhooks/${id}`, { enabled: false }));
	const statuses: unknown[] = [];
	const changes = await changesBy(async () => {
		for (const { row, mutation: of, again } of refused) {
			const { status } = await again();
			if (status < 400 || status >= 500) statuses.push({ name: row.name, of, status });
		}
	});
	expect(statuses).toEqual([]);
	expect(changes).toEqual([]);
}, 180_000);

test("none of them failed on our side", async () => {
	expect((await logged()).filter((line) => line.includes("failed"))).toEqual([]);
});
