import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Sealed } from "../../../src/domain/brands.ts";
import type { RemoteLedger } from "../../../src/domain/ports/ledgers.ts";
import type { Platform } from "../../../src/domain/ports/platform.ts";
import type { Person } from "../../../src/domain/person.ts";
import type { SignInProvider } from "../../../src/domain/sign-in-provider.ts";
import { subjectId } from "../../../src/domain/subject.ts";
import { unlinkProvider } from "../../../src/operations/people/my-providers.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

// A provider that is unlinked goes from the register, and what it opened from the person's ledger: it may be cut off between the two.

const now = () => 1_800_000_000;
const id = subjectId({ kind: "person", home: "any", id: "A".repeat(22) });
const standing = { state: "active", notBefore: 0, isOperator: true } as const;
const ada: Person = { id, username: "ada", name: "Ada", passwordHash: "hash", ...standing };
const provider: SignInProvider = {
	id: "P".repeat(22),
	accountId: null,
	kind: "oidc",
	issuer: "https://id.example",
	clientId: "latchkey",
	name: "Work",
	sealedSecret: "sealed" as Sealed,
	tokenAuth: "client_secret_basic",
	scopes: ["openid"],
	groupsClaim: null,
	groupRoles: [],
	justInTime: false,
	defaultRole: null,
	admits: "domains",
	only: false,
	trustsAmr: false,
	state: "on",
};

/** Somebody who is linked, signed in through the provider in one browser and by themselves in another; one listing of these fails. */
async function stage(failing: number) {
	const { platform } = openPlatform(":memory:", { now });
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	let left = failing;
	const ledgers: Platform["ledgers"] = {
		...platform.ledgers,
		of(subject) {
			const ledger: RemoteLedger = platform.ledgers.of(subject);
			const listSignIns: RemoteLedger["listSignIns"] = async (page) => {
				if (left-- === 0) throw new Error("The ledger is locked");
				return ledger.listSignIns(page);
			};
			return new Proxy(ledger, {
				get: (_, verb: keyof RemoteLedger) => (verb === "listSignIns" ? listSignIns : ledger[verb].bind(ledger)),
			});
		},
	};
	const services = createServices(config, { ...platform, ledgers }, { now, random: systemRandom, log: () => {} });
	await platform.register.add({ people: [ada] });
	const entry = {
		at: now(),
		accountId: null,
		actor: id,
		action: "sign_in_provider.add",
		target: "",
		address: null,
		detail: {},
	};
	expect(await platform.signInProviders.add(provider, { kind: "operator", id }, entry)).toBe("added");
	const identity = { providerId: provider.id, subject: "248289", personId: id, linkedAt: now(), lastUsedAt: null };
	expect(await platform.signInProviders.link(identity, [])).toBe("linked");
	const from = { address: null, browser: "" };
	await platform.ledgers.of(id).openSignIn({ id: "mine", hash: "hash" as never, from });
	await platform.ledgers.of(id).openSignIn({ id: "theirs", hash: "hash" as never, through: provider.id, from });
	return {
		unlink: () => unlinkProvider({ provider }, ada, null, services),
		isLinked: async () => (await platform.signInProviders.identitiesOf(id)).length > 0,
		open: async () => (await platform.ledgers.of(id).listSignIns({ after: "", limit: 9 })).map((each) => each.id),
	};
}

test("unlinking that is cut off before it is done changes nothing, and the same request does all of it", async () => {
	const { unlink, isLinked, open } = await stage(0);
	await expect(unlink()).rejects.toThrow("locked");
	expect([await isLinked(), await open()]).toEqual([true, ["mine", "theirs"]]);
	expect(await unlink()).toBe("unlinked");
	expect([await isLinked(), await open()]).toEqual([false, ["mine"]]);
});

test("unlinking that is cut off after it is done leaves nobody signed in through the provider", async () => {
	const { unlink, isLinked, open } = await stage(1);
	await expect(unlink()).rejects.toThrow("locked");
	expect([await isLinked(), await open()]).toEqual([false, ["mine"]]);
	expect(await unlink()).toBe("unknown");
});
