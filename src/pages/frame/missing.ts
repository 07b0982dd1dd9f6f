import { page } from "../../http/reply.ts";
import { missingView } from "./missing.tsx";
import { inConsole, type Visit } from "./visit.ts";

/** What is not there, and what is another account's, alike. */
export function missingInConsole({ frame }: Visit): Response {
	return page(404, missingView(frame));
}

/** Any other address under `/console/:slug/`. */
export const showMissing = inConsole(null, null, async (visit) => missingInConsole(visit));
