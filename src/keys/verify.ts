import { readBody } from "../http/body.ts";
import { readBasic } from "../http/authorization-header.ts";
import { problem } from "../http/problem.ts";
import { json } from "../http/reply.ts";
import { authenticateClient } from "../operations/authenticate-client.ts";
import type { Call } from "../operations/call.ts";
import { checkAccessCode } from "../operations/check-access-code.ts";

/**
 * `POST /v1/keys/verify`, for a resource server that was handed an access code as `key`: whether it is good, and what it
 * permits in the caller's own account. The caller is a client, authenticated by HTTP Basic. A key that was never given to
 * the caller's account is `unknown`, as one that does not exist is.
 */
export async function verify({ request, services }: Call): Promise<Response> {
	const basic = readBasic(request);
	const caller =
		basic.kind === "basic" ? await authenticateClient({ ...basic, method: "client_secret_basic" }, services) : null;
	if (!caller) {
		return problem(
			{ status: 401, title: "Unauthorized", detail: "Authenticate as a client, with HTTP Basic." },
			{ "www-authenticate": 'Basic realm="latchkey", charset="UTF-8"' },
		);
	}
	const body = await readBody(request, { json: true });
	if (!body.ok) return problem({ status: body.error.status, title: "Malformed request", detail: body.error.detail });
	const key = body.params.get("key");
	if (key === undefined) return problem({ status: 400, title: "Malformed request", detail: "key is missing" });
	const check = await checkAccessCode(key, caller.accountId, services);
	if (check.kind === "refused") {
		return json(200, { valid: false, reason: check.reason === "no_access" ? "unknown" : check.reason });
	}
	const { keyId, accountId, permissions, expiresAt } = check;
	return json(200, { valid: true, key_id: keyId, account_id: accountId, permissions, expires_at: expiresAt });
}
