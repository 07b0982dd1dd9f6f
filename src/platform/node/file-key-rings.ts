import {
	advanceRing,
	type SigningKeyRing,
	type RingAlgorithm,
	rotateRing,
	withdrawKey,
} from "../../domain/signing-key-ring.ts";
import type { SigningKeyRings } from "../../domain/ports/signing-key-rings.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { SqlFile } from "./sql-file.ts";

/** The rings themselves are near enough to read: there is no published copy beside them. */
export function fileKeyRings(file: SqlFile, now: () => Seconds): SigningKeyRings {
	function read(algorithm: RingAlgorithm): SigningKeyRing | null {
		const query = "SELECT ring FROM key_rings WHERE algorithm = ?";
		const [row] = file.exec<{ ring: string }>(query, algorithm).toArray();
		return row ? JSON.parse(row.ring) : null;
	}
	function write(algorithm: RingAlgorithm, ring: SigningKeyRing | null): void {
		if (!ring) return void file.exec("DELETE FROM key_rings WHERE algorithm = ?", algorithm);
		file.exec(
			"INSERT INTO key_rings (algorithm, ring) VALUES (?1, ?2) ON CONFLICT (algorithm) DO UPDATE SET ring = ?2",
			algorithm,
			JSON.stringify(ring),
		);
	}

	return {
		published: async (algorithm) => read(algorithm),
		async advance(algorithm, candidates, how) {
			return file.transactionSync(() => {
				const ring = advanceRing(read(algorithm), candidates, how, now());
				write(algorithm, ring);
				return ring;
			});
		},
		async rotate(algorithm, candidate) {
			return file.transactionSync(() => {
				const rotation = rotateRing(read(algorithm), candidate, now());
				if (rotation?.kind === "rotated") write(algorithm, rotation.ring);
				return rotation;
			});
		},
		async withdraw(algorithm, kid, candidate) {
			return file.transactionSync(() => {
				const ring = withdrawKey(read(algorithm), kid, candidate, now());
				if (ring) write(algorithm, ring);
				return ring;
			});
		},
	};
}
