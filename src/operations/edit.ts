import { parseSubject } from "../domain/subject.ts";
import { rolesWith } from "../domain/permission.ts";
import type { WriterRole } from "../domain/ports/register.ts";
import type { Actor } from "./actor.ts";

/**
 * What is to be changed of what stands there now; `stale` where whoever asks had something else before them. It may be
 * asked more than once: each time others were quicker, of what they left.
 */
export type Edit<Row, Changes> = (now: Row) => Changes | "stale" | Promise<Changes | "stale">;

/**
 * How often an edit looks again when others change the same thing at the same time. One of them is written each time, so that
 * as many at once all come through.
 */
const attempts = 32;

/** Reads, judges and writes what was judged, as `attempt` does; once more where others were quicker. */
export async function untilWritten<Outcome>(
	attempt: () => Promise<Outcome | "overtaken">,
): Promise<Outcome | { readonly kind: "overtaken" }> {
	for (let tries = 0; tries < attempts; tries++) {
		const outcome = await attempt();
		if (outcome !== "overtaken") return outcome;
	}
	return { kind: "overtaken" };
}

/** What has to be true of a person's role while they write; null for whoever has none. */
export function writerOf({ subject, accountId }: Actor, needs: readonly string[]): WriterRole | null {
	if (parseSubject(subject)?.kind !== "person") return null;
	return { personId: subject, accountId, roles: rolesWith(needs) };
}
