import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Actor } from "../../../src/operations/actor.ts";
import { editCode } from "../../../src/operations/keys/change-code.ts";
import { createCode } from "../../../src/operations/keys/create-code.ts";
import { createKey } from "../../../src/operations/keys/create-key.ts";
import { createLink, editLink, setLinkEnabled } from "../../../src/operations/keys/links.ts";
import { editKey } from "../../../src/operations/keys/manage-key.ts";
import { createPolicy } from "../../../src/operations/keys/policies.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { newId } from "../../stores/builders.ts";
import { addAccount, addMember } from "../../stores/register-builders.ts";

// What was done to a key is noted in the write that copies it to the register: cut off after that, nothing is missing in the log.

const now = () => 1_800_000_000;
const { platform } = openPlatform(":memory:", { now });
const register = {
	...platform.register,
	addAudit: () => Promise.reject(new Error("The register cannot be reached any more")),
};
const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
const services = createServices(config, { ...platform, register }, { now, random: systemRandom, log: () => {} });

async function anActor(): Promise<Actor> {
	const { id: accountId } = await addAccount(platform.register);
	const { id: subject } = await addMember(platform.register, accountId, "admin");
	return { subject, accountId, permissions: ["keys:read", "keys:write", "events:read"], address: null };
}

async function aPolicyOf(actor: Actor): Promise<string> {
	const text = { name: newId(), description: "x", permissions: ["events:read"] } as const;
	const made = await createPolicy(text, newId(), actor, services);
	if (made.kind !== "written") throw new Error(made.kind);
	return made.policy.id;
}

async function logOf({ accountId }: Actor): Promise<readonly string[]> {
	const filter = { actor: null, action: null, target: null, from: null, to: null };
	const { rows: entries } = await platform.auditLog.search(accountId, filter, null, 100);
	return entries
		.map(({ action }) => action)
		.filter((action) => !action.endsWith(".create") || action === "link.create");
}

test("whatever is done to a key, a code or a link is in the log of whom it is for, in one write with the copy", async () => {
	const [owner, linker] = [await anActor(), await anActor()];
	const made = await createKey({ name: newId(), tags: [], policies: [], type: "standard" }, newId(), owner, services);
	if (made.kind !== "created") throw new Error(made.kind);
	const { id } = made.key.row;
	const code = await createCode({ keyId: id, description: "x" }, newId(), owner, services);
	if (code.kind !== "created") throw new Error(code.kind);
	const policies = [await aPolicyOf(owner)];

	await editKey(id, () => ({ policies, enabled: false }), owner, services);
	await editKey(id, () => ({ policies, enabled: true }), owner, services);
	await editCode({ keyId: id, codeId: code.code.id }, () => ({ enabled: false }), owner, services);
	expect((await logOf(owner)).toSorted()).toEqual([
		"access_code.disable",
		"key.disable",
		"key.edit_policies",
		"key.enable",
	]);

	const [first, second] = [await aPolicyOf(linker), await aPolicyOf(linker)];
	await createLink({ keyId: id, policies: [first] }, linker, services);
	await createLink({ keyId: id, policies: [first] }, linker, services);
	await editLink(id, () => ({ policies: [second], enabled: false }), linker, services);
	await setLinkEnabled({ keyId: id, accountId: linker.accountId }, false, owner, services);
	const both = ["link.create", "link.disable", "link.disable"];
	expect((await logOf(linker)).toSorted()).toEqual([...both, "link.edit_policies"]);
	expect((await logOf(owner)).filter((action) => action.startsWith("link.")).toSorted()).toEqual(both);
});
