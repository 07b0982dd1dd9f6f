import type { Client } from "../../domain/client.ts";
import { partiesOfClient, partiesOfToken } from "../parties.ts";
import type { Services } from "../services.ts";
import type { AccessToken } from "../signing/access-token.ts";
import { findTargets } from "../targets.ts";
import type { TokenRefusal } from "./issued-tokens.ts";

/** Counts a token that was handed out. What it is for was looked up a moment ago, and is remembered. */
export async function countToken(
	{ of }: Pick<AccessToken, "of">,
	client: Client | null,
	services: Services,
): Promise<void> {
	const { apis } = await findTargets(of.resource, services);
	services.usage.note("token", partiesOfToken(of, client, apis));
}

/** Counts what a client was refused. A device that asks too early is told to ask again. */
export function countRefusal(error: TokenRefusal["error"], client: Client, { usage }: Services): void {
	if (error !== "authorization_pending" && error !== "slow_down") usage.note(error, partiesOfClient(client));
}
