import { env, waitUntil, WorkerEntrypoint } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { checkMail, readConfig } from "./config.ts";
import { systemRandom } from "./crypto/random.ts";
import { createServices } from "./operations/upkeep/create-services.ts";
import { createLog } from "./operations/log.ts";
import type { ApiKeyVerdict, TokenVerdict, Unavailable } from "./operations/checks/verdicts.ts";
import { refuseOutsiders } from "./local-only.ts";
import { readColo } from "./domain/lease-route.ts";
import type { Seconds } from "./domain/brands.ts";
import type { SubjectId } from "./domain/subject.ts";
import { cloudflareMail } from "./platform/cloudflare/mail.ts";
import { LedgerObject } from "./platform/cloudflare/ledger-object.ts";
import { WebhookAlarmObject } from "./platform/cloudflare/webhook-alarm-object.ts";
import { cloudflarePlatform } from "./platform/cloudflare/platform.ts";

export { KeyRingObject as KeyRing } from "./platform/cloudflare/key-ring-object.ts";
export { LimiterObject as Limiter } from "./platform/cloudflare/limiter-object.ts";
export { DeviceRequestsObject as DeviceRequests } from "./platform/cloudflare/device-requests-object.ts";
export { ReplicaObject as Replica } from "./platform/cloudflare/replica-object.ts";

// At the top, so that bad configuration stops the start of the Worker and not its first request.
const config = readConfig({ ...env });
/** Where this isolate is: it stays there. Until a request has said so, and locally, nowhere. */
let colo: string | null = null;
const services = createServices(config, cloudflarePlatform(env, config.replicas ? () => colo : null), {
	now: () => Math.floor(Date.now() / 1000),
	random: systemRandom,
	log: createLog((line) => console.info(line)),
	later: (work) => waitUntil(work),
	webhookAlarm: (endpointId, at) => env.WEBHOOK_ALARM.getByName(endpointId).ring(at),
	mail: checkMail(cloudflareMail(env, config.mailFrom), "the binding EMAIL", config),
	readStatic: async (path) => {
		// The host says nothing: the binding goes by the path alone.
		const file = await env.ASSETS.fetch(`https://assets.local/static/${path}`);
		if (!file.ok) throw new Error(`The static file ${path} is answered by ${file.status}.`);
		return file.text();
	},
	// Not with the log: a letter has its secret in it.
	show: (text) => console.log(text),
});
const app = createApp(services, before);

let isSeeded = !config.demoData;
let seeding: Promise<null> | null = null;
/** Once for each isolate, before its first answer; a failure is tried again. */
function seed(): Promise<null> {
	seeding ??= import("./operations/upkeep/seed-demo.ts")
		.then(({ seedDemo }) => seedDemo(services))
		.then(() => {
			isSeeded = true;
			return null;
		})
		.finally(() => (seeding = null));
	return seeding;
}

/** Knows what is due for one endpoint, by nothing but its alarm. */
export class WebhookAlarm extends WebhookAlarmObject {
	override sendDueWebhooks(endpointId: string): Promise<Seconds | null> {
		return app.sendDueWebhooks(endpointId);
	}
}

export class Ledger extends LedgerObject {
	override sendDueLogouts(subject: SubjectId): Promise<void> {
		return app.sendDueLogouts(subject);
	}
}

export default {
	fetch(request, _env, ctx) {
		colo ??= readColo(request.cf?.colo);
		// Cloudflare sets this header itself, over whatever a client sends.
		const reply = app.fetch(request, request.headers.get("cf-connecting-ip"));
		// What a client started is finished though the client goes away: an audit entry after a revocation, or a lookup that
		// other requests wait for.
		if (reply instanceof Promise) ctx.waitUntil(reply);
		return reply;
	},
	scheduled: () => app.scheduled(),
} satisfies ExportedHandler<Env>;

function before(request: Request, url: URL | null): Promise<Response | null> | Response | null {
	// workerd hands on no request whose address is none.
	const outside = url && refuseOutsiders(url, config);
	if (outside) return outside;
	const file = url && staticFile(url);
	if (file) return env.ASSETS.fetch(new Request(file, request));
	return isSeeded ? null : seed();
}

/** Where a file under an issuer's path lies among the assets, which know of no such path. */
function staticFile(asked: URL): URL | null {
	const { basePath } = config;
	// What is asked for without the path, the assets router answered before the Worker was called.
	if (basePath === "" || !asked.pathname.startsWith(`${basePath}/static/`)) return null;
	return new URL(asked.pathname.slice(basePath.length), asked);
}

/**
 * For the other Workers of this Cloudflare account: they verify what they were handed with no network between. In the
 * wrangler.toml of such a Worker:
 *
 *     [[services]]
 *     binding = "LATCHKEY"
 *     service = "latchkey"
 *     entrypoint = "Verifier"
 *
 * Who may bind is for the owner of the Cloudflare account to say, and whoever is bound may ask about every account of
 * latchkey. So the Worker that asks has to say which account its request is about, and never from the credential itself.
 * `{ valid: false, reason: "unavailable" }`: something failed on our side and nothing was verified; answer 503.
 */
export class Verifier extends WorkerEntrypoint<Env> {
	// The demonstration data is seeded by HTTP requests alone, which a deployment with the local ISSUER refuses.

	/**
	 * Whether an access token or a login token still counts, revocation included, and what it opens. `account` is the slug
	 * of the account that the request is about: a token of another is `other_account`. Without it any account's token is
	 * valid, and the answer's `account` has to be compared. `resource` is the identifier by which clients name the Worker
	 * that asks (RFC 8707), if it has one: tokens for it are valid beside those for latchkey itself, and no others. With
	 * `maxStaleness` (whole seconds, 0 to 60) the answer may be one of less than that ago, and says `checkedAt`.
	 *
	 * Of a token in `Authorization: DPoP` (RFC 9449) say `dpop`: the text of the request's `DPoP` header (null where it has none), its
	 * method, and its URL as clients know it. The proof is checked here, and used up, whatever was remembered of the token. A token
	 * that is bound to a key is `invalid` without, and so is one that is not with it. `invalid_dpop_proof` and `use_dpop_nonce` are
	 * for `error` of a challenge, the latter with `nonce` for the `DPoP-Nonce` header beside it.
	 */
	verifyToken(
		token: string,
		about?: {
			readonly account?: string;
			readonly resource?: string;
			readonly maxStaleness?: number;
			readonly dpop?: { readonly proof: string | null; readonly method: string; readonly url: string };
		},
	): Promise<TokenVerdict | Unavailable> {
		return this.#finish(app.verify.token(token, about ?? {}));
	}

	/**
	 * Whether an access code opens an account, and what there. `account` is its slug, and cannot be left out: permissions
	 * belong to (key, account). A key that was never given to the account is as `unknown` as one that does not exist. `resource`
	 * names the API whose permissions are asked for; without it they are latchkey's own. `address` is where the request came from
	 * (`cf-connecting-ip`): a key that is limited to networks is `network_refused` without. `maxStaleness` as above.
	 */
	verifyKey(
		key: string,
		about: {
			readonly account: string;
			readonly resource?: string;
			readonly address?: string;
			readonly maxStaleness?: number;
		},
	): Promise<ApiKeyVerdict | Unavailable> {
		return this.#finish(app.verify.key(key, about ?? {}));
	}

	#finish<Verdict>(verdict: Promise<Verdict>): Promise<Verdict> {
		// As in fetch: a lookup that other requests wait for is finished though the caller goes away.
		this.ctx.waitUntil(verdict);
		return verdict;
	}
}
