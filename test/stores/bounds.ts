import { describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import type { SubjectId } from "../../src/domain/subject.ts";
import { setTotal } from "../runners/set-total.ts";
import { hash, newId, newSubject, now, type Stores, times } from "./builders.ts";
import { addAccount, auditEntry, invitationOf, person, registerRows } from "./register-builders.ts";

/** Of two at once that would be one too many, one is refused: each port, filled to one below its bound. */
export function describeBounds({ platform, databases, auditedActions }: Stores): void {
	const { register, keyRegister, environments, apis, clients, invitations } = platform;

	/** So many rows of an account in one statement: `columns` are SQL, in which `n` counts. */
	async function fill(table: string, count: number, columns: Readonly<Record<string, string>>): Promise<void> {
		const [names, values] = [Object.keys(columns).join(", "), Object.values(columns).join(", ")];
		const query = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
			INSERT INTO ${table} (${names}) SELECT ${values} FROM numbers`;
		await databases.register.prepare(query).run();
	}

	/** The link of one that is open. */
	/** By one of its people: the links of whoever administers an account no more end with the first person who comes in. */
	async function invitation(accountId: string) {
		const link = { id: newId(), hash: hash(newId()) };
		const inviter = databases.register
			.prepare("SELECT max(person_id) AS id FROM memberships WHERE account_id = ? AND role = 'admin'")
			.bind(accountId);
		const invitedBy = await inviter.first<SubjectId>("id");
		if (invitedBy === null) throw new Error("the account has no administrator");
		await invitations.add(invitationOf(accountId, link.id, { invitedBy }), link.hash, null, auditEntry());
		return link;
	}

	/** Five links and more, before anything is counted, each for a person of its own. */
	async function acceptedIn(accountId: string): Promise<() => Promise<string>> {
		const links = await Promise.all(times(8, () => invitation(accountId)));
		return async () => {
			const link = links.pop() ?? (await invitation(accountId));
			return invitations.accept(link, { kind: "new", person: person() }, now(), auditEntry());
		};
	}

	const done: readonly unknown[] = ["added", "created", "accepted"];

	describe("what an account may have", () => {
		const ports: Record<string, (accountId: string) => Promise<{ most: number; add: () => Promise<unknown> }>> = {
			async policies(accountId) {
				const { most } = bounds.policies;
				const columns = {
					id: id(),
					account_id: text(accountId),
					name: "'p' || n",
					description: "'d'",
					permissions: "'[]'",
				};
				await fill("policies", most - 1, columns);
				const policy = () => ({ id: newId(), accountId, name: newId(), description: "d", permissions: [] });
				return { most, add: () => keyRegister.addPolicy(policy(), null, auditEntry()) };
			},
			async keys(accountId) {
				const { most } = bounds.keys;
				await setTotal(databases.register, accountId, "keys", most - 1);
				const row = () =>
					({ id: newSubject("key"), accountId, name: newId(), tags: [], type: "standard", createdAt: now() }) as const;
				return { most, add: () => keyRegister.addKey(row(), auditEntry()) };
			},
			async environments(accountId) {
				const { most } = bounds.environments;
				const columns = {
					id: id(),
					account_id: text(accountId),
					workspace: "'w'",
					name: "'e' || n",
					key_version: "1",
					enabled: "1",
				};
				await fill("environments", most - 1, columns);
				const one = () => ({ id: newId(), accountId, workspace: "w", name: newId(), keyVersion: 1, enabled: true });
				return { most, add: () => environments.create(one(), auditEntry()) };
			},
			async apis(accountId) {
				const { most } = bounds.apis;
				const columns = {
					id: id(),
					account_id: text(accountId),
					identifier: "'https://a.example/' || n",
					folded: `'${newId()}' || n`,
					name: "'a' || n",
					description: "''",
					permissions: "'[]'",
				};
				await fill("apis", most - 1, columns);
				const one = () => ({
					id: newId(),
					accountId,
					identifier: `https://${newId()}.example`,
					name: newId(),
					description: "",
					permissions: [],
					tokenTtl: null,
					algorithm: null,
					servers: [],
				});
				const add = async () => {
					const { kind } = await apis.add(one(), { kind: "role", role: null }, auditEntry());
					return kind === "written" ? "added" : kind;
				};
				return { most, add };
			},
			async clients(accountId) {
				const { most } = bounds.clients;
				const [model] = registerRows().clients;
				await clients.create({ ...model, id: newId(), accountId, name: "model" }, null, auditEntry());
				await databases.register
					.prepare(
						`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${most - 2})
						INSERT INTO clients (id, account_id, kind, name, description, redirect_uris, auth_methods, secrets, grant_types,
							scope, rotation, access_token_ttl, state, not_before)
						SELECT ${id()}, account_id, kind, 'c' || n, '', redirect_uris, auth_methods, secrets, grant_types, scope, rotation,
							access_token_ttl, state, not_before FROM clients, numbers WHERE account_id = ? AND name = 'model'`,
					)
					.bind(accountId)
					.run();
				return {
					most,
					add: () => clients.create({ ...model, id: newId(), accountId, name: newId() }, null, auditEntry()),
				};
			},
			async invitations(accountId) {
				const { most } = bounds.invitations;
				const columns = { id: id(), hash: "'h'", account_id: text(accountId), role: "'member'", note: "''" };
				const instants = { created_at: String(now()), expires_at: String(now() + 60), invited_by: "'usr_any_x'" };
				await fill("invitations", most - 1, { ...columns, ...instants, state: "'open'" });
				const add = async () =>
					(await invitations.add(invitationOf(accountId), hash(newId()), null, auditEntry())).kind;
				return { most, add };
			},
			async people(accountId) {
				const { most } = bounds.people;
				const prefix = newId();
				const names = {
					username: `'${prefix}' || n`,
					name: "'x'",
					password_hash: "'x'",
					state: "'active'",
					not_before: "0",
				};
				await fill("people", most - 1, { id: `'usr_any_${prefix}' || n`, ...names });
				const membership = { person_id: `'usr_any_${prefix}' || n`, account_id: text(accountId), role: "'admin'" };
				await fill("memberships", most - 1, { ...membership, state: "'active'", not_before: "0" });
				return { most, add: await acceptedIn(accountId) };
			},
		};

		test.each(Object.entries(ports))(
			"%s: of five at once below the bound one is added, and no entry of the others",
			async (_, fillUp) => {
				const { id: accountId } = await addAccount(register);
				const { add } = await fillUp(accountId);
				const before = (await auditedActions()).length;
				const outcomes = await Promise.all(times(5, add));
				expect(outcomes.filter((outcome) => outcome === "full")).toHaveLength(4);
				expect(outcomes.filter((outcome) => done.includes(outcome))).toHaveLength(1);
				expect((await auditedActions()).length).toBe(before + 1);
				expect(await add()).toBe("full");
				const { id: other } = await addAccount(register);
				expect(done).toContain(await (await ports[_]?.(other))?.add());
			},
		);

		test("whoever left comes back only where there is room", async () => {
			const { id: accountId } = await addAccount(register);
			const { add } = await (ports.people?.(accountId) ?? Promise.reject(new Error("no people")));
			const former = person();
			const membership = { personId: former.id, accountId, role: "member", state: "ended", notBefore: 0 } as const;
			await register.add({ people: [former], memberships: [membership] });
			expect(await add()).toBe("accepted");
			const link = await invitation(accountId);
			const comeBack = () => invitations.accept(link, { kind: "here", personId: former.id }, now(), auditEntry());
			expect(await comeBack()).toBe("full");
			await databases.register
				.prepare(
					"UPDATE memberships SET state = 'ended' WHERE account_id = ? AND person_id = (SELECT min(person_id) FROM memberships WHERE account_id = ? AND state = 'active')",
				)
				.bind(accountId, accountId)
				.run();
			expect(await comeBack()).toBe("accepted");
		});
	});
}

function text(value: string): string {
	return `'${value}'`;
}

function id(): string {
	return `'${newId()}' || n`;
}
