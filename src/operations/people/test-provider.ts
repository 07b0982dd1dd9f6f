import {
	checkKeys,
	checkMetadata,
	type Finding,
	isFetched,
	membersOf,
	notFetched,
} from "../../domain/provider-check.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { SignInProvider } from "../../domain/sign-in-provider.ts";
import { readJsonText } from "../../json-text.ts";
import { takeTurn } from "../limits.ts";
import type { Services } from "../services.ts";
import { githubApi } from "./ask-provider.ts";
import { findProvider, type ProviderManager } from "./sign-in-providers.ts";

/** Whoever sets one up tries often; nobody has us knock at strangers' doors all day. */
const tests: NamedLimit = { name: "provider-test", attempts: 30, window: 3600 };

/** As at a sign-in (ask-provider.ts). */
const maxBytes = 256 * 1024;
const timeoutMs = 8000;

export type ProviderTested =
	| { readonly kind: "tested"; readonly provider: SignInProvider; readonly findings: readonly Finding[] }
	| { readonly kind: "unknown" }
	| Limited;

/**
 * Reads what a provider says of itself, and its keys, as a sign-in through it would, and says in words what is right and what is wrong.
 * Nothing is changed by it, and nobody signs in: whether it takes our secret shows at a sign-in alone.
 */
export async function testProvider(id: string, manager: ProviderManager, services: Services): Promise<ProviderTested> {
	const provider = await findProvider(id, manager, services);
	if (!provider) return { kind: "unknown" };
	const limited = await takeTurn({ limit: tests, of: manager.accountId ?? "deployment" }, services);
	if (limited) return limited;
	const read = reader(services);
	const findings = await (provider.kind === "github"
		? testGithub(provider, read)
		: testOpenId(provider, read, services));
	return { kind: "tested", provider, findings };
}

/** OpenID Connect Discovery 1.0 §4 */
async function testOpenId(provider: SignInProvider, read: Read, { config }: Services): Promise<readonly Finding[]> {
	const url = `${provider.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
	const metadata = await read(url);
	if (!metadata.ok) return [notFetched("discovery", `Its discovery document (${url}): ${metadata.why}.`)];
	const { value: said } = metadata;
	const found = [
		isFetched("discovery", `Its discovery document (${url}) can be read.`),
		...checkMetadata(provider, said, config),
	];
	if (typeof said.jwks_uri !== "string") return found;
	const keys = await read(said.jwks_uri);
	return [...found, keys.ok ? checkKeys(said, keys.value) : notFetched("keys", `Its key set: ${keys.why}.`)];
}

/** GitHub says nothing of itself: only whether its API is there can be seen. */
async function testGithub({ issuer }: SignInProvider, read: Read): Promise<readonly Finding[]> {
	const meta = await read(`${githubApi(new URL(issuer))}/meta`);
	return [meta.ok ? isFetched("discovery", "Its API can be read.") : notFetched("discovery", `Its API: ${meta.why}.`)];
}

type Read = (
	url: string,
) => Promise<
	| { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
	| { readonly ok: false; readonly why: string }
>;

/** Within one time for all of it, behind the guard that stands before every address of a stranger's. */
function reader({ outbound }: Services): Read {
	const signal = AbortSignal.timeout(timeoutMs);
	return async (url) => {
		const sent = { headers: { accept: "application/json" }, body: null };
		const asked = await outbound.ask(url, sent, { maxBytes, signal });
		if (asked.kind === "failed") return { ok: false, why: lowered(asked.reason) };
		const { status } = asked.response;
		if (status !== 200) return { ok: false, why: `it was answered with ${status}, and not with 200` };
		const json = readJsonText(await asked.response.text());
		const isObject = json.ok && typeof json.value === "object" && json.value !== null && !Array.isArray(json.value);
		return isObject ? { ok: true, value: membersOf(json.value) } : { ok: false, why: "it is no JSON object" };
	};
}

function lowered(reason: string): string {
	return reason.charAt(0).toLowerCase() + reason.slice(1);
}
