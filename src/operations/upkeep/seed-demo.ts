import { visibleCode } from "../../crypto/access-code.ts";
import { changeKey } from "../keys/change-key.ts";
import { sealSecret } from "../keys/create-code.ts";
import { makeDemoData } from "./demo-data.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Fills an empty register with the demonstration data. What has been seeded stays as people have changed it. */
export async function seedDemo(services: Services): Promise<void> {
	const { ledgers, register } = portsOf(services);
	const { passwords, serverKeys, now } = services;
	const demo = await makeDemoData(serverKeys);
	const { acme, globex } = demo.accounts;
	// Everything of the register goes in at once, so one row tells of all.
	if (await register.account(acme)) return;

	const standing = { state: "active", notBefore: 0 } as const;
	const people = [];
	for (const { id, username, name, password, profile } of demo.people) {
		// One after the other: no more than two hashes may run at once.
		const passwordHash = await passwords.hash(password);
		if (passwordHash === null) throw new Error("The demonstration data could not be made: too many passwords at once");
		// Ada runs the demonstration, as whoever sets a deployment up does.
		const operator = username === "ada" ? ({ isOperator: true } as const) : {};
		people.push({ id, username, name, passwordHash, profile, ...operator, ...standing });
	}
	const { apiKey, policyId } = demo;
	const create = { kind: "create", ownerId: acme, policies: [policyId] } as const;
	const keyLedger = ledgers.of(apiKey.id);
	await keyLedger.changeKey(create);
	await keyLedger.changeKey({ kind: "add_code", id: apiKey.codeId, hash: apiKey.codeHash });
	const place = { accountId: acme, keyId: apiKey.id, codeId: apiKey.codeId };
	const sealedSecret = await sealSecret(apiKey.accessCode, place, services);
	await register.add({
		accounts: [
			{ id: acme, slug: "acme", name: "Acme", ...standing },
			{ id: globex, slug: "globex", name: "Globex", ...standing },
		],
		people,
		memberships: demo.people.flatMap(({ id, roles }) =>
			Object.entries(roles).map(([slug, role]) => ({
				personId: id,
				accountId: slug === "acme" ? acme : globex,
				role,
				...standing,
			})),
		),
		clients: [demo.integration.client, demo.webApp.client, demo.nativeApp.client],
		environments: demo.environments.map((each) => ({ ...each, accountId: acme, keyVersion: 1, enabled: true })),
		policies: [
			{
				id: policyId,
				accountId: acme,
				name: "Read events",
				description: "Search events and see the environments that they come from.",
				permissions: ["environments:read", "events:read"],
			},
		],
		apiKeys: [{ id: apiKey.id, accountId: acme, name: "Nightly report", tags: ["demo"], createdAt: now() }],
		accessCodes: [
			{
				id: apiKey.codeId,
				keyId: apiKey.id,
				description: "The report's server",
				sealedSecret,
				visible: visibleCode(apiKey.accessCode),
			},
		],
	});
	// Changes nothing any more, and copies the verdict to the rows that are there now.
	await changeKey(apiKey.id, create, services);
}
