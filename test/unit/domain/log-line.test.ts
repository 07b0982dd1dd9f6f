import fc from "fast-check";
import { expect, test } from "vitest";
import { logLine, thrown } from "../../../src/domain/log-line.ts";

const at = new Date(0);
const said = (text: string) => (JSON.parse(logLine(at, "x", { text })) as { text: string }).text;

test("a line is JSON of what it was given, and when", () => {
	const line = logLine(at, "token.refused", { client: "c", count: 2, right: false, none: null });
	expect(line).not.toContain("\n");
	expect(JSON.parse(line)).toEqual({
		at: "1970-01-01T00:00:00.000Z",
		event: "token.refused",
		client: "c",
		count: 2,
		right: false,
		none: null,
	});
});

const random = "AQBAnUcP6jrpUtM6Q6fcnJg4IH7wFNkTkDx9wbQdyjWwH6nafLuogML7S57rByGJ";
const hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const secrets = [
	...["lk_", "lkcs_", "lkrt_", "lkc_", "lkd_", "lkr_", "lks_", "lkb_"].map((prefix) => prefix + random),
	...["lk_", "lkcs_", "lkd_", "lkb_"].map((prefix) => prefix + random.slice(0, 12)),
	`eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.${random}`,
	`eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.`,
	random,
	hex,
	hex.toUpperCase(),
	btoa(random),
	"ada@example.com",
];

test.each(secrets)("%s is left out, wherever it stands", (secret) => {
	for (const text of [
		secret,
		`a ${secret} b`,
		`x=${secret}&y`,
		`/v1/${secret}/x`,
		`(${secret})`,
		`${secret}\n${secret}`,
	]) {
		expect(said(text)).not.toContain(secret);
		expect(said(text)).not.toContain(secret.slice(-11));
	}
});

test.each([
	"https://a.example/b?code=hunter2",
	"/v1/keys?apiKey=hunter2",
	"Basic hunter2",
	"bearer   hunter2",
	"password=hunter2",
	"client_secret: hunter2",
	'unexpected "hunter2 and more" at 3',
	"no column 'hunter2' there",
])("of %s what it says of somebody's is left out", (text) => {
	expect(said(text)).not.toContain("hunter2");
	expect(said(text)).toContain("…");
});

test.each([
	"code_replayed",
	"D1_ERROR: UNIQUE constraint failed: people.username: SQLITE_CONSTRAINT",
	"key_any_QJ1HD-o66VLTOkOn3JyYOA",
	"lkid_AQs2CQqNtRAa1HH0ZFVXe9pe-E0WUzezMkbuJ3NhstxI",
	"3f1d2a52-9f0e-4a8e-9e5e-0d6a2c1b7f11",
	"/v1/keys/:id/codes/:codeId",
])("%s is for the operator to read", (text) => {
	expect(said(text)).toBe(text);
});

test("a text has an end", () => {
	expect(said("ab ".repeat(10_000)).length).toBeLessThan(400);
});

test("an exception is its name and its text, without what it quotes", () => {
	const failed = (() => {
		try {
			return JSON.parse("hunter2 is a password");
		} catch (error) {
			return error;
		}
	})();
	const line = logLine(at, "request.failed", thrown(failed));
	expect(JSON.parse(line)).toMatchObject({
		error: "SyntaxError",
		message: expect.stringContaining("Unexpected token"),
	});
	expect(line).not.toContain("hunter2");
	expect(thrown("a text")).toEqual({ error: "unknown", message: "a text" });
});

test("a short text is looked through as a long one is", () => {
	const parts = [
		"lk",
		"_",
		"lkrt_",
		"abcdefgh",
		".",
		"Bearer",
		"code",
		"=",
		":",
		"?",
		"@",
		'"',
		"'",
		"`",
		"“",
		" ",
		"/",
		"-",
		"x",
	];
	const text = fc.oneof(
		fc.array(fc.constantFrom(...parts), { maxLength: 12 }),
		fc.array(fc.string(), { maxLength: 5 }),
	);
	fc.assert(
		fc.property(text, (pieces) => {
			const short = pieces.join("");
			const margin = " ".repeat(60);
			expect(said(margin + short)).toBe(margin + said(short));
		}),
		{ numRuns: 2000 },
	);
});
