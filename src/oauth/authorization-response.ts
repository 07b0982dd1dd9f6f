import { appendToQuery } from "../domain/redirect.ts";
import { seeOther } from "../http/reply.ts";
import type { Services } from "../operations/services.ts";

/** RFC 6749 §4.1.2: back to the client, with `state` as it was given and `iss` against mix-up (RFC 9207). */
export function answerClient(
	to: { redirectUri: string; state: string | null },
	answer: { code: string } | { error: string; error_description: string },
	{ config }: Pick<Services, "config">,
): Response {
	return seeOther(appendToQuery(to.redirectUri, { ...answer, state: to.state, iss: config.issuer }));
}
