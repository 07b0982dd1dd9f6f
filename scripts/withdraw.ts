// `npm run withdraw -- signing <kid> --at <issuer>`, or `signing all`: takes signing keys away from a deployment whose SETUP_SECRET
// is set here. `npm run withdraw -- seal <version>`: SEAL_KEYS without a version, of those that are set here. docs/recovery.md
// says when, and what ends with it.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { parseMasterSecrets } from "../src/crypto/server-keys.ts";

const usage = "npm run withdraw -- signing <kid>|all --at <issuer>, or: npm run withdraw -- seal <version>";
// The key's id is taken by its place: of base64url, one in 64 begins as an option does.
const [, , what, which, ...others] = process.argv;
try {
	const { values } = parseArgs({ args: others, options: { at: { type: "string" } } });
	if (which === undefined) throw new Error(usage);
	else if (what === "signing" && values.at !== undefined) await withdrawSigning(which, values.at.replace(/\/$/, ""));
	else if (what === "seal") withdrawSeal(Number(which));
	else throw new Error(usage);
} catch (error) {
	console.error(`withdraw: ${(error as Error).message}`);
	process.exitCode = 1;
}

async function withdrawSigning(kid: string, issuer: string): Promise<void> {
	const { SETUP_SECRET: secret } = process.env;
	if (!secret) throw new Error("SETUP_SECRET has to be set, here and at the deployment");
	const kids = kid === "all" ? await publishedKids(issuer) : [kid];
	for (const each of kids) {
		const headers = { authorization: `Bearer ${secret}` };
		const answer = await fetch(`${issuer}/v1/signing-keys/${each}`, { method: "DELETE", headers });
		if (answer.status !== 204) throw new Error(`${each}: ${answer.status} ${await answer.text()}`);
		console.log(`withdrawn: ${each}`);
	}
	const left = await publishedKids(issuer);
	if (kids.some((each) => left.includes(each))) throw new Error("The key set still has it: ask again in a minute");
	console.log(`published now: ${left.join(" ")}`);
}

async function publishedKids(issuer: string): Promise<readonly string[]> {
	const answer = await fetch(`${issuer}/.well-known/jwks.json`);
	const { keys } = JSON.parse(await answer.text()) as { keys: { kid: string }[] };
	return keys.map(({ kid }) => kid);
}

/** On stdout alone what SEAL_KEYS is to be, so that it can be read by a command. */
function withdrawSeal(version: number): void {
	const { SEAL_KEYS: text } = process.env;
	if (!text) throw new Error("SEAL_KEYS has to be set here, as the deployment has them");
	const secrets = parseMasterSecrets(text);
	if (typeof secrets === "string") throw new Error(`SEAL_KEYS ${secrets}`);
	if (!secrets.some((each) => each.version === version)) throw new Error(`SEAL_KEYS has no version ${version}`);
	const left = text
		.split(",")
		.map((each) => each.trim())
		.filter((each) => !each.startsWith(`${version}:`));
	const next = Math.max(...secrets.map((each) => each.version)) + 1;
	const isNewest = secrets[0]?.version === version;
	console.log([...(isNewest ? [`${next}:${randomBytes(32).toString("base64url")}`] : []), ...left].join(","));
}
