import { beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { toDraft } from "../../../src/domain/client-draft.ts";
import type { Permission } from "../../../src/domain/permission.ts";
import type { Actor } from "../../../src/operations/actor.ts";
import { createIntegration, editIntegration } from "../../../src/operations/clients/integrations.ts";
import { createKey } from "../../../src/operations/keys/create-key.ts";
import { editKey } from "../../../src/operations/keys/manage-key.ts";
import { createPolicy, editPolicy, findPolicy } from "../../../src/operations/keys/policies.ts";
import { renameAccount } from "../../../src/operations/people/account-settings.ts";
import { changeRole } from "../../../src/operations/people/people.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { newId } from "../../stores/builders.ts";
import { addAccount, addMember } from "../../stores/register-builders.ts";

// What others write between the judgment and the write: the judgment is made anew, of what they left.

const now = () => 1_800_000_000;
const { platform } = openPlatform(":memory:", { now });
const variables = { ISSUER: "https://auth.example", SEAL_KEYS: `1:${"A".repeat(43)}` };
const services = createServices(readConfig(variables), platform, { now, random: systemRandom, log: () => {} });

let boss: Actor;
let other: Actor;

const all: readonly Permission[] = ["keys:read", "keys:write", "keys:delete", "events:read", "integrations:write"];

beforeAll(async () => {
	const { id: accountId } = await addAccount(platform.register);
	const actor = async () => {
		const { id: subject } = await addMember(platform.register, accountId, "admin");
		return { subject, accountId, permissions: all, address: null };
	};
	[boss, other] = [await actor(), await actor()];
});

/** Says `edit`; the first time it is asked, somebody else writes before that. */
function after<Row, Changes>(
	others: () => Promise<unknown>,
	edit: (row: Row) => Changes,
): (row: Row) => Promise<Changes> {
	let isFirst = true;
	return async (row) => {
		if (isFirst) {
			isFirst = false;
			await others();
		}
		return edit(row);
	};
}

async function aPolicy(permissions: readonly Permission[]): Promise<string> {
	const made = await createPolicy({ name: newId(), description: "x", permissions }, newId(), boss, services);
	if (made.kind !== "written") throw new Error(made.kind);
	return made.policy.id;
}

async function aKey(wanted: Parameters<typeof createKey>[0]) {
	const made = await createKey(wanted, newId(), boss, services);
	if (made.kind !== "created") throw new Error(made.kind);
	return made.key.row.id;
}

async function actions(target: string): Promise<readonly string[]> {
	const filter = { actor: null, action: null, target, from: null, to: null };
	return (await platform.auditLog.search(boss.accountId, filter, null, 100)).rows.map(({ action }) => action);
}

describe("between the judgment and the write", () => {
	test("a policy is narrowed: an edit of its description leaves it so", async () => {
		const id = await aPolicy(["events:read", "keys:delete"]);
		const narrow = () => editPolicy(id, () => ({ permissions: ["events:read"] }), other, services);
		const edited = await editPolicy(
			id,
			after(narrow, () => ({ description: "New" })),
			boss,
			services,
		);
		expect(edited).toMatchObject({
			kind: "written",
			policy: { description: "New", permissions: ["events:read"], rev: 2 },
		});
		expect(await findPolicy(id, boss.accountId, services)).toMatchObject({ permissions: ["events:read"] });
	});

	test("a policy loses what the editor could not give: they cannot leave it in any more", async () => {
		const id = await aPolicy(["events:read", "keys:delete"]);
		const lesser = { ...other, permissions: ["keys:write", "events:read"] };
		const narrow = () => editPolicy(id, () => ({ permissions: ["events:read"] }), boss, services);
		const whole = { description: "New", permissions: ["events:read", "keys:delete"] } as const;
		const edit = after(narrow, () => whole);
		expect(await editPolicy(id, edit, lesser, services)).toEqual({
			kind: "beyond",
			permission: "keys:delete",
		});
		expect(await findPolicy(id, boss.accountId, services)).toMatchObject({ description: "x" });
	});

	test("a key loses a policy that the editor could not give: it does not come back, and their name for it stays", async () => {
		const [wide, narrow] = [await aPolicy(["keys:delete"]), await aPolicy(["events:read"])];
		const wanted = { name: newId(), tags: [], policies: [wide, narrow], type: "standard" } as const;
		const made = await createKey(wanted, newId(), boss, services);
		if (made.kind !== "created") throw new Error(made.kind);
		const { id } = made.key.row;
		const lesser = { ...other, permissions: ["keys:write", "events:read"] };
		const take = () => editKey(id, () => ({ policies: [narrow] }), boss, services);
		const edit = after(take, () => ({ policies: [wide, narrow] }));
		expect(await editKey(id, edit, lesser, services)).toEqual({ kind: "beyond", permission: "keys:delete" });
		expect((await platform.ledgers.of(id).readKey())?.policies).toEqual({ [boss.accountId]: [narrow] });
		expect((await actions(id)).filter((action) => action === "key.edit_policies")).toHaveLength(1);
	});

	test("a key's policies change: whoever had others before them is shown these, and their name for it does not stay", async () => {
		const [one, two] = [await aPolicy(["events:read"]), await aPolicy(["events:read"])];
		const wanted = { name: newId(), tags: [], policies: [], type: "standard" } as const;
		const made = await createKey(wanted, newId(), boss, services);
		if (made.kind !== "created") throw new Error(made.kind);
		const { id } = made.key.row;
		const give = (policy: string) => () => editKey(id, () => ({ policies: [policy] }), other, services);
		const seen = (policies: readonly string[], text: object) => (key: { verdict: { policies: object } }) => {
			const isSame = JSON.stringify(key.verdict.policies) === JSON.stringify({ [boss.accountId]: policies });
			return isSame ? { policies: [one, two], ...text } : ("stale" as const);
		};
		const shown = await editKey(id, after(give(one), seen([], {})), boss, services);
		expect(shown).toMatchObject({ kind: "stale", key: { verdict: { policies: { [boss.accountId]: [one] } } } });
		const name = newId();
		const named = await editKey(id, after(give(two), seen([one], { name })), boss, services);
		expect(named).toMatchObject({ kind: "stale", key: { row: { name: wanted.name } } });
		expect((await platform.keyRegister.key(id))?.name).toBe(wanted.name);
		expect((await platform.ledgers.of(id).readKey())?.policies).toEqual({ [boss.accountId]: [two] });
	});

	test("a key loses a policy while it is named and given others: who may not give that one names it no more", async () => {
		const [wide, narrow] = [await aPolicy(["keys:delete"]), await aPolicy(["events:read"])];
		const wanted = { name: newId(), tags: [], policies: [wide, narrow], type: "standard" } as const;
		const id = await aKey(wanted);
		const lesser = { ...other, permissions: ["keys:write", "events:read"] };
		const take = () => editKey(id, () => ({ policies: [narrow] }), boss, services);
		const edit = after(take, () => ({ name: newId(), policies: [wide] }));
		expect(await editKey(id, edit, lesser, services)).toEqual({ kind: "beyond", permission: "keys:delete" });
		expect((await platform.keyRegister.key(id))?.name).toBe(wanted.name);
	});

	test.each([{ enabled: true }, { enabled: true, tags: ["t"] }, { policies: [] }, { policies: [], enabled: true }])(
		"a key is disabled: %j of whoever wants it only as they read it is not written",
		async (changes) => {
			const id = await aKey({ name: newId(), tags: [], policies: [await aPolicy(["events:read"])], type: "standard" });
			const disable = () => editKey(id, () => ({ enabled: false }), other, services);
			const asRead = (key: { verdict: { rev: number } }) =>
				key.verdict.rev === 1 ? { ...changes, onlyAsRead: true } : ("stale" as const);
			expect(await editKey(id, after(disable, asRead), boss, services)).toMatchObject({ kind: "stale" });
			const verdict = await platform.ledgers.of(id).readKey();
			expect(verdict).toMatchObject({ state: "disabled", rev: 2 });
			expect((await platform.keyRegister.key(id))?.tags).toEqual([]);
		},
	);

	test("whoever wants a key whatever it is by now disables it, though others switch it on", async () => {
		const id = await aKey({ name: newId(), tags: [], policies: [], type: "standard" });
		const others = async () => {
			await editKey(id, () => ({ enabled: false }), other, services);
			await editKey(id, () => ({ enabled: true }), other, services);
		};
		const disable = after(others, () => ({ enabled: false }));
		expect(await editKey(id, disable, boss, services)).toMatchObject({
			kind: "edited",
			key: { verdict: { state: "disabled" } },
		});
	});

	test("an integration loses a redirect URL: an edit of its name leaves it so, and what is judged is the whole", async () => {
		const draft = {
			kind: "integration",
			isConfidential: true,
			authentication: "client_secret",
			name: newId(),
			description: "",
			logoSvg: null,
			redirectUris: ["https://one.example/", "https://two.example/"],
			scope: ["events:read"],
			rotation: "keep",
			accessTokenTtl: 3600,
			actsForItself: false,
			options: {},
		} as const;
		const made = await createIntegration(draft, null, boss, services);
		if (made.kind !== "created") throw new Error(made.kind);
		const { id } = made.client;
		const [redirectUris, name] = [draft.redirectUris.slice(0, 1), newId()];
		const take = () => editIntegration(id, (client) => ({ ...toDraft(client), redirectUris }), other, services);
		const edited = await editIntegration(
			id,
			after(take, (client) => ({ ...toDraft(client), name })),
			boss,
			services,
		);
		expect(edited).toMatchObject({ kind: "changed", client: { name, redirectUris, rev: 2 } });
	});

	test("a role, and the account's name: the second looks again", async () => {
		const { id } = await addMember(platform.register, boss.accountId, "member");
		const up = () => changeRole(id, () => "admin", other, services);
		const seen: string[] = [];
		const edit = after(up, ({ role }: { role: string }) => {
			seen.push(role);
			return "admin" as const;
		});
		expect(await changeRole(id, edit, boss, services)).toEqual({ kind: "changed" });
		expect(seen).toEqual(["member", "admin"]);
		expect((await actions(id)).filter((action) => action === "member.set_role")).toHaveLength(1);
		const theirs = () => renameAccount(() => ({ name: "Theirs" }), other, services);
		const mine = after(theirs, (name: string) => (name === "Theirs" ? "stale" : { name: "Mine" }));
		expect(await renameAccount(mine, boss, services)).toEqual({ kind: "stale", name: "Theirs" });
	});

	test("whoever writes loses their role: nothing is written", async () => {
		const id = await aPolicy(["events:read"]);
		const { id: subject } = await addMember(platform.register, boss.accountId, "admin");
		const lose = () => changeRole(subject, () => "member", boss, services);
		const edit = after(lose, () => ({ description: "Late" }));
		const edited = await editPolicy(id, edit, { ...boss, subject }, services);
		expect(edited).toEqual({ kind: "beyond", permission: "keys:write" });
		expect(await findPolicy(id, boss.accountId, services)).toMatchObject({ description: "x" });
	});

	test("others write all the time: it is said, and nothing is written", async () => {
		const id = await aPolicy(["events:read"]);
		let turn = 0;
		const edit = async () => {
			turn += 1;
			await editPolicy(id, () => ({ description: `Others ${turn}` }), other, services);
			return { description: "Mine" };
		};
		expect(await editPolicy(id, edit, boss, services)).toEqual({ kind: "overtaken" });
		expect(turn).toBeGreaterThan(2);
		expect(await findPolicy(id, boss.accountId, services)).toMatchObject({ description: `Others ${turn}` });
	});
});
