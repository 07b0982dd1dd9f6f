import { describe, expect, test } from "vitest";
import type { Hash } from "../../src/domain/brands.ts";
import { newId, type Stores, times } from "./builders.ts";
import { auditEntry, person } from "./register-builders.ts";

const address = () => `${newId()}@mail.example`;

export function describeEmailLinks({ platform, auditedActions }: Stores): void {
	const { emailLinks, people, register } = platform;
	const at = 1_000_000;

	/** Somebody who has entered this address, and has an open link to it. */
	async function linked(email: string, changes: Parameters<typeof person>[0] = {}) {
		const added = person({ profile: { email }, ...changes });
		await register.add({ people: [added] });
		const hash = newId() as Hash;
		await emailLinks.put({ personId: added.id, hash, email, expiresAt: at + 10 });
		return { id: added.id, hash };
	}
	const verifiedOf = async (id: Parameters<typeof register.person>[0]) => (await register.person(id))?.verifiedEmail;

	describe("links to an address", () => {
		test("make it their person's once, of twenty at once, and it is noted once", async () => {
			const email = address();
			const { id, hash } = await linked(email);
			expect(await emailLinks.find(id, hash, at)).toMatchObject({ email, expiresAt: at + 10 });
			const entries = times(20, () => auditEntry());
			const outcomes = await Promise.all(entries.map((entry) => emailLinks.use(id, hash, at, [entry])));
			expect(outcomes.filter((each) => each === "verified")).toHaveLength(1);
			expect(new Set(outcomes)).toEqual(new Set(["verified", "gone"]));
			expect(await verifiedOf(id)).toBe(email);
			expect(await emailLinks.find(id, hash, at)).toBeNull();
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
		});

		test("are over when they are, and with the next one; another's, or another secret, is none", async () => {
			const { id, hash } = await linked(address());
			expect(await emailLinks.find(id, hash, at + 10)).toBeNull();
			expect(await emailLinks.use(id, hash, at + 10, [])).toBe("gone");
			const other = await linked(address());
			expect(await emailLinks.use(other.id, hash, at, [])).toBe("gone");
			expect(await emailLinks.use(id, other.hash, at, [])).toBe("gone");
			await emailLinks.put({ personId: id, hash: other.hash, email: address(), expiresAt: at + 10 });
			expect(await emailLinks.find(id, hash, at)).toBeNull();
			expect(await emailLinks.use(id, hash, at, [])).toBe("gone");
			expect(await verifiedOf(id)).toBeUndefined();
			await register.purge(at + 20, 0);
			expect(await emailLinks.find(id, other.hash, at)).toBeNull();
		});

		test("are for the address that is entered now, of somebody who is there", async () => {
			const [first, second] = [address(), address()];
			const { id, hash } = await linked(first);
			await people.setProfile(id, { from: { email: first }, to: { email: second } }, []);
			expect(await emailLinks.use(id, hash, at, [])).toBe("entered_another");
			expect(await verifiedOf(id)).toBeUndefined();
			// Refused, it is still there: whoever enters the first one again may use it.
			await people.setProfile(id, { from: { email: second }, to: { email: first } }, []);
			expect(await emailLinks.use(id, hash, at, [])).toBe("verified");
			const gone = await linked(address(), { state: "ended" });
			expect(await emailLinks.use(gone.id, gone.hash, at, [])).toBe("gone");
		});

		test("leave an address to whoever verified it first, in either case, of two at once as well", async () => {
			const email = address();
			const [one, two, three] = [await linked(email), await linked(email.toUpperCase()), await linked(email)];
			const outcomes = await Promise.all([one, two].map(({ id, hash }) => emailLinks.use(id, hash, at, [])));
			expect(outcomes.toSorted()).toEqual(["taken", "verified"]);
			const entry = auditEntry();
			expect(await emailLinks.use(three.id, three.hash, at, [entry])).toBe("taken");
			expect(await auditedActions()).not.toContain(entry.action);
			expect(await verifiedOf(three.id)).toBeUndefined();
		});

		test("what was verified is not any more once another address is entered, in whichever spelling", async () => {
			const email = address().toLowerCase();
			const { id, hash } = await linked(email);
			await emailLinks.use(id, hash, at, []);
			await people.setProfile(id, { from: { email }, to: { email, nickname: "N" } }, []);
			expect(await verifiedOf(id)).toBe(email);
			await people.setProfile(id, { from: { email, nickname: "N" }, to: { email: email.toUpperCase() } }, []);
			expect(await verifiedOf(id)).toBeUndefined();
			const another = await linked(email);
			expect(await emailLinks.use(another.id, another.hash, at, [])).toBe("verified");
			await people.setProfile(another.id, { from: { email }, to: {} }, []);
			expect(await verifiedOf(another.id)).toBeUndefined();
		});
	});
}
