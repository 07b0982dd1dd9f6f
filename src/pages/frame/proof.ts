import type { Params } from "../../http/body.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import type { Headers } from "../../http/reply.ts";
import type { Proof, Unproved } from "../../operations/checks/prove-person.ts";
import { tryAgain } from "../../ui/instant.tsx";

// What a person shows once more in a form of the console, by the fields of ui/proof-fields.tsx.

/** Null where the form has none. */
export function proofIn(form: Params): Proof | null {
	const password = form.get("password") ?? "";
	return password === "" ? null : { kind: "password", password };
}

export const noProof = "Enter your password.";

/** What its form says of one that was no good. */
export function unproved(refused: Unproved): [status: number, error: string, headers?: Headers] {
	switch (refused.kind) {
		case "wrong":
			return [403, "This is not your password."];
		case "limited":
			return [429, `This was tried too often. ${tryAgain(refused.retryAfter)}`, rateLimitHeaders(refused)];
		case "busy":
			return [503, "The server is busy. Please try again.", { "retry-after": "1" }];
	}
}
