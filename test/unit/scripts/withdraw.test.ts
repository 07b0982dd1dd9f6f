import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

function withdraw(...words: readonly string[]): string {
	const env = { ...process.env, SETUP_SECRET: "", SEAL_KEYS: "" };
	return spawnSync(process.execPath, ["scripts/withdraw.ts", ...words], { env, encoding: "utf8" }).stderr;
}

test("a signing key's id may begin as an option does", () => {
	expect(withdraw("signing", "-kZ3", "--at", "https://keys.acme.example")).toContain("SETUP_SECRET has to be set");
});

test("seal keys that are not set are said to be that", () => {
	expect(withdraw("seal", "1")).toContain("SEAL_KEYS has to be set here");
});

test.each([[["signing"]], [["signing", "k"]], [["everything", "k"]]])("%j is told how it is said", (words) => {
	expect(withdraw(...words)).toContain("npm run withdraw -- signing <kid>|all --at <issuer>");
});
