import { hmac } from "../../crypto/digest.ts";
import { type Bytes, utf8 } from "../../crypto/encoding.ts";
import { sealText, unsealText } from "../../crypto/sealing.ts";
import type { Sealed, Seconds } from "../../domain/brands.ts";
import type { WebhookEndpoint } from "../../domain/webhook.ts";
import type { WebhookMessage } from "../../domain/webhook-event.ts";
import type { Services } from "../services.ts";

// Standard Webhooks, "Signature scheme": symmetric, by HMAC-SHA256 under a secret of each endpoint.

const purpose = "webhook secret";
const prefix = "whsec_";

/** As it is shown, of 32 bytes: the specification asks for 24 to 64. */
export function writeSecret(bytes: Bytes): string {
	return prefix + bytes.toBase64();
}

type Owned = Pick<WebhookEndpoint, "id" | "accountId">;

export function sealSecret(secret: string, of: Owned, { serverKeys }: Pick<Services, "serverKeys">): Promise<Sealed> {
	return sealText(serverKeys, purpose, contextOf(of), secret);
}

/**
 * The headers of one try: by the newest secret, and by the one before as long as that is good, with a space between. Null where no
 * secret can be opened: the key that it was sealed by is gone.
 */
export async function signedHeaders(
	endpoint: WebhookEndpoint,
	{ id, body }: Pick<WebhookMessage, "id" | "body">,
	now: Seconds,
	{ serverKeys }: Pick<Services, "serverKeys">,
): Promise<Readonly<Record<string, string>> | null> {
	const { sealedSecret, previous } = endpoint;
	const sealed = [sealedSecret, ...(previous && now < previous.until ? [previous.sealedSecret] : [])];
	const opened = await Promise.all(sealed.map((each) => unsealText(serverKeys, purpose, contextOf(endpoint), each)));
	const secrets = opened.filter((each) => each !== null);
	if (secrets.length === 0) return null;
	const content = utf8(`${id}.${now}.${body}`);
	const signatures = await Promise.all(
		secrets.map(async (secret) => `v1,${(await hmac(await keyOf(secret), content)).toBase64()}`),
	);
	return { "webhook-id": id, "webhook-timestamp": String(now), "webhook-signature": signatures.join(" ") };
}

function keyOf(secret: string): Promise<CryptoKey> {
	const bytes = Uint8Array.fromBase64(secret.slice(prefix.length));
	return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** So that no secret opens under another endpoint's row. */
function contextOf({ id, accountId }: Owned): string {
	return `${accountId} ${id}`;
}
