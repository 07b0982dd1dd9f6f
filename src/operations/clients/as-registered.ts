import { asRegistered, spellingsOf } from "../../domain/audience.ts";
import type { Targets } from "../../domain/targets.ts";
import type { Services } from "../services.ts";

/**
 * Resources as they are registered, or else as the APIs spell themselves in the account that a token acts in, for most compare an
 * `aud` byte by byte. Another account has no say: it could have an API refuse what was issued for it. latchkey's own are spelled
 * when they are read.
 */
export async function spelledAsRegistered(
	resources: readonly string[],
	{ apis, foreign }: Targets,
	accountId: string,
	{ lookups }: Services,
): Promise<readonly string[]> {
	const served = foreign.length > 0 ? await lookups.servedIn(accountId) : null;
	const spelled = asRegistered(resources, served ?? new Map());
	return asRegistered(spelled, spellingsOf(apis.map(({ identifier }) => identifier)));
}
