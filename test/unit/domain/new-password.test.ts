import { describe, expect, test } from "vitest";
import { judgeNewPassword } from "../../../src/domain/new-password.ts";

const own = ["latchkey", "password", "keys", "acme", "Acme Rockets", "ada", "Ada Lovelace"];

function judge(password: string) {
	return judgeNewPassword(password, own);
}

describe("NIST SP 800-63B §3.1.1.2: what a new password has to be", () => {
	test.each([
		"correct horse battery staple",
		"plum tree 17",
		"        x       y z",
		"дерево у реки",
		"acme has 3 odd socks",
		"not-my-password-1",
		"aaa bbb ccc ddd",
	])("%j is one: no sign, digit or capital is asked for", (password) => {
		expect(judge(password)).toBe(null);
	});

	test("the length is that of the characters that it stands for (NFKC), and its bound that of what is sent", () => {
		expect(judge("plum tree 1")).toBe("length");
		// One letter and its accent are one character, and so is what takes two units.
		expect(judge("plum tree e\u0301")).toBe("length");
		expect(judge("plum tree 🗝🗝")).toBe(null);
		expect(judge("plum tree 🗝")).toBe("length");
		expect(judge("x".repeat(1025))).toBe("length");
		expect(judge(`plum tree ${"x".repeat(1014)}`)).toBe(null);
	});

	test.each([
		["qwerty123456", "listed"],
		["QWERTY123456", "in capitals"],
		["\uff51\uff57\uff45\uff52\uff54\uff59\uff11\uff12\uff13\uff14\uff15\uff16", "in full width"],
		["aaaaaaaaaaaaaaaa", "one character"],
		["plumplumplumplum", "a repetition of too little"],
		["plumtreeplumtreepl", "the last time cut short"],
		["qwerty123456qwerty123456", "a repetition of what is listed"],
		["123456789012", "a row of digits"],
		["210987654321", "and back"],
		["abcdefghijklm", "letters in order"],
		["qwertyuiopas", "a row of keys"],
		["abc123def456", "some of each"],
		["111222333999", "some of one each"],
	])("%j is among the first that anybody tries: %s", (password) => {
		expect(judge(password)).toBe("common");
	});

	test.each([
		"Password2026!",
		"acmerockets1",
		"AcmeAcme2026",
		"ada.lovelace",
		"latchkey-2026",
		"Acme Rockets 123456789",
		"ada-lovelace-acme-keys",
		"acme!!!!????",
	])("%j is little more than names that whoever guesses knows", (password) => {
		expect(judge(password)).toBe("own_words");
	});

	test("a name of one or two letters stands in too much to say anything", () => {
		expect(judgeNewPassword("plum tree 17", ["p", "tr", "lu", ""])).toBe(null);
	});
});
