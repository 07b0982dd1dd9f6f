import { sha256 } from "../../crypto/digest.ts";
import { signPayload } from "../../crypto/jwt.ts";
import type { Client } from "../../domain/client.ts";
import { thrown } from "../../domain/log-line.ts";
import type { Logout } from "../../domain/logout.ts";
import type { Posted } from "../../domain/outbound.ts";
import { presetAlgorithms } from "../../domain/signing-key-ring.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import { audit, entryOf } from "../audit.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import type { SigningKey } from "../signing/signing-ring.ts";

// OpenID Connect Back-Channel Logout 1.0. The ledger has written down who is to be told, in the transaction that ended the sign-in:
// the request that did it tells them at once, and what it could not do the ledger's alarm does (DESIGN §3.12).

/** §4: at most two minutes, so that a token that was caught is soon worth nothing. */
const logoutTokenTtl: Seconds = 120;

/** In milliseconds. An alarm, or what goes on after an answer, has half a minute. */
const patience = 5000;

/** For the alarm: those of a subject that are due. */
export async function sendDueLogouts(subject: SubjectId, services: Services): Promise<void> {
	await sendLogouts(subject, await portsOf(services).ledgers.of(subject).dueLogouts(), services);
}

/** §2.3: in parallel. It does not fail: what could not be sent waits in the ledger. */
export async function sendLogouts(subject: SubjectId, logouts: readonly Logout[], services: Services): Promise<void> {
	const waiting = logouts.values();
	const sendOn = async () => {
		for (const logout of waiting) {
			try {
				await send(subject, logout, services);
			} catch (error) {
				services.log("logout.failed", { client: logout.clientId, ...thrown(error) });
			}
		}
	};
	await Promise.all(Array.from({ length: atOnce }, sendOn));
}

/** A Worker has no more connections that wait for an answer: whoever came next would spend its patience on those that never do. */
const atOnce = 6;

async function send(subject: SubjectId, logout: Logout, services: Services): Promise<void> {
	const { id, clientId, accountId, sid, tries } = logout;
	const posted = await post(subject, logout, services);
	// §2.5: sent again only where it may have failed for a while; else it SHOULD NOT be.
	const outcome = posted?.kind === "failed" ? "failed" : "over";
	const next = await portsOf(services).ledgers.of(subject).logoutTried(id, outcome);
	if (!posted) return;
	const { kind, reason } = posted;
	services.log("logout.sent", { client: clientId, outcome: kind, reason, next });
	if (next === "again") return;
	// Of an account that has gone, and of its people, nothing is written any more.
	if ((await services.lookups.account(accountId))?.state === "ended") return;
	const detail = { sid, reason, tries: tries + 1 };
	const act = { action: kind === "taken" ? "logout.deliver" : "logout.give_up", target: clientId, detail };
	await audit(entryOf({ subject, accountId, address: null }, act, services), services);
}

/** Null where there is nobody to be told any more. */
async function post(subject: SubjectId, logout: Logout, services: Services): Promise<Posted | null> {
	try {
		// One whose account is suspended is told as well: what is over is not to go on there when that is lifted.
		const client = await services.lookups.client(logout.clientId);
		const uri = client?.options.backchannelLogoutUri;
		if (client?.state !== "active" || uri === undefined) return null;
		// §2.6: as the id_token that it has, though it may ask for no other any more.
		const signer = await services.signingKeys.ring(client.options.idTokenAlg ?? presetAlgorithms.idToken).current();
		const token = await logoutToken(subject, logout, client, signer, services);
		return await services.outbound.post(uri, { logout_token: token }, { timeoutMs: patience });
	} catch (error) {
		services.log("logout.failed", { client: logout.clientId, ...thrown(error) });
		return { kind: "failed", reason: "It could not be sent" };
	}
}

/** §2.4. Without a `nonce`, which would let it pass for an id_token, and of a type of its own (§4.1). */
async function logoutToken(
	subject: SubjectId,
	{ id, sid, endedAt }: Logout,
	client: Client,
	{ algorithm: alg, kid, key }: SigningKey,
	{ now, config }: Services,
): Promise<string> {
	const iat = now();
	const claims = {
		iss: config.issuer,
		sub: subject,
		aud: client.id,
		iat,
		exp: iat + logoutTokenTtl,
		// However often it is sent: whoever has seen it already knows it again.
		jti: await sha256(`logout ${id} ${endedAt}`),
		sid,
		events: { "http://schemas.openid.net/event/backchannel-logout": {} },
	};
	return signPayload(JSON.stringify(claims), { alg, kid, typ: "logout+jwt" }, key);
}
