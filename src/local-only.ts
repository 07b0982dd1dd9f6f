import type { Config } from "./config.ts";
import { isLoopback } from "./domain/public-host.ts";
import { problem } from "./http/problem.ts";

/** A deployment that was left with the local ISSUER, and so perhaps with published keys, serves nobody: its answer, else null. */
export function refuseOutsiders(url: URL, config: Config): Response | null {
	if (!config.isLocal || isLoopback(url)) return null;
	const detail = "ISSUER is not configured for this host.";
	return problem(503, detail);
}
