import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { actionWords } from "../../src/pages/account/audit-words.ts";

test.each([
	["sign_in.open", { did: "signed in", what: "", isOnSelf: true }],
	["key.create", { did: "created", what: "API key", isOnSelf: false }],
	["access_code.reveal", { did: "looked at the secret of", what: "access code", isOnSelf: false }],
	["environment.rotate_key", { did: "replaced the public key of environment", what: "", isOnSelf: false }],
	// What nobody has given words yet is said by its own.
	["change_event.be_odd", { did: "be odd", what: "change event", isOnSelf: false }],
	["constructor.toString", { did: "toString", what: "constructor", isOnSelf: false }],
])("%s", (action, words) => {
	expect(actionWords(action)).toEqual(words);
});

test("every action that is noted has words of what was done", () => {
	const noted = globSync("src/**/*.ts").flatMap((file) =>
		[...readFileSync(file, "utf8").matchAll(/action: "(\w+\.\w+)"/g)].map(([, action = ""]) => action),
	);
	expect(noted).toContain("account_domain.verify");
	// The verb itself is told only where it is one of what was done, such as in `link.ended`.
	const untold = noted.filter((action) => {
		const verb = action.split(".")[1]?.replaceAll("_", " ");
		return actionWords(action).did === verb && !verb.endsWith("ed");
	});
	expect(untold).toEqual([]);
});
