import { sha256 } from "../../crypto/digest.ts";
import { randomId } from "../../crypto/random.ts";
import { sealToken } from "../../crypto/sealed-token.ts";
import { isSelfRegistered } from "../../domain/client.ts";
import type { Asked } from "../../domain/consent.ts";
import { isFapi } from "../../domain/client-profile.ts";
import { codeTtl, codeTtlOfFapi } from "../../domain/grant.ts";
import { tiesOf } from "../../domain/logout.ts";
import type { IdentityTerms } from "../../domain/identity.ts";
import type { CodeRecord } from "../../domain/ports/codes.ts";
import type { Agreeable } from "../../domain/effective-scope.ts";
import { untilWritten } from "../edit.ts";
import { type Between, heldGrants, stepUpOf } from "./held-grants.ts";
import type { Clear, Hash, Seconds } from "../../domain/brands.ts";
import { deviceCodeTtl, type DeviceGrant, type DeviceRequest } from "../../domain/device-request.ts";
import { spelledAsRegistered } from "../clients/as-registered.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { entryOf } from "../audit.ts";

/** What a person agreed to. */
export interface Agreement extends Between {
	/** Of what was asked for now. */
	readonly agreed: Agreeable;
	/** Null where `openid` was not asked for. What ties the grant to the sign-in is added. */
	readonly identity: IdentityTerms | null;
	readonly redirectUri: string;
	readonly redirectUriNamed: boolean;
	readonly codeChallenge: string | null;
	/** The thumbprint of the key that has to be proven to redeem the code; null for none. */
	readonly senderKey: string | null;
	readonly address: string | null;
	/** The part of it that may stand for the next time; null where nothing may. */
	readonly remember: Asked | null;
}

/**
 * Turns an agreement into a code. In this order: the register (no grant is unlisted), the ledger (it decides), then the copy
 * in KV, which may fail: the ledger has the same record (DESIGN §3.2).
 */
export async function issueCode(agreement: Agreement, services: Services): Promise<Clear> {
	const ttl = isFapi(agreement.client) ? codeTtlOfFapi : codeTtl;
	const { text } = await openFor(agreement, services, async (id) => {
		const { subject, accountId } = agreement;
		const secret = services.random(32);
		const sealed = await sealToken("code", { subject, accountId, id, generation: 0, secret }, services.serverKeys);
		return { text: sealed, hash: await sha256(sealed), ttl, goesBack: true };
	});
	return text;
}

/** Opens the grant that a device code redeems, which the device has already (RFC 8628): only its hash is known here. */
export async function openForDevice(
	agreement: Agreement,
	{ codeHash, from }: Pick<DeviceRequest, "codeHash" | "from">,
	services: Services,
): Promise<DeviceGrant> {
	const { subject, accountId } = agreement;
	const code = { subject, accountId, hash: codeHash, ttl: deviceCodeTtl, goesBack: false, device: from.program };
	return openFor(agreement, services, async (grantId) => ({ ...code, grantId }));
}

/** What redeems a grant. */
interface GrantCode {
	readonly hash: Hash;
	readonly ttl: Seconds;
	/** Whether to the browser of the sign-in: a device goes on when somebody signs out in the browser that they let it in with. */
	readonly goesBack: boolean;
	/** What asked, where that was a device, in words of ours. */
	readonly device?: string;
}
type CodeFor<Code> = (grantId: string) => Promise<Code>;

async function openFor<Code extends GrantCode>(
	agreement: Agreement,
	services: Services,
	codeFor: CodeFor<Code>,
): Promise<Code> {
	const opened = await untilWritten(() => tryOpening(agreement, services, codeFor));
	if ("kind" in opened) throw new Error("What a client has was changed all the time");
	return opened;
}

async function tryOpening<Code extends GrantCode>(
	agreement: Agreement,
	services: Services,
	codeFor: CodeFor<Code>,
): Promise<Code | "overtaken"> {
	const { client, subject, accountId, identity, remember, address } = agreement;
	const resource =
		agreement.resource && (await spelledAsRegistered(agreement.resource, agreement.targets, accountId, services));
	const held = await heldGrants(agreement, services);
	const { after } = await stepUpOf({ ...agreement, resource }, agreement.agreed, held, services);
	const { scope, unchecked, replaces } = after;
	const grantId = randomId(services.random);
	const code = await codeFor(grantId);
	const now = services.now();
	const expiresAt = now + services.config.grantTtl;
	const record: CodeRecord = {
		id: grantId,
		clientId: client.id,
		accountId,
		scope,
		...(unchecked.length > 0 && { unchecked }),
		...(resource && { resource }),
		...(identity && { identity: code.goesBack ? { ...identity, ...tiesOf(client, scope) } : identity }),
		rotation: client.rotation,
		code: {
			hash: code.hash,
			expiresAt: now + code.ttl,
			redirectUri: agreement.redirectUri,
			redirectUriNamed: agreement.redirectUriNamed,
			codeChallenge: agreement.codeChallenge,
			...(agreement.senderKey !== null && { senderKey: agreement.senderKey }),
			...(replaces.length > 0 && { replaces }),
		},
	};
	// Nobody registered it but itself: it stays because a person wants it.
	if (isSelfRegistered(client)) {
		await portsOf(services).clients.keep(client, now);
		services.signingKeys.publishFor(client);
	}
	await portsOf(services).register.addInstall(
		{
			grantId,
			clientId: client.id,
			accountId,
			subject,
			scope,
			unchecked,
			createdAt: now,
			expiresAt,
		},
		entryOf(
			{ subject, accountId, address },
			{
				action: "grant.open",
				target: grantId,
				detail: {
					client: client.id,
					...(code.device !== undefined && { device: code.device }),
					...(replaces.length > 0 && { replaces: replaces.length }),
				},
			},
			services,
		),
	);
	const consent = remember && { ...remember, clientId: client.id, accountId, expiresAt };
	const opened = await portsOf(services).ledgers.of(subject).openGrant(record, consent, now);
	if (opened === "overtaken") return opened;
	try {
		await portsOf(services).codes.put(code.hash, record, code.ttl);
	} catch {
		services.log("codes.put_failed", { grant: grantId });
	}
	return code;
}
