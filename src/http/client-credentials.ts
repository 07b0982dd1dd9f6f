import type { ClientAuthMethod } from "../domain/client.ts";
import { readBasic } from "./authorization-header.ts";
import type { PresentedCredential } from "./presented-credential.ts";

export interface ClientParams {
	readonly get: (
		name: "client_id" | "client_secret" | "client_assertion_type" | "client_assertion",
	) => string | undefined;
}

/** How a client identified itself (RFC 6749 §2.3), before anybody has looked whether it is true. */
export type ReadClient =
	| { kind: "credentials"; id: string; methods: readonly ClientAuthMethod[]; secret: string }
	| { kind: "credentials"; id: string; methods: readonly ["none"]; secret: null }
	/** RFC 7523 §2.2. `id` is null where the assertion alone says who it is. */
	| { kind: "assertion"; id: string | null; type: string; assertion: string }
	| { kind: "absent" }
	| { kind: "invalid"; detail: string };

/**
 * RFC 6749 §2.3: no more than one method in a request; a `client_id` beside Basic has to name the same client. The same secret
 * in both places is one method said twice, and whoever compares it compares one text.
 */
export function readClientCredentials(
	request: Request,
	presented: PresentedCredential,
	params: ClientParams,
): ReadClient {
	const basic = readBasic(request);
	const id = params.get("client_id");
	const secret = params.get("client_secret");
	const type = params.get("client_assertion_type");
	const assertion = params.get("client_assertion");
	const isAsserted = assertion !== undefined || type !== undefined;
	// What resources take is no way for a client to authenticate, and beside one it is a second credential (DESIGN §1).
	const isShown = presented.kind !== "none";
	if (basic.kind === "malformed") return { kind: "invalid", detail: basic.error.detail };
	const isTwice = basic.kind === "basic" && secret !== undefined && secret === basic.secret;
	const inBody = secret !== undefined && !isTwice;
	if ([basic.kind === "basic", inBody, isAsserted, isShown].filter(Boolean).length > 1) {
		return { kind: "invalid", detail: "Use one method of client authentication" };
	}
	if (basic.kind === "basic") {
		if (id !== undefined && id !== basic.id) return { kind: "invalid", detail: "client_id names another client" };
		// RFC 6749 §2.3.1: an empty password is the empty secret of a client that has none.
		if (basic.secret === "") return { kind: "credentials", id: basic.id, methods: ["none"], secret: null };
		return {
			kind: "credentials",
			id: basic.id,
			methods: isTwice ? ["client_secret_basic", "client_secret_post"] : ["client_secret_basic"],
			secret: basic.secret,
		};
	}
	if (isAsserted) {
		if (assertion === undefined || type === undefined) {
			return { kind: "invalid", detail: "client_assertion and client_assertion_type go together" };
		}
		return { kind: "assertion", id: id ?? null, type, assertion };
	}
	if (id === undefined) return { kind: "absent" };
	return secret === undefined
		? { kind: "credentials", id, methods: ["none"], secret: null }
		: { kind: "credentials", id, methods: ["client_secret_post"], secret };
}
