import { writeInstant } from "../../domain/instant.ts";
import { keyRefusals } from "../../domain/key-refusals.ts";
import * as v from "valibot";
import { visibleCode } from "../../crypto/access-code.ts";
import { described, instant, titled } from "../../http/described.ts";
import { maxStalenessRule, maxStalenessSchema, readMaxStaleness } from "../../endpoint/max-staleness.ts";
import { readBody } from "../../http/body.ts";
import { readBasic } from "../../http/authorization-header.ts";
import { problem } from "../../http/problem.ts";
import { openJson } from "../../http/reply.ts";
import { authenticateClient } from "../../operations/clients/authenticate-client.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { twoCredentials } from "../../endpoint/guard.ts";
import { hasOther, readCredential } from "../../http/presented-credential.ts";
import { ratePeriodNames, type UsesLeft } from "../../domain/key-limits.ts";
import { isAddress } from "../../domain/network.ts";
import { verifyKeyFor } from "../../operations/checks/verify-key.ts";

/**
 * `POST /v1/keys/verify`, for a resource server that was handed an access code as `key`: whether it is good, and what it
 * permits at the APIs that the caller serves (at latchkey, where it serves none). The caller is a client, authenticated by HTTP
 * Basic. A key that was never given to the account is `unknown`, as one that does not exist is.
 */
async function verify(call: Call): Promise<Response> {
	const { request, url, services } = call;
	const basic = readBasic(request);
	const caller =
		basic.kind === "basic" ? await authenticateClient({ ...basic, methods: ["client_secret_basic"] }, services) : null;
	// One that registered itself has no account that a key could permit something in.
	if (!caller || caller.accountId === null) {
		return problem(401, "Authenticate as a client, with HTTP Basic.", {
			headers: { "www-authenticate": 'Basic realm="latchkey", charset="UTF-8"' },
		});
	}
	if (hasOther(readCredential(request, url), null))
		return problem(400, twoCredentials.detail, { code: "two_credentials" });
	const body = await readBody(request, { json: true });
	if (!body.ok) return problem(body.error.status, body.error.detail, { title: "Malformed request" });
	const key = body.params.get("key");
	if (key === undefined) return problem(400, "key is missing");
	const account = body.params.get("account") ?? null;
	const address = body.params.get("address") ?? null;
	if (address !== null && !isAddress(address)) return problem(400, "address is no IP address");
	const maxStaleness = readMaxStaleness(body.params.get("max_staleness"));
	if (maxStaleness === "not_one") return problem(400, maxStalenessRule);
	const asking = { ...caller, accountId: caller.accountId };
	const { answer: check, checkedAt } = await verifyKeyFor(
		asking,
		{ key, account, address },
		maxStaleness ?? 0,
		services,
	);
	if (check.kind === "refused") {
		const { reason, limited } = check;
		const retry = limited && { retry_after: limited.retryAfter };
		return openJson(call, { valid: false, reason: reason === "no_access" ? "unknown" : reason, ...retry });
	}
	const { keyId, accountId, permissions, expiresAt, at, left } = check;
	return openJson(call, {
		valid: true,
		key_id: keyId,
		code: visibleCode(key),
		account_id: accountId,
		...at,
		permissions,
		expires_at: writeInstant(expiresAt),
		...(left && shownLeft(left)),
		...(maxStaleness !== null && { checked_at: writeInstant(checkedAt) }),
	});
}

function shownLeft({ uses, rate }: UsesLeft) {
	const shown = rate && { uses: rate.uses, per: rate.per, left: rate.left, resets_at: writeInstant(rate.endsAt) };
	return { ...(uses !== undefined && { uses_left: uses }), ...(shown && { rate: shown }) };
}

const goodSchema = titled(
	"GoodKey",
	v.object({
		valid: described(v.literal(true), "It is good."),
		key_id: described(v.string(), "The id of its key."),
		code: described(v.string(), "What is visible of it wherever it is listed, fit for a log: `lk_AQCZ3_k7\u2026pHto`."),
		account_id: described(v.string(), "The account that it opens."),
		account: v.optional(described(v.string(), "For whoever serves APIs: its slug.")),
		resource: v.optional(
			described(v.array(v.string()), "For whoever serves APIs: the identifiers of those whose permissions are told."),
		),
		permissions: described(
			v.array(v.string()),
			"What it permits there at the APIs that the caller serves; at latchkey, where it serves none.",
		),
		expires_at: instant("When it ends, or its key does."),
		uses_left: v.optional(
			described(v.number(), "Of a key that may be used so many times: how many are left after this one."),
		),
		rate: v.optional(
			described(
				titled(
					"KeyRateLeft",
					v.object({
						uses: described(v.number(), "How often it may be used in a period."),
						per: described(v.picklist(ratePeriodNames), "The period."),
						left: described(v.number(), "How often still, after this one."),
						resets_at: instant("When the period ends."),
					}),
				),
				"Of a key that may be used so often in a period.",
			),
		),
		checked_at: v.optional(instant("Where `max_staleness` was sent: when this was so.")),
	}),
);
const badSchema = titled(
	"BadKey",
	v.object({
		valid: described(v.literal(false), "It is not good."),
		reason: described(
			v.picklist(["unknown", ...keyRefusals]),
			"Why it is not. `network_refused`: the key may be used from certain networks, and `address` is in none of them, or was not " +
				"sent. `rate_limited` and `uses_spent`: it was used as often as it may be.",
		),
		retry_after: v.optional(described(v.number(), "Of `rate_limited`: in how many seconds there is more.")),
	}),
);

export const verifyEndpoint = endpoint(verify, {
	tag: "Verification",
	summary: "Ask whether an access code is good, and what it permits at your API",
	description:
		"For resource servers. The caller is a confidential client. One that serves APIs (they name it, or it names its account's own " +
		"among its `resources`) is told the permissions of those alone; one that serves none, latchkey's own. It learns of its own " +
		"account alone, in which a key that was never given to it is `unknown`; whoever serves an API of the whole deployment learns of " +
		"the key owner's, or of the `account` that it names. `max_staleness` lets it be told again what it was told a moment ago, but of a key whose uses are counted: each verification is one. A form is taken too. A Worker on the same Cloudflare account can ask by a service binding instead, with no network between.",
	credentials: ["client"],
	body: {
		media: ["application/json"],
		// Read by http/body.ts.
		schema: titled(
			"VerifyKey",
			v.object({
				key: described(v.string(), "The access code that somebody presented."),
				account: v.optional(described(v.string(), "The account's slug, where the key may be linked into several.")),
				address: v.optional(
					described(
						v.string(),
						"The IP address that the key was presented from, as you know it: a key that is limited to networks is refused without.",
					),
				),
				max_staleness: maxStalenessSchema,
			}),
		),
		example: { key: "lk_…" },
	},
	answers: {
		200: {
			description: "The verdict.",
			schema: v.variant("valid", [goodSchema, badSchema]),
		},
		400: {
			description: "There is no key in it, `address` is none, or `max_staleness` is no number of seconds from 0 to 60.",
		},
		401: { description: "The caller did not authenticate as a client, by HTTP Basic." },
		413: { description: "The body is larger than 16 KiB." },
		415: { description: "Neither a form nor JSON." },
	},
});
