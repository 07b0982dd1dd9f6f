import { decode, encode, type TxtAnswer } from "dns-packet";
import { describe, expect, test } from "vitest";
import { txtAnswers, txtQuery } from "../../../src/domain/dns.ts";

const name = "_latchkey.acme.example";

function answer(texts: readonly (string | readonly string[])[], more: object = {}): Uint8Array {
	const answers = texts.map((data): TxtAnswer => ({ type: "TXT", class: "IN", name, ttl: 60, data: data as string[] }));
	const questions = [{ type: "TXT", class: "IN", name }] as const;
	return encode({ type: "response", id: 0, questions: [...questions], answers, ...more });
}

describe("DNS over HTTPS", () => {
	test("RFC 8484 §4.1, RFC 1035 §4.1.2: one question for TXT, with the id 0", () => {
		expect(decode(Buffer.from(txtQuery(name)))).toMatchObject({
			id: 0,
			type: "query",
			flag_rd: true,
			questions: [{ name, type: "TXT", class: "IN" }],
		});
	});

	test("RFC 1035 §3.3.14: the strings of a record are one text", () => {
		expect(txtAnswers(answer(["one", ["two ", "halves"], ""]))).toEqual(["one", "two halves", ""]);
	});

	test("an alias stands before what it leads to, and other records say nothing", () => {
		const answers = [
			{ type: "CNAME", name, ttl: 1, data: "other.example" },
			{ type: "TXT", name: "other.example", ttl: 1, data: ["there"] },
			{ type: "A", name: "other.example", ttl: 1, data: "192.0.2.1" },
		];
		expect(txtAnswers(answer([], { answers }))).toEqual(["there"]);
	});

	test("RFC 1035 §4.1.1: a name that is not there has none; an error, and a question, are no answer", () => {
		expect(txtAnswers(answer([], { flags: 3 }))).toEqual([]);
		for (const flags of [1, 2, 5]) expect(txtAnswers(answer(["x"], { flags }))).toBeNull();
		expect(txtAnswers(txtQuery(name))).toBeNull();
	});

	test("what ends before it should, wherever that is, is no answer", () => {
		const whole = answer(["one", "two"]);
		for (let length = 0; length < whole.length; length++) expect(txtAnswers(whole.subarray(0, length))).toBeNull();
		expect(txtAnswers(whole)).toEqual(["one", "two"]);
	});

	test("a name that points to itself does not hold anybody up", () => {
		const message = answer(["x"]);
		// The answer's name, a pointer already, now points to where it stands.
		const at = message.lastIndexOf(0xc0);
		message[at + 1] = at;
		expect(txtAnswers(message)).toEqual(["x"]);
	});
});
