import { describe, expect, test } from "vitest";
import type { Client } from "../../src/domain/client.ts";
import { newId, newSubject, now, type Stores, times } from "./builders.ts";
import { account, auditEntry, install, person, registerRows } from "./register-builders.ts";

export function describeDeploymentClients({ platform, auditedActions }: Stores): void {
	const { deploymentClients, clients, register } = platform;
	const month = 30 * 86_400;

	async function anOperator() {
		const added = person({ isOperator: true });
		await register.add({ people: [added] });
		return added.id;
	}
	async function aClient(changes: Partial<Client> = {}) {
		const {
			accounts: [owner],
			clients: [like],
		} = registerRows();
		const added: Client = { ...like, ...changes };
		await register.add({ accounts: [owner], clients: [added] });
		return { ...added, owner };
	}

	describe("clients of the deployment", () => {
		test("are listed by name, whose ever they are, and found by a part of it or by their id", async () => {
			const word = newId();
			const [b, a] = [await aClient({ name: `b ${word}` }), await aClient({ name: `A ${word}`, accountId: null })];
			const { rows: found } = await deploymentClients.list(word.toUpperCase(), now(), null, 10);
			expect(found.map(({ id, account: of }) => [id, of?.id])).toEqual([
				[a.id, undefined],
				[b.id, b.owner.id],
			]);
			const rows = async (...[search, after, limit]: [string, { name: string; id: string } | null, number]) =>
				(await deploymentClients.list(search, now(), after, limit)).rows;
			expect(await rows(word, { name: found[0]?.name ?? "", id: a.id }, 10)).toHaveLength(1);
			expect(await rows(word, null, 1)).toHaveLength(1);
			expect((await rows(b.id, null, 10)).map(({ id }) => id)).toEqual([b.id]);
			expect(await rows("%", null, 10)).toEqual([]);
			expect(await deploymentClients.find(newId(), now())).toBeNull();
		});

		test("a search looks at ten of them for each of a page, and goes on behind them", async () => {
			const word = newId();
			for (const index of times(25, (n) => n)) await aClient({ name: `   ${index + 10} ${index === 24 ? word : ""}` });
			const pages: string[][] = [];
			let after = { name: "   ", id: "" } as { name: string; id: string } | null;
			do {
				const found = await deploymentClients.list(word, now(), after, 1);
				pages.push(found.rows.map(({ name }) => name));
				after = pages.length < 3 ? found.next : null;
			} while (after);
			expect(pages).toEqual([[], [], [`   34 ${word}`]]);
		});

		test("tell what they were granted by account, and of nothing that is over", async () => {
			const { id, owner } = await aClient();
			const other = account({ name: "Zeta" });
			await register.add({ accounts: [other] });
			const [one, two] = [newSubject(), newSubject()];
			const of = (accountId: string, subject: typeof one, scope: readonly string[], changes = {}) =>
				register.addInstall(install(accountId, { clientId: id, subject, scope, ...changes }), auditEntry());
			await of(owner.id, one, ["events:read"]);
			await of(owner.id, one, ["openid", "events:read"]);
			await of(owner.id, two, ["alerts:read"], { expiresAt: now() - 1 });
			await of(other.id, two, ["email"]);
			const shown = (await deploymentClients.grantedTo(id, now(), 10)).map(({ account: { name }, installs, scope }) => [
				name,
				installs,
				scope,
			]);
			expect(shown).toEqual([
				["Acme", 1, ["events:read", "openid"]],
				["Zeta", 1, ["email"]],
			]);
			expect(await deploymentClients.find(id, now())).toMatchObject({ installs: 2 });
			expect(await deploymentClients.grantedTo(id, now(), 1)).toHaveLength(1);
		});

		test("are ended by an operator, once, with each entry, whatever others change meanwhile", async () => {
			const by = await anOperator();
			const { id, owner } = await aClient();
			const before = await clients.find(id, owner.id);
			const entries = times(10, () => [auditEntry(), auditEntry({ accountId: owner.id })]);
			const outcomes = await Promise.all(entries.map((each) => deploymentClients.end(id, now() + 1, by, each)));
			expect(new Set(outcomes)).toEqual(new Set(["ended"]));
			const actions = await auditedActions();
			expect(entries.flat().filter(({ action }) => actions.includes(action))).toHaveLength(2);
			expect(await register.client(id)).toMatchObject({ state: "ended", notBefore: now() + 1 });
			// Whoever read it before does not bring it back.
			expect(before && (await clients.write({ ...before, name: "Late" }, null, auditEntry()))).toBe("overtaken");
			expect(await deploymentClients.end(newId(), now(), by, [])).toBe("unknown");
		});

		test("are not ended by anybody else", async () => {
			const { id } = await aClient();
			const gone = person({ isOperator: true, state: "ended" });
			const nobody = person();
			await register.add({ people: [gone, nobody] });
			for (const by of [gone.id, nobody.id, newSubject()]) {
				const entry = auditEntry();
				expect(await deploymentClients.end(id, now(), by, [entry])).toBe("not_permitted");
				expect(await auditedActions()).not.toContain(entry.action);
			}
			expect(await register.client(id)).toMatchObject({ state: "active" });
		});

		test("that a document describes stay ended for good, and others go in the end", async () => {
			const by = await anOperator();
			const other = await aClient({ accountId: null });
			const options = { isDocument: true, registeredAt: now() } as const;
			const document: Client = { ...other, id: `https://${newId()}.example/client`, options };
			await clients.keep(document, now());
			for (const { id } of [document, other]) await deploymentClients.end(id, now(), by, []);
			// Its document is there still, and so is whoever consents to it.
			await clients.keep(document, now());
			await clients.purgeEnded(now() + month);
			await clients.purgeUnused({ unclaimedBefore: now() + month, keptBefore: now() + month });
			expect(await register.client(other.id)).toBeNull();
			expect(await register.client(document.id)).toMatchObject({ state: "ended" });
		});
	});
}
