import { afterAll, expect, test, vi } from "vitest";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { byPassword, login, newSubject, times } from "./builders.ts";

const storage = openPlatform(":memory:");
afterAll(() => storage.close());

test.each(["", "{", "[".repeat(100_000)])(
	"a damaged row of a ledger (%#) is in no list and opens nothing, and the others are listed and ended",
	async (text) => {
		const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const subject = newSubject();
		const ledger = storage.platform.ledgers.of(subject);
		const logins = await Promise.all(times(3, (n) => ledger.login(byPassword, login({ sessionId: `s${n}` }))));
		const sids = logins.map((each) => ("sid" in each ? each.sid : ""));
		const bad = sids[1] ?? "";
		const update = "UPDATE rows SET body = ? WHERE subject = ? AND kind = 'session' AND id = ?";
		expect(storage.files.ledgers.exec(update, text, subject, bad).rowsWritten).toBe(1);
		const by = { credential: "password", accountId: "account" };
		const listed = await ledger.listSessions({ ...by, after: "", limit: 10 });
		expect(listed.map(({ sid }) => sid).toSorted()).toEqual(sids.filter((sid) => sid !== bad).toSorted());
		expect(said).toHaveBeenCalledTimes(1);
		for (const { sid } of listed) expect(await ledger.revokeSession(sid, by)).toBe("revoked");
		// Nobody knows what it was, so nothing is guessed.
		await expect(Promise.try(() => ledger.inspectSession(bad, { jti: "x", notBefore: 0 }))).rejects.toThrow("JSON");
		said.mockRestore();
	},
);
