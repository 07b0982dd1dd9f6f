import { dictionary } from "@zxcvbn-ts/language-common";
import { expect, test } from "vitest";
import { commonPasswords } from "../../src/domain/common-passwords.ts";
import { judgeNewPassword, minPasswordLength } from "../../src/domain/new-password.ts";

// src/domain/common-passwords.ts is made of a package that is kept up: `npx vitest run --project portable common-passwords -u`
// writes it anew. What is too short for a password here is left out, which is nearly all of it.

const listed = dictionary["passwords-common"].filter((each) => each.length >= minPasswordLength).toSorted();

test("the list is the package's, without what is too short anyway", async () => {
	expect(listed.length).toBeGreaterThan(250);
	await expect(`${head}${lines(listed)}\`;\n`).toMatchFileSnapshot("../../src/domain/common-passwords.ts");
	expect(commonPasswords.split(/\s/)).toEqual(listed);
});

test("NIST SP 800-63B §3.1.1.2: nothing that is listed can be chosen, in capitals neither", () => {
	for (const each of listed) {
		expect([each, judgeNewPassword(each, [])]).toEqual([each, "common"]);
		expect(judgeNewPassword(each.toUpperCase(), [])).toBe("common");
	}
});

const head = `/**
 * The most common passwords of 12 characters and more, of @zxcvbn-ts/language-common. Made by
 * test/unit/common-passwords.test.ts.
 */
export const commonPasswords = \`\\
`;

function lines(words: readonly string[]): string {
	const width = 120;
	let line = "";
	const all: string[] = [];
	for (const word of words) {
		if (line.length + word.length >= width) {
			all.push(line);
			line = "";
		}
		line += line === "" ? word : ` ${word}`;
	}
	return [...all, line].join("\n");
}
