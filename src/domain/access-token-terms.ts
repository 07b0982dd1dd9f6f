import { type Client, isSelfRegistered } from "./client.ts";
import type { Seconds } from "./brands.ts";
import { isFapi } from "./client-profile.ts";
import { presetAlgorithms, type RingAlgorithm } from "./signing-key-ring.ts";
import type { Targets } from "./targets.ts";

// What an API says of its access tokens beside what their client says.

/**
 * How long an access token is good: as long as whoever registered its client for an account said, and no longer than any API that
 * it is for allows. Of software that registered itself nobody said anything: what its APIs say holds, where all of them do.
 */
export function accessTokenTtlOf(
	client: Pick<Client, "accountId" | "accessTokenTtl">,
	{ own, apis, foreign }: Targets,
): Seconds {
	const said = apis.flatMap(({ tokenTtl }) => tokenTtl ?? []);
	const isSaid = !own && foreign.length === 0 && said.length > 0 && said.length === apis.length;
	return Math.min(...said, ...(isSelfRegistered(client) && isSaid ? [] : [client.accessTokenTtl]));
}

/**
 * What signs an access token: the choice of its client, else of the APIs that it is for where they agree. A token that is no
 * client's (null) is for latchkey.
 */
export function accessTokenAlgorithm(
	client: Pick<Client, "options"> | null,
	{ own, apis, foreign }: Targets,
): RingAlgorithm {
	const [first, ...others] = own || foreign.length > 0 ? [] : apis.map(({ algorithm }) => algorithm);
	const agreed = others.every((each) => each === first) ? first : null;
	// FAPI 2.0 §5.4.1: not by RS256, whatever an API has chosen.
	const isRuledOut = client !== null && isFapi(client) && agreed === "RS256";
	return client?.options.accessTokenAlg ?? (isRuledOut ? null : agreed) ?? presetAlgorithms.accessToken;
}
