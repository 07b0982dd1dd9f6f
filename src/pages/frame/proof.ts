import type { Seconds } from "../../domain/brands.ts";
import type { Params } from "../../http/body.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import type { Headers } from "../../http/reply.ts";
import { auditPerson } from "../../operations/audit-person.ts";
import { isRecent, type Proof, provePerson, type Unproved, whatProves } from "../../operations/checks/prove-person.ts";
import { requestOptions } from "../../operations/people/passkeys.ts";
import type { AnySignedIn } from "../../operations/people/sign-in.ts";
import type { Services } from "../../operations/services.ts";
import { tryAgain } from "../../ui/instant.tsx";
import type { ProofAgain, WaysToProve } from "../../ui/proof-fields.tsx";

// What a person shows once more in a form of the console, by the fields of ui/proof-fields.tsx.

interface Asked {
	readonly signedIn: AnySignedIn;
	readonly url: URL;
	readonly services: Services;
}

interface Sent extends Asked {
	readonly form: Params;
	readonly address: string | null;
}

/** For how long a sign-in is itself proof enough for what is deleted or takes the place of a secret. */
const fresh: Seconds = 900;

/** OWASP Authentication Cheat Sheet, "Require Re-authentication for Sensitive Features": a sign-in of a while ago is not enough. */
function needsProof({ signedIn, services }: Asked): boolean {
	return signedIn.unasked || services.now() - signedIn.authenticatedAt > fresh;
}

/** What the form of such a step asks for; null where they signed in not long ago. */
export async function proofAgain(visit: Asked, error: string | null = null): Promise<ProofAgain | null> {
	return needsProof(visit) ? { ways: await waysToProve(visit), error } : null;
}

/** What such a form says where what it has to prove is missing, or no good; null where nothing stands in its way. */
export async function refusedProof(visit: Sent): Promise<ReturnType<typeof unproved> | null> {
	if (!needsProof(visit)) return null;
	const { signedIn, address, url, services } = visit;
	const { person } = signedIn;
	const proof = proofIn(visit);
	if (!proof) return [400, noProof];
	const proved = await provePerson(person, { proof, address, knownAs: person.id }, services);
	if (proved.kind === "proved") return null;
	// Somebody may be at a browser that was left open.
	if (proved.kind === "wrong") {
		const act = { action: "proof.refused", target: person.id, address, detail: { by: proof.kind, at: url.pathname } };
		await auditPerson(person, act, services);
	}
	return unproved(proved, proof);
}

/** What a form is to ask of whoever visits. */
export async function waysToProve({ signedIn, url, services }: Asked): Promise<WaysToProve> {
	const { id: browser, person, within } = signedIn;
	const { needed } = await whatProves(person, within, services);
	const wanted = { purpose: "prove", browser, person: person.id } as const;
	return {
		password: needed === "password" || needed === "either",
		passkey: needed === "passkey" || needed === "either" ? await requestOptions(wanted, services) : null,
		isRecent: isRecent(signedIn, services),
		again: `/sign-in?continue=${encodeURIComponent(url.pathname + url.search)}`,
	};
}

/** Null where the form has none. */
export function proofIn({ signedIn, form }: { readonly signedIn: AnySignedIn; readonly form: Params }): Proof | null {
	const { id: browser, within, authenticatedAt, unasked } = signedIn;
	const response = form.get("passkey") ?? "";
	const password = form.get("password") ?? "";
	if (form.get("recent") !== undefined) return { kind: "recent", within, authenticatedAt, unasked };
	if (within !== null) return null;
	if (response !== "") return { kind: "passkey", response, purpose: "prove", browser };
	return password === "" ? null : { kind: "password", password };
}

export const noProof = "Enter your password, or use a passkey.";

/** What its form says of one that was no good. */
export function unproved(refused: Unproved, { kind }: Proof): [status: number, error: string, headers?: Headers] {
	switch (refused.kind) {
		case "wrong":
			return [403, notTaken[kind]];
		case "limited":
			return [429, `This was tried too often. ${tryAgain(refused.retryAfter)}`, rateLimitHeaders(refused)];
		case "busy":
			return [503, "The server is busy. Please try again.", { "retry-after": "1" }];
	}
}

const notTaken: Readonly<Record<Proof["kind"], string>> = {
	password: "This is not your password.",
	passkey: "Your passkey was not taken. Please try again.",
	code: "This is not the code that your app should show now.",
	recent: "Sign in again first, where you sign in.",
};
