import { base64url, type Bytes, concat, utf8 } from "../crypto/encoding.ts";
import { hmac, isSameText, sha256 } from "../crypto/digest.ts";
import { randomId } from "../crypto/random.ts";
import { sealText, unsealText } from "../crypto/sealing.ts";
import type { Limited, NamedLimit } from "../domain/limit.ts";
import { thrown } from "../domain/log-line.ts";
import type { FirstRequest } from "../domain/ports/idempotency.ts";
import { takeTurn } from "./limits.ts";
import { portsOf } from "./ports-of.ts";
import type { Services } from "./services.ts";

/** Whoever sends a key: theirs is another one than the same of anybody else, and than their own in another account. */
export interface Caller {
	readonly subject: string;
	readonly accountId: string | null;
}

export interface KeyedRequest {
	readonly caller: Caller;
	readonly key: string;
	/** Method, path and query. */
	readonly target: string;
	readonly body: Bytes;
	/** Whether two runs of it with one nonce (form-nonce.ts) do one thing. */
	readonly isResumable: boolean;
}

/** As it was, and is again. */
export interface KeptAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

export interface Turn {
	readonly kind: "begun";
	/** The same in each run of the key. */
	readonly nonce: string;
	keep(answer: KeptAnswer): Promise<void>;
	/** What was refused changed nothing, and may be put right. */
	release(): Promise<void>;
	/** What a fault broke off is not running any more, and nobody knows what it did. */
	breakOff(): Promise<void>;
}

export type Begun =
	| Turn
	| { readonly kind: "answered"; readonly answer: KeptAnswer }
	| { readonly kind: "other_request" | "running" | "unfinished" }
	| Limited;

/** For how long a key stands for its first request. */
export const idempotencyKeyTtl = 86_400;
/** No request runs for longer: its body alone may take most of it (http/body.ts), which was read before. */
const longestRun = 60;
const keysAnHour: NamedLimit = { name: "idempotency-keys", attempts: 1000, window: 3600 };
const purpose = "idempotency";

/**
 * draft-ietf-httpapi-idempotency-key-header-07 §2. The turn is taken before anything is changed, so that one key makes at most one
 * change: of a run that was broken off nobody knows what it did, and it is run again only where its nonce has it do nothing twice.
 */
export async function beginOnce(request: KeyedRequest, services: Services): Promise<Begun> {
	const { caller, key, isResumable } = request;
	const limited = await takeTurn({ limit: keysAnHour, of: caller.accountId ?? caller.subject }, services);
	if (limited) return limited;
	const { serverKeys, now, random } = services;
	const { idempotency } = portsOf(services);
	const id = await sha256(`${caller.subject} ${caller.accountId ?? ""} ${key}`);
	const at = now();
	const fingerprint = await fingerprintOf(request, serverKeys.newest, services);
	if (fingerprint === null) throw new RangeError("There is no newest server key");
	const turn = { id: randomId(random), nonce: randomId(random), fingerprint, at };
	const before = { forgotten: at - idempotencyKeyTtl + 1, brokenOff: isResumable ? at - longestRun : null };
	const first = await idempotency.begin(id, turn, before);
	if (first.kind === "first") return outcomeOf(first, { id, request, at }, services);
	return {
		kind: "begun",
		nonce: first.nonce,
		async keep(answer) {
			try {
				const sealed = await sealText(serverKeys, purpose, `${id} ${turn.id}`, JSON.stringify(answer));
				await idempotency.keep(id, turn.id, sealed);
			} catch (error) {
				// What was done is done, and whoever asked for it is told: another request with the key will not do it again.
				services.log("idempotency.not_kept", thrown(error));
			}
		},
		release: () => idempotency.release(id, turn.id),
		breakOff: () => idempotency.breakOff(id, turn.id, at - longestRun - 1),
	};
}

async function outcomeOf(
	{ turn, fingerprint, answer, startedAt }: FirstRequest,
	{ id, request, at }: { readonly id: string; readonly request: KeyedRequest; readonly at: number },
	services: Services,
): Promise<Begun> {
	// By the server key that the first was hashed with. One that is gone from the configuration tells nothing any more.
	const same = await fingerprintOf(request, Number.parseInt(fingerprint, 10), services);
	if (same === null) return { kind: "unfinished" };
	if (!isSameText(same, fingerprint)) return { kind: "other_request" };
	if (answer === null) return { kind: at - startedAt < longestRun ? "running" : "unfinished" };
	const kept = await unsealText(services.serverKeys, purpose, `${id} ${turn}`, answer);
	return kept === null ? { kind: "unfinished" } : { kind: "answered", answer: JSON.parse(kept) as KeptAnswer };
}

/** By a server key, since a body may have a password, which who reads the stores could else guess. */
async function fingerprintOf(
	{ target, body }: KeyedRequest,
	version: number,
	{ serverKeys }: Services,
): Promise<string | null> {
	const key = await serverKeys.hmac(purpose, version);
	return key && `${version} ${base64url(await hmac(key, concat(utf8(`${target}\n`), body)))}`;
}
