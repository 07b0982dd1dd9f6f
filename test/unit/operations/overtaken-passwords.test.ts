import { beforeEach, describe, expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { randomId, systemRandom } from "../../../src/crypto/random.ts";
import type { Sealed } from "../../../src/domain/brands.ts";
import type { RemoteLedger } from "../../../src/domain/ports/ledgers.ts";
import type { Platform } from "../../../src/domain/ports/platform.ts";
import type { Passkey } from "../../../src/domain/passkey.ts";
import { subjectId } from "../../../src/domain/subject.ts";
import type { Services } from "../../../src/operations/services.ts";
import { invite } from "../../../src/operations/people/invitations.ts";
import { heldInvitation, joinAsNew } from "../../../src/operations/people/join.ts";
import { signIn } from "../../../src/operations/people/sign-in.ts";
import { login } from "../../../src/operations/tokens/login.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

// What happens between two steps of a request, where a test from outside could only hope for it.

const now = () => 1_800_000_000;
const accountId = "account";
const standing = { state: "active", notBefore: 0 } as const;
const ada = subjectId({ kind: "person", home: "any", id: "A".repeat(22) });

let platform: Platform;
let services: Services;
/** Once, before the next verb of Ada's ledger. */
let meanwhile: (() => Promise<unknown>) | null = null;
let isBusy = false;

beforeEach(async () => {
	isBusy = false;
	({ platform } = openPlatform(":memory:", { now }));
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	const ledgers: Platform["ledgers"] = {
		...platform.ledgers,
		of: (subject) =>
			new Proxy(platform.ledgers.of(subject), {
				get:
					(ledger, verb: string | symbol) =>
					async (...args: never[]) => {
						const first = meanwhile;
						meanwhile = null;
						await first?.();
						return (ledger[verb as keyof RemoteLedger] as (...given: never[]) => unknown)(...args);
					},
			}),
	};
	const made = createServices(config, { ...platform, ledgers }, { now, random: systemRandom, log: () => {} });
	services = {
		...made,
		passwords: {
			...made.passwords,
			verify: async (password, stored) => password === stored,
			hash: async (password) => (isBusy ? null : password),
		},
	};
	await platform.register.add({
		accounts: [{ id: accountId, slug: "acme", name: "Acme", ...standing }],
		people: [{ id: ada, username: "ada", name: "Ada", passwordHash: "old", ...standing }],
		memberships: [{ personId: ada, accountId, role: "admin", ...standing }],
	});
});

const passkey: Passkey = {
	id: "P".repeat(22),
	personId: ada,
	credentialId: "credential",
	key: { alg: "EdDSA", kty: "OKP", crv: "Ed25519", x: "" },
	signCount: 0,
	isSynced: false,
	transports: [],
	name: "Phone",
	createdAt: 1,
	lastUsedAt: null,
};
const removed = async () => {
	await platform.passkeys.add(passkey, []);
	expect(await platform.people.removePassword(ada, "old", [])).toBe("removed");
};
const changed = () => platform.people.setPassword(ada, { from: "old", to: "new" }, []);
const page = { after: "", limit: 10 };

describe.each([
	["changed", () => changed()],
	["removed", () => removed()],
])("a password that is %s while somebody comes in with the old one", (_, overtake) => {
	const given = { username: "ada", password: "old", address: null };

	test("opens no sign-in, and leaves none behind", async () => {
		const browser = { ...given, browser: "Firefox", kept: [], cookie: null };
		expect((await signIn(browser, services)).kind).toBe("signed_in");
		meanwhile = overtake;
		expect((await signIn(browser, services)).kind).toBe("wrong");
		expect(await platform.ledgers.of(ada).listSignIns(page)).toHaveLength(1);
	});

	test("nor where one-time codes are turned on meanwhile: it would be one by the password alone", async () => {
		const browser = { ...given, browser: "Firefox", kept: [], cookie: null };
		const codes = { sealedSecret: "sealed" as Sealed, lastStep: 1, at: now(), password: "old" };
		meanwhile = () => platform.oneTimeCodes.turnOn(ada, codes, []);
		expect((await signIn(browser, services)).kind).toBe("wrong");
		expect(await platform.ledgers.of(ada).listSignIns(page)).toEqual([]);
		expect((await signIn(browser, services)).kind).toBe("second_factor");
	});

	test("opens no session, and leaves none behind", async () => {
		const { username, password, address } = given;
		const credential = { kind: "password", username, password, otp: null } as const;
		const request = { credential, account: null, resource: null, sessionId: "", minTtl: 0, address };
		meanwhile = overtake;
		expect(await login(request, services)).toEqual({ kind: "refused", reason: "wrong_password" });
		expect(await platform.ledgers.of(ada).listSessions({ all: true, ...page })).toEqual([]);
	});
});

test("whoever joins while no password can be hashed is not made, and the invitation stays open", async () => {
	const actor = { subject: ada, accountId, permissions: [] as never, address: null };
	const draft = { role: "member", note: "", email: null } as const;
	const invited = await invite(draft, randomId(systemRandom), actor, services);
	const token = invited.kind === "invited" ? (invited.url.split("/").at(-1) ?? "") : "";
	const wayIn = { kind: "password", password: "what nobody would guess" } as const;
	const bob = { username: "bob", name: "Bob", wayIn };
	const join = async () => {
		const held = await heldInvitation(token, services);
		return (
			held && joinAsNew(held, bob, { cookie: null, browser: { address: null, browser: "Firefox", kept: [] } }, services)
		);
	};
	isBusy = true;
	expect(await join()).toEqual({ kind: "busy" });
	expect(await platform.register.personByUsername("bob")).toBeNull();
	isBusy = false;
	expect((await join())?.kind).toBe("accepted");
	expect((await join())?.kind).toBe("closed");
});
