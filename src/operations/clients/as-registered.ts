import { asRegistered, isOwnResource } from "../../domain/audience.ts";
import type { Services } from "../services.ts";

/**
 * Resources as they are registered, or else as the APIs spell themselves in the account that a token acts in, for most compare an `aud` byte by byte. Another
 * account has no say: it could have an API refuse what was issued for it. latchkey's own are spelled when they are read.
 */
export async function spelledAsRegistered(
	resources: readonly string[],
	accountId: string,
	{ config, lookups }: Services,
): Promise<readonly string[]> {
	if (resources.every((each) => isOwnResource(each, config.issuer))) return resources;
	const apis = await Promise.all(resources.map((each) => lookups.apiAt(each)));
	const isKnown = apis.every((api) => api !== null);
	const served = isKnown ? new Map() : ((await lookups.servedIn(accountId)) ?? new Map());
	return asRegistered(resources, served).map((each, index) => apis[index]?.identifier ?? each);
}
