import { describe, expect, test } from "vitest";
import { cursorBinding, isNarrowed, type ListShape } from "../../../src/domain/list-query.ts";
import { listParameters, readListQuery } from "../../../src/http/list-query.ts";

const shape = {
	list: "things",
	rows: ["thing", "things"],
	search: "Things by name.",
	filters: {
		state: { kind: "choice", label: "State", doc: "Its state.", choices: { on: "Enabled", off: "Disabled" } },
		tag: { kind: "text", label: "Tag", doc: "A tag.", example: "metrics" },
		used_before: { kind: "time", label: "Not used since", doc: "When." },
		never_used: { kind: "flag", label: "Never used", doc: "Whether." },
	},
	sorts: { name: "Name", "-created": "Newest first" },
} as const satisfies ListShape;

function read(query: string) {
	return readListQuery(shape, new Map(new URLSearchParams(query)));
}

const nothing = { q: null, filters: { state: null, tag: null, used_before: null, never_used: null }, sort: null };

describe("what is asked of a list", () => {
	test.each([
		["", nothing],
		["q=%20Metrics%20", { ...nothing, q: "Metrics" }],
		["state=off&sort=-created", { ...nothing, filters: { ...nothing.filters, state: "off" }, sort: "-created" }],
		["used_before=1970-01-02T00:00:01Z", { ...nothing, filters: { ...nothing.filters, used_before: 86_401 } }],
		["never_used=true&tag=a", { ...nothing, filters: { ...nothing.filters, never_used: true, tag: "a" } }],
	])("%j is read", (query, asked) => {
		expect(read(query)).toEqual({ ok: true, asked });
	});

	test.each([
		["state", "state=constructor"],
		["state", "state="],
		["sort", "sort=-name"],
		["used_before", "used_before=2026-02-30T00:00:00Z"],
		["used_before", "used_before=2026-01-31"],
		["used_before", "used_before=2026-01-31T08:00:00%2B02:00"],
		["never_used", "never_used=1"],
		["q", `q=${"x".repeat(201)}`],
		["q", "q=%20"],
		["tag", "tag=a%00b"],
	])("%s is refused by name: %j", (name, query) => {
		expect(read(query)).toMatchObject({ ok: false, errors: { [name]: expect.any(String) } });
	});

	test("is documented by the parameters that are read, and by no other", () => {
		const names = ["q", "state", "tag", "used_before", "never_used", "sort"];
		expect(Object.keys(listParameters(shape))).toEqual(names);
		expect(listParameters(shape).state).toMatchObject({ schema: { enum: ["on", "off"] } });
		expect(listParameters({ ...shape, search: null, sorts: { name: "Name" } })).not.toHaveProperty("q");
		expect(listParameters({ ...shape, search: null, sorts: { name: "Name" } })).not.toHaveProperty("sort");
	});

	test("binds a cursor to the list, whose it is, its search, filters and order", () => {
		const queries = ["", "q=a", "tag=a", "state=on", "sort=-created", "sort=name"];
		const bindings = queries.flatMap((query) => {
			const asked = read(query);
			return asked.ok ? ["a", "b"].map((owner) => cursorBinding(shape, owner, asked.asked)) : [];
		});
		expect(new Set(bindings)).toHaveLength(queries.length * 2);
	});

	test("is narrowed by a search or a filter, and not by an order", () => {
		const narrowed = ["q=a", "never_used=true", "sort=-created"].map((query) => {
			const asked = read(query);
			return asked.ok && isNarrowed(asked.asked);
		});
		expect(narrowed).toEqual([true, true, false]);
	});
});
