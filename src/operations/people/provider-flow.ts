import { base64url, fromBase64url, fromUtf8, utf8 } from "../../crypto/encoding.ts";
import { sealBytes, unsealBytes } from "../../crypto/sealing.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import { readJsonText } from "../../json-text.ts";
import type { Services } from "../services.ts";

/** What a browser that left for a provider keeps until it comes back. It is of no use in another, nor to another provider. */
export interface ProviderFlow {
	readonly state: string;
	readonly nonce: string;
	/** RFC 7636 §4.1 */
	readonly verifier: string;
	/** A path of ours, for whoever comes back. */
	readonly continueTo: string;
	/** The sign-in of whoever wants to be known by this provider from now on; null: somebody wants to sign in. */
	readonly linkedTo: string | null;
	/** Whether the provider was told to ask them anew. */
	readonly anew: boolean;
	readonly startedAt: Seconds;
}

/** As long as it may take to sign in there: with a second factor, on another device. */
export const flowTtl: Seconds = 600;

const purpose = "provider flow";

export async function sealFlow(providerId: string, flow: ProviderFlow, { serverKeys }: Services): Promise<Clear> {
	return base64url(await sealBytes(serverKeys, purpose, providerId, utf8(JSON.stringify(flow)))) as Clear;
}

/** Null for what was begun at another provider, is no flow of ours, or is over. */
export async function openFlow(
	providerId: string,
	sealed: string | null,
	{ serverKeys, now }: Services,
): Promise<ProviderFlow | null> {
	const box = sealed === null || sealed.length > 16_000 ? null : fromBase64url(sealed);
	const opened = box && (await unsealBytes(serverKeys, purpose, providerId, box));
	const read = opened && readJsonText(fromUtf8(opened.plain));
	if (!read?.ok) return null;
	// Of our own making: the seal fits.
	const flow = read.value as ProviderFlow;
	return now() < flow.startedAt + flowTtl ? flow : null;
}
