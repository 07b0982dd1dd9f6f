import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { AccountRemoval } from "../../../src/domain/ports/account-removal.ts";
import type { RemoteLedger } from "../../../src/domain/ports/ledgers.ts";
import type { SubjectId } from "../../../src/domain/subject.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { deleteAccounts } from "../../../src/operations/upkeep/delete-accounts.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { newId, newSubject, times } from "../../stores/builders.ts";
import { account, addMember, auditEntry, install, registerRows } from "../../stores/register-builders.ts";
import { rowsOf } from "../../runners/stored.ts";
import { stoppedAt } from "../stopped-at.ts";

const config = readConfig({ ISSUER: "http://localhost", SEAL_KEYS: `1:${developmentSealKey}` });
const now = () => 1_900_000_000;

/** An account whose day has come, with two of everything that has a ledger. */
async function aWorld() {
	const { platform, files } = openPlatform(":memory:", { now });
	const { register, ledgers } = platform;
	const going = account();
	const other = account();
	await register.add({ accounts: [going, other] });
	const keys = times(2, () => newSubject("key"));
	for (const [index, key] of keys.entries()) {
		await register.add({
			apiKeys: [{ id: key, accountId: going.id, name: `Key ${index}`, tags: [], createdAt: 1 }],
		});
		const changed = await ledgers.of(key).changeKey({ kind: "create", ownerId: going.id, policies: [] });
		if (changed.kind === "changed") await register.copyVerdict(key, changed.verdict, 1);
	}
	const members = [await addMember(register, going.id, "admin"), await addMember(register, going.id, "member")];
	for (const { id } of members) await ledgers.of(id).openSignIn({ id: newId(), hash: "hash" as never });
	const clients = times(2, () => ({ ...registerRows().clients[0], id: newId(), accountId: going.id }));
	await register.add({ clients });
	for (const { id } of clients) {
		const subject = (await addMember(register, other.id, "member")).id;
		await register.addInstall(install(other.id, { clientId: id, subject }), auditEntry({ accountId: other.id }));
	}
	files.register.exec("UPDATE accounts SET suspended_at = 1, delete_at = 2 WHERE id = ?", going.id);
	const left = () =>
		Object.entries(files).flatMap(([, file]) =>
			Object.entries(rowsOf((sql) => file.exec(sql).toArray())).flatMap(([table, rows]) =>
				rows.some((row) => [going.id, ...keys].some((id) => row.includes(id))) ? [table] : [],
			),
		);
	return { platform, going, left };
}

test.each([false, true])(
	"broken off at any call (after it: %s), it is taken up by the next run, and all of it goes",
	async (isAfter) => {
		let wasWhole = false;
		for (let at = 1; !wasWhole && at < 100; at++) {
			const { platform, going, left } = await aWorld();
			const counter = { calls: 0 };
			const accountRemoval: AccountRemoval = stoppedAt(platform.accountRemoval, counter, at, isAfter);
			const ledgers = {
				of: (subject: SubjectId): RemoteLedger => stoppedAt(platform.ledgers.of(subject), counter, at, isAfter),
			};
			const surroundings = { now, random: systemRandom, log: () => {} };
			const broken = createServices(config, { ...platform, ledgers, accountRemoval }, surroundings);
			await deleteAccounts(broken).catch(() => {});
			wasWhole = counter.calls < at;
			await deleteAccounts(createServices(config, platform, surroundings));
			expect([at, left()]).toEqual([at, ["accounts", "audit"]]);
			expect([at, await platform.register.account(going.id)]).toMatchObject([at, { state: "ended", name: "" }]);
			const nothing = { actor: null, action: null, target: null, from: null, to: null };
			expect([at, (await platform.auditLog.search(going.id, nothing, null, 9)).rows]).toEqual([at, []]);
		}
		expect(wasWhole).toBe(true);
	},
);
