import { sha256 } from "../crypto/digest.ts";
import { randomId } from "../crypto/random.ts";
import { sealToken } from "../crypto/sealed-token.ts";
import type { Client } from "../domain/client.ts";
import type { CodeRecord } from "../domain/ports.ts";
import type { Scope } from "../domain/scope.ts";
import type { SubjectId } from "../domain/subject.ts";
import type { Clear, Seconds } from "../domain/words.ts";
import type { Services } from "./services.ts";

/** Contract 000: "The temporary authorization code is valid for 3 minutes." */
const codeTtl: Seconds = 180;

export interface Consent {
	readonly client: Client;
	readonly subject: SubjectId;
	readonly accountId: string;
	readonly scope: Scope;
	readonly redirectUri: string;
	readonly redirectUriNamed: boolean;
	readonly codeChallenge: string | null;
	readonly address: string | null;
}

/**
 * Turns a consent into a code. In this order: the register (no grant is unlisted), the ledger (it decides), then the copy
 * in KV, which may fail: the ledger has the same record (DESIGN §3).
 */
export async function issueCode(consent: Consent, services: Services): Promise<Clear> {
	const { client, subject, accountId } = consent;
	const grantId = randomId(services.random);
	const secret = services.random(32);
	const code = await sealToken("code", { subject, accountId, id: grantId, generation: 0, secret }, services.serverKeys);
	const now = services.now();
	const record: CodeRecord = {
		id: grantId,
		clientId: client.id,
		accountId,
		scope: consent.scope,
		rotation: client.rotation,
		code: {
			hash: await sha256(code),
			expiresAt: now + codeTtl,
			redirectUri: consent.redirectUri,
			redirectUriNamed: consent.redirectUriNamed,
			codeChallenge: consent.codeChallenge,
		},
	};
	await services.register.addInstall(
		{
			grantId,
			clientId: client.id,
			accountId,
			subject,
			scope: consent.scope,
			createdAt: now,
			expiresAt: now + services.config.grantTtl,
		},
		{
			at: now,
			accountId,
			actor: subject,
			action: "grant.open",
			target: grantId,
			address: consent.address,
			detail: { client: client.id },
		},
	);
	await services.ledgers.of(subject).openGrant(record);
	try {
		await services.codes.put(record.code.hash, record, codeTtl);
	} catch {
		services.log("codes.put_failed", { grant: grantId });
	}
	return code;
}
