import { byPasskey } from "../../domain/authentication.ts";
import type { Limited } from "../../domain/limit.ts";
import { isPasskeyOf, verifyPasskeyAssertion } from "../checks/verify-passkey.ts";
import type { Services } from "../services.ts";
import { type Browser, openSignInOf, type SignInOpened } from "./sign-in.ts";

export type PasskeySignIn =
	| ({ readonly kind: "signed_in" } & SignInOpened)
	| { readonly kind: "wrong" | "late" }
	| Limited;

/**
 * Opens a browser's sign-in for whoever has the passkey: it says itself who they are. `asked` is what the browser keeps beside the
 * challenge, so that an answer counts where it was asked for and nowhere else.
 */
export async function signInByPasskey(
	given: { readonly response: string; readonly asked: string | null; readonly cookie: string | null } & Browser,
	services: Services,
): Promise<PasskeySignIn> {
	const { response, asked, cookie, address } = given;
	if (asked === null) return { kind: "wrong" };
	const wanted = { purpose: "sign_in", browser: asked, person: null, address } as const;
	const verdict = await verifyPasskeyAssertion(response, wanted, services);
	if (verdict.kind !== "right") return verdict;
	const { person, passkeyId } = verdict;
	const holds = () => isPasskeyOf(passkeyId, person, services);
	const proven = { person, amr: byPasskey, within: null, holds };
	const opened = await openSignInOf(proven, { cookie, browser: given }, services);
	return opened ? { kind: "signed_in", ...opened } : { kind: "wrong" };
}
