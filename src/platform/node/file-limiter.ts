import type { Limiter } from "../../domain/ports/limiter.ts";
import type { Seconds } from "../../domain/brands.ts";
import { Tallies } from "../sql/tallies.ts";
import type { SqlFile } from "./sql-file.ts";

export function fileLimiter(file: SqlFile, now: () => Seconds): Limiter {
	const tallies = new Tallies(file);
	return {
		async take(name, limit, attempts) {
			const taken = file.transactionSync(() => tallies.take(name, limit, now(), attempts));
			return taken.kind === "exhausted" ? taken.retryAfter : 0;
		},
		async giveBack(name) {
			file.transactionSync(() => tallies.giveBack(name, now()));
		},
	};
}
