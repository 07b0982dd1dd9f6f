import { audit, entryOf } from "../audit.ts";
import type { Session } from "../../domain/session.ts";
import { checkToken } from "../checks/check-token.ts";
import { type TokenFacts } from "../signing/token-facts.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** A login token, checked, and the session that it is of. Null for a token that is no login token. */
export interface LoginToken {
	readonly facts: TokenFacts;
	readonly session: Session;
}

export type LoginTokenCheck = { kind: "good"; token: LoginToken } | { kind: "expired" | "invalid" };

/** `path` is that of the resource, for which the token has to be. */
export async function checkLoginToken(token: string, path: string, services: Services): Promise<LoginTokenCheck> {
	// No login token is bound to a key.
	const checked = await checkToken({ kind: "bearer", value: token }, path, services);
	if (checked.kind === "unproven") return { kind: "invalid" };
	if (checked.kind !== "valid") return checked;
	const { facts, behind } = checked;
	return behind !== "client" && "session" in behind
		? { kind: "good", token: { facts, session: behind.session } }
		: { kind: "invalid" };
}

/** The live sessions under the token's own credential and account; one more than asked for tells of a next page. */
export function listSessions(
	{ facts, session }: LoginToken,
	page: { after: string; limit: number },
	services: Services,
): Promise<readonly Session[]> {
	const { credential, accountId } = session;
	return portsOf(services)
		.ledgers.of(facts.subject)
		.listSessions({ credential, accountId, ...page });
}

/** Ends a session, and with it every token that it gave out. */
export async function revokeSession(
	{ facts, session }: LoginToken,
	sid: string,
	address: string | null,
	services: Services,
): Promise<"revoked" | "unknown"> {
	const { credential, accountId } = session;
	const outcome = await portsOf(services).ledgers.of(facts.subject).revokeSession(sid, { credential, accountId });
	if (outcome === "unknown") return outcome;
	const act = { action: "session.revoke", target: sid, detail: { credential } };
	await audit(entryOf({ subject: facts.subject, accountId, address }, act, services), services);
	return outcome;
}
