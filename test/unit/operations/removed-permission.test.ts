import { expect, test } from "vitest";
import { readConfig } from "../../../src/config.ts";
import { makeAccessCode } from "../../../src/crypto/access-code.ts";
import { randomId, systemRandom } from "../../../src/crypto/random.ts";
import { subjectId } from "../../../src/domain/subject.ts";
import { findApiKey, locatorOf } from "../../../src/operations/checks/api-key-locator.ts";
import { verifyKey } from "../../../src/operations/checks/service-binding.ts";
import { createPolicy, editPolicy, findPolicy } from "../../../src/operations/keys/policies.ts";
import { roles } from "../../../src/domain/permission.ts";
import { editApi } from "../../../src/operations/apis/apis.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { newId } from "../../stores/builders.ts";
import { addAccount, addApi, addMember } from "../../stores/register-builders.ts";

let now = 1_800_000_000;
const clock = { now: () => now };
const { platform } = openPlatform(":memory:", clock);
const variables = { ISSUER: "https://auth.example", SEAL_KEYS: `1:${"A".repeat(43)}` };
const isolate = () =>
	createServices(readConfig(variables), platform, { ...clock, random: systemRandom, log: () => {} });

test("DESIGN §4.9: a permission that was removed at one isolate is refused there at once, at another within 30 s", async () => {
	const [here, elsewhere] = [isolate(), isolate()];
	const { id: accountId, slug } = await addAccount(platform.register);
	const { id: subject } = await addMember(platform.register, accountId, "admin");
	const [apiId, policyId] = [newId(), newId()];
	const keyId = subjectId({ kind: "key", home: "any", id: randomId(systemRandom) });
	const permission = { name: "orders:write", title: "Write", description: "", members: false, selfRegistered: false };
	const identifier = "https://orders.example/v1";
	const text = { identifier, name: "Orders", description: "" };
	await platform.register.add({
		apis: [{ id: apiId, accountId, ...text, permissions: [permission], tokenTtl: null, algorithm: null, servers: [] }],
		policies: [{ id: policyId, accountId, name: "Orders", description: "", permissions: [permission.name] }],
		apiKeys: [{ id: keyId, accountId, name: "Key", tags: [], createdAt: now }],
	});
	const secret = await makeAccessCode(locatorOf(keyId), here.serverKeys, systemRandom);
	const found = await findApiKey(secret, here.serverKeys);
	const ledger = platform.ledgers.of(keyId);
	await ledger.changeKey({ kind: "create", ownerId: accountId, policies: [policyId] });
	await ledger.changeKey({ kind: "add_code", id: newId(), hash: found?.hash ?? ("" as never) });
	const permitted = async (services: typeof here) => {
		const verdict = await verifyKey(secret, { account: slug, resource: identifier }, services);
		return verdict.valid ? verdict.permissions : verdict.reason;
	};
	expect([await permitted(here), await permitted(elsewhere)]).toEqual([[permission.name], [permission.name]]);

	const how = { isForced: true, edit: () => ({ permissions: [] }) };
	expect(await editApi(apiId, how, { subject, accountId, address: null }, here)).toMatchObject({ kind: "written" });
	expect([await permitted(here), await permitted(elsewhere)]).toEqual([[], [permission.name]]);
	now += 30;
	expect(await permitted(elsewhere)).toEqual([]);
});

test("DESIGN §2.2: a permission removed between the judgment of an edit and its write does not come in", async () => {
	const services = isolate();
	const { id: accountId } = await addAccount(platform.register);
	const { id: subject } = await addMember(platform.register, accountId, "admin");
	const name = await addApi(platform.register, accountId);
	const [api] = await platform.apis.openTo(accountId);
	const actor = { subject, accountId, permissions: roles.admin, gives: { role: "admin" }, address: null } as const;
	const text = { name: "Events", description: "Events", permissions: ["events:read"] };
	const made = await createPolicy(text, newId(), actor, services);
	if (made.kind !== "written") throw new Error(made.kind);
	const how = { isForced: true, edit: () => ({ permissions: [] }) };
	const edit = async () => {
		expect(await editApi(api?.id ?? "", how, actor, services)).toMatchObject({ kind: "written" });
		return { permissions: ["events:read", name] };
	};
	const edited = await editPolicy(made.policy.id, edit, actor, services);
	expect(edited).toEqual({ kind: "unknown_permission", permission: name });
	expect(await findPolicy(made.policy.id, accountId, services)).toMatchObject({ permissions: ["events:read"] });
});
