import { developmentSealKey } from "../../src/config.ts";
import { createServerKeys, parseMasterSecrets } from "../../src/crypto/server-keys.ts";
import { type DemoClient, makeDemoData } from "../../src/operations/upkeep/demo-data.ts";

const secrets = parseMasterSecrets(`1:${developmentSealKey}`);
if (typeof secrets === "string") throw new Error(secrets);
const data = await makeDemoData(createServerKeys(secrets));

/** The demonstration data as those outside know it: ids, secrets and passwords. */
export const demo = {
	integration: outside(data.integration),
	webApp: outside(data.webApp),
	nativeApp: outside(data.nativeApp),
	/** Belongs to one account. */
	ada: signInDetails("ada"),
	/** Belongs to two. */
	grace: signInDetails("grace"),
	accessCode: data.apiKey.accessCode as string,
	apiKey: { id: data.apiKey.id, codeId: data.apiKey.codeId },
	policyId: data.policyId,
	accounts: data.accounts,
};

function outside({ client, secret }: DemoClient) {
	const [redirectUri] = client.redirectUris;
	if (redirectUri === undefined) throw new Error(`${client.name} has no redirect URI`);
	const known: string = secret ?? "";
	return { id: client.id, secret: known, name: client.name, redirectUri };
}

function signInDetails(name: string) {
	const found = data.people.find((person) => person.username === name);
	if (!found) throw new Error(`The demonstration data has no ${name}`);
	return { username: found.username, password: found.password };
}
