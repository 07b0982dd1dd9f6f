import { describe, expect, test, vi } from "vitest";
import { settlingTime } from "../../src/domain/signing-key-ring.ts";
import { ringKey, type Stores, times } from "./builders.ts";

export function describeSigningKeyRings({ platform: { keyRings } }: Stores): void {
	// One deployment has one ring: these run in this order.
	describe("key rings", () => {
		const month = 30 * 86_400;
		const wanted = { rotateEvery: month, isWanted: true };

		test("without a ring fewer than two candidates make none", async () => {
			expect(await keyRings.published("EdDSA")).toBeNull();
			expect(await keyRings.advance("EdDSA", [], wanted)).toBeNull();
			expect(await keyRings.advance("EdDSA", [ringKey("lonely")], wanted)).toBeNull();
			expect(await keyRings.published("EdDSA")).toBeNull();
		});

		test("DESIGN §3.1: of 20 first needs at once comes one ring, which is published", async () => {
			const rings = await Promise.all(
				times(20, (index) => keyRings.advance("EdDSA", [ringKey(`a${index}`), ringKey(`b${index}`)], wanted)),
			);
			expect(new Set(rings.map((ring) => JSON.stringify(ring)))).toHaveLength(1);
			expect(await keyRings.published("EdDSA")).toEqual(rings[0]);
		});

		test("a ring that nobody wants is not made, and one that is there stays as it is", async () => {
			const unwanted = { ...wanted, isWanted: false };
			expect(await keyRings.advance("PS256", [ringKey("x"), ringKey("y")], unwanted)).toBeNull();
			expect(await keyRings.published("PS256")).toBeNull();
			expect(await keyRings.advance("EdDSA", [ringKey("x")], unwanted)).toEqual(await keyRings.published("EdDSA"));
		});

		test("a ring that is due takes one candidate as next, and publishes", async () => {
			const before = await keyRings.published("EdDSA");
			vi.setSystemTime(Date.now() + month * 1000);
			const rings = await Promise.all(times(5, (index) => keyRings.advance("EdDSA", [ringKey(`c${index}`)], wanted)));
			expect(new Set(rings.map((ring) => ring?.next.kid))).toHaveLength(1);
			expect(rings[0]?.current).toEqual(before?.next);
			expect(rings[0]?.previous.map((key) => key.kid)).toEqual([before?.current.kid]);
			expect(await keyRings.published("EdDSA")).toEqual(rings[0]);
		});

		test("a key that is withdrawn is gone from what is published, its successor stands in its place, and once is enough", async () => {
			const before = await keyRings.published("EdDSA");
			const { kid } = before?.current ?? { kid: "" };
			const [left, again] = [
				await keyRings.withdraw("EdDSA", kid, ringKey("d")),
				await keyRings.withdraw("EdDSA", kid, ringKey("e")),
			];
			expect(left).toMatchObject({
				current: before?.next,
				next: { kid: ringKey("d").kid },
				previous: before?.previous,
			});
			expect(again).toBeNull();
			expect(await keyRings.published("EdDSA")).toEqual(left);
			expect(await keyRings.withdraw("RS256", kid, ringKey("f"))).toBeNull();
			const retired = left?.previous[0]?.kid ?? "";
			expect((await keyRings.withdraw("EdDSA", retired, ringKey("g")))?.previous).toEqual([]);
		});

		test("its next key signs when that is said, of twenty at once, and not before every copy of the key set has it", async () => {
			const before = await keyRings.published("EdDSA");
			expect(before && (await keyRings.rotate("EdDSA", ringKey("r")))).toMatchObject({ kind: "too_early" });
			expect(await keyRings.published("EdDSA")).toEqual(before);
			vi.setSystemTime(Date.now() + (month + settlingTime + 60) * 1000); // the ring rotated a month from now
			const rotations = await Promise.all(times(20, (index) => keyRings.rotate("EdDSA", ringKey(`r${index}`))));
			expect(rotations.filter((each) => each?.kind === "rotated")).toHaveLength(1);
			expect(rotations.filter((each) => each?.kind === "too_early")).toHaveLength(19);
			const after = await keyRings.published("EdDSA");
			expect(after?.current).toEqual(before?.next);
			expect(after?.previous.map((key) => key.kid)).toContain(before?.current.kid);
			expect(await keyRings.rotate("PS256", ringKey("r"))).toBeNull();
		});
	});
}
