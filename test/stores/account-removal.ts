import { describe, expect, test } from "vitest";
import { newId, newSubject, now, type Stores, times } from "./builders.ts";
import { account, addAccount, addMember, auditEntry, install, person } from "./register-builders.ts";
import { addWholeAccount, columnsOf } from "./whole-account.ts";

/** What stays where the account and its last people have gone, and why. */
const staying = [
	// The account's row stays, for its id and slug never become another one's: and with it, that the deployment was set up.
	"setup account_id",
	// Whoever runs the deployment is nobody's last member.
	"operators person_id",
];

export function describeAccountRemoval({ platform, databases, auditedActions }: Stores): void {
	const { accountRemoval: removal, accounts, people, register } = platform;

	/** Its date has come. */
	async function end(id: string): Promise<void> {
		const { id: by } = await operator();
		await accounts.suspend(id, now(), by, []);
		expect(await accounts.setDeletion(id, now(), by, [])).toBe("changed");
		expect((await removal.begin(now())).map((each) => each.id)).toContain(id);
	}

	async function operator() {
		const runs = person({ isOperator: true });
		await register.add({ people: [runs] });
		return runs;
	}

	async function membership(personId: ReturnType<typeof newSubject>, accountId: string, state: "active" | "ended") {
		await register.add({ memberships: [{ personId, accountId, role: "member", state, notBefore: 0 }] });
	}

	/** As the operation does it, without the ledgers. */
	async function removeAll(id: string, most = 9): Promise<void> {
		for (;;) {
			const keys = await removal.keys(id, most);
			await removal.removeKeys(keys);
			const links = await removal.linkedKeys(id, most);
			await removal.removeLinks(id, links);
			const client = await removal.client(id, most);
			if (client) await removal.removeInstalls({ clientId: client.id }, client.subjects);
			if (client?.subjects.length === 0) await removal.removeClient(client.id);
			const installers = await removal.installers(id, most);
			await removal.removeInstalls({ accountId: id }, installers);
			if (keys.length + links.length + installers.length === 0 && !client) break;
		}
		for (;;) {
			const members = await removal.members(id, most);
			if (members.length === 0) break;
			await removal.removeMembers(
				id,
				members.map((member) => member.id),
			);
		}
		await removal.removeRest(id);
	}

	/** Where the register has one of these ids in a column that is for such. */
	async function placesOf(ids: readonly string[]): Promise<readonly string[]> {
		const columns = await columnsOf(databases.register, ["account_id", "person_id", "key_id"]);
		const found = await Promise.all(
			columns.map(async ({ table, column }) => {
				const query = `SELECT 1 FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?)) LIMIT 1`;
				const row = await databases.register.prepare(query).bind(JSON.stringify(ids)).first();
				return row ? [`${table} ${column}`] : [];
			}),
		);
		return found.flat().toSorted();
	}

	describe("an account that goes", () => {
		test("leaves nothing in any table that the register has for accounts, people and keys", async () => {
			const { id, key, alone, otherId, linked, elsewhere, there } = await addWholeAccount({ platform });
			const columns = await columnsOf(databases.register, ["account_id", "person_id", "key_id"]);
			const all = columns.map(({ table, column }) => `${table} ${column}`);
			// A table that is new is in here before it is in the next: whoever adds one says what becomes of it.
			const theirs = all.filter((each) => !staying.includes(each)).toSorted();
			const ids = [id, alone.id, key];
			expect(await placesOf(ids)).toEqual(theirs);
			expect(all).toEqual(expect.arrayContaining(staying));
			await end(id);
			await removeAll(id);
			expect(await placesOf(ids)).toEqual([]);
			const others = ["clients", "environments", "policies"].map((table) => `${table} account_id`);
			expect(await placesOf([otherId])).toEqual(expect.arrayContaining(others));
			// As its owner has it.
			const kept = ["key_facets", "key_policies", "key_verdicts", "listed_keys"].map((table) => `${table} key_id`);
			expect(await placesOf([linked])).toEqual(kept);
			expect(await placesOf([elsewhere.id])).toEqual(["memberships person_id"]);
			const { grantId } = there;
			const query = databases.register.prepare("SELECT 1 FROM installs WHERE grant_id = ?").bind(grantId);
			expect(await query.first()).toBeNull();
		});

		test("goes as well one by one, and once more where all is gone", async () => {
			const { id, key, alone } = await addWholeAccount({ platform });
			await end(id);
			await removeAll(id, 1);
			await removeAll(id, 1);
			expect(await placesOf([id, alone.id, key])).toEqual([]);
		});

		test("begins on its day, where it is suspended still, and until it is finished", async () => {
			const [{ id, slug }, kept, { id: by }] = [
				await addAccount(register),
				await addAccount(register),
				await operator(),
			];
			for (const each of [id, kept.id]) {
				await accounts.suspend(each, now(), by, []);
				await accounts.setDeletion(each, 1_000, by, []);
			}
			const going = async (at: number) => (await removal.begin(at)).filter((each) => [id, kept.id].includes(each.id));
			expect(await going(999)).toEqual([]);
			await accounts.reinstate(kept.id, by, []);
			expect(await going(1_000)).toEqual([{ id, slug }]);
			expect((await register.account(id))?.state).toBe("ended");
			expect(await accounts.reinstate(id, by, [])).toBe("unknown");
			expect(await accounts.setDeletion(id, null, by, [])).toBe("unknown");
			expect(await going(0)).toEqual([{ id, slug }]);
			const entries = times(2, () => auditEntry());
			for (const entry of entries) await removal.finish(id, entry);
			expect(await going(now())).toEqual([]);
			const noted = (await auditedActions()).filter((action) => entries.some((entry) => entry.action === action));
			expect(noted).toEqual([entries[0]?.action]);
			expect(await register.account(id)).toMatchObject({ slug, name: "", state: "ended" });
			const again = { account: account({ slug }), createdAt: now(), by, asOperator: true, administered: false };
			expect(await accounts.create(again, [])).toBe("taken");
		});

		test("one that does not go is not finished", async () => {
			const { id, name } = await addAccount(register);
			const entry = auditEntry();
			await removal.finish(id, entry);
			expect(await register.account(id)).toMatchObject({ state: "active", name });
			expect(await auditedActions()).not.toContain(entry.action);
		});

		test("its client takes along whatever it was allowed in any account, and no other client's", async () => {
			const { id, otherId, clientId, there } = await addWholeAccount({ platform });
			const more = install(otherId, { clientId });
			const others = install(otherId, { subject: more.subject });
			for (const each of [more, others]) await register.addInstall(each, auditEntry({ accountId: otherId }));
			expect(await removal.client(id, 9)).toEqual({
				id: clientId,
				subjects: expect.arrayContaining([more.subject, there.subject]),
			});
			expect((await removal.client(id, 1))?.subjects).toHaveLength(1);
			await removal.removeInstalls({ clientId }, [more.subject]);
			expect(await removal.client(id, 9)).toEqual({ id: clientId, subjects: [there.subject] });
			expect(await removal.installers(otherId, 9)).toContain(others.subject);
		});
	});

	describe("the people of an account that goes", () => {
		test("go with it who belong to nothing else that is left, a suspended account too, and run nothing", async () => {
			const { id: by } = await operator();
			const [{ id }, suspended, ended, left] = [
				await addAccount(register),
				await addAccount(register),
				account({ state: "ended" }),
				await addAccount(register),
			];
			await register.add({ accounts: [ended] });
			await accounts.suspend(suspended.id, now(), by, []);
			const [alone, ofEnded, hasLeft, ofSuspended, runs] = [
				await addMember(register, id, "member"),
				await addMember(register, ended.id, "member"),
				await addMember(register, id, "admin"),
				await addMember(register, suspended.id, "member"),
				await operator(),
			];
			await membership(ofEnded.id, id, "active");
			await membership(hasLeft.id, left.id, "ended");
			await membership(ofSuspended.id, id, "active");
			await membership(runs.id, id, "active");
			const found = new Map((await removal.members(id, 9)).map((member) => [member.id, member.isLast]));
			const of = [alone, ofEnded, hasLeft, ofSuspended, runs].map((each) => found.get(each.id));
			expect(of).toEqual([true, true, true, false, false]);
			expect(await removal.members(id, 2)).toHaveLength(2);
		});

		test("who does leaves nothing that says who they were: their name and address are free", async () => {
			const { id, alone, elsewhere } = await addWholeAccount({ platform });
			const { username, verifiedEmail = "" } = alone;
			await removal.removeMembers(id, [alone.id, elsewhere.id]);
			expect(await register.person(alone.id)).toEqual({
				id: alone.id,
				username: alone.id,
				name: "",
				passwordHash: null,
				state: "ended",
				notBefore: 0,
			});
			expect(await register.person(elsewhere.id)).toEqual(elsewhere);
			// The address is unique among all people: the one who is gone does not keep it from whoever has it now.
			const next = person({ username, profile: { email: verifiedEmail } });
			await register.add({ people: [next] });
			const link = { personId: next.id, hash: newId() as never, email: verifiedEmail, expiresAt: now() + 9 };
			await platform.emailLinks.put(link);
			expect(await platform.emailLinks.use(next.id, link.hash, now(), [])).toBe("verified");
			expect((await register.personByUsername(username))?.id).toBe(next.id);
		});

		test("who joined another account since they were counted stays", async () => {
			const { id, otherId, alone } = await addWholeAccount({ platform });
			expect(await removal.members(id, 9)).toContainEqual({ id: alone.id, isLast: true });
			await membership(alone.id, otherId, "active");
			await removal.removeMembers(id, [alone.id]);
			expect(await register.person(alone.id)).toMatchObject(alone);
			expect(await people.member({ accountId: otherId, personId: alone.id })).not.toBeNull();
			expect(await people.member({ accountId: id, personId: alone.id })).toBeNull();
		});
	});
}
