import type { Services } from "../services.ts";
import { readSignedToken } from "./check-token.ts";

/**
 * Whether the token is one that this person got for their own password (contract 001): what they let an integration do
 * does not include to end what others do.
 */
export async function isOwnLogin(token: string, subject: string, services: Services): Promise<boolean> {
	const signed = await readSignedToken(token, services);
	return (
		signed.kind === "valid" &&
		signed.facts.origin !== "client" &&
		"sid" in signed.facts.origin &&
		signed.facts.subject === subject
	);
}
