import type { Seconds } from "./brands.ts";

/**
 * By what somebody proved who they are: RFC 8176 §2, and of OpenID Connect EAP ACR Values 1.0 §3 `pop`, the proof of a key's
 * possession. `user` is a device that looked whether its owner is there, `mfa` more than one factor.
 */
const methods = ["pwd", "otp", "pop", "user", "mfa"] as const;
export type AuthenticationMethod = (typeof methods)[number];

export function isAuthenticationMethod(text: string): text is AuthenticationMethod {
	return methods.some((each) => each === text);
}

/** What stands where nothing was recorded: sign-ins and grants of before were all by password. */
export const byPassword: readonly AuthenticationMethod[] = ["pwd"];

/** A recovery code in the place of the one-time code is a second factor as well. */
export const byPasswordAndCode: readonly AuthenticationMethod[] = ["pwd", "otp", "mfa"];

/** What somebody has shown whose password was enough, or was not and they have shown a code as well. */
export function byAllOf({ oneTimeCodes }: { readonly oneTimeCodes?: object }): readonly AuthenticationMethod[] {
	return oneTimeCodes ? byPasswordAndCode : byPassword;
}

/** Its device has asked for a PIN or a finger: something that one has, and something that one knows or is. */
export const byPasskey: readonly AuthenticationMethod[] = ["pop", "user", "mfa"];

/** The ways in that there are. What none of them makes cannot be had, and is not advertised. */
const ways: readonly (readonly AuthenticationMethod[])[] = [byPasskey, byPassword, byPasswordAndCode];

/**
 * OIDC Core §2, `acr`: the contexts that a sign-in can have, the strongest first, each with the methods that it takes. `phr` is that
 * of EAP ACR Values §2; the one of several factors is OpenID's as well (PAPE 1.0 §4), and what most clients ask for.
 */
const contexts = {
	phr: ["pop"],
	"http://schemas.openid.net/pape/policies/2007/06/multi-factor": ["mfa"],
	pwd: ["pwd"],
} as const satisfies Readonly<Record<string, readonly AuthenticationMethod[]>>;

export type Acr = keyof typeof contexts;

const strongestFirst = Object.keys(contexts) as readonly Acr[];

export const acrValues = strongestFirst.filter((acr) => ways.some((way) => has(way, acr)));

/** What a client asks for (OIDC Core §5.5.1.1). */
export interface AskedContexts {
	/** The sign-in is to have one of them, the preferred first. */
	readonly acrs: readonly Acr[];
	/** Whether any other is none. */
	readonly isEssential: boolean;
}

/** Those of the values that can be had here, in their order. */
export function havable(values: readonly unknown[]): readonly Acr[] {
	return values.flatMap((value) => acrValues.find((acr) => acr === value) ?? []);
}

/** Whether somebody who signed in by these has one of the contexts; null asks for none. */
export function isOneOf(wanted: readonly Acr[] | null, amr: readonly AuthenticationMethod[]): boolean {
	return wanted?.some((acr) => has(amr, acr)) ?? true;
}

/** Whether somebody could have one of them, by what they have set up. */
export function isInReach(wanted: readonly Acr[], set: readonly (readonly AuthenticationMethod[])[]): boolean {
	return set.some((way) => isOneOf(wanted, way));
}

/**
 * OIDC Core §5.5.1.1: of contexts that a client asked for, the first that the sign-in has, which is what it is to be told; nothing
 * where it asked for none that the sign-in has.
 */
export function contextMet(
	wanted: readonly Acr[] | null,
	amr: readonly AuthenticationMethod[],
): { readonly acr?: Acr } {
	const acr = wanted?.find((each) => has(amr, each));
	return acr === undefined ? {} : { acr };
}

/** What a token says of how somebody signed in: `amr`, and the context that was asked for, else the strongest that it makes. */
export function authenticationOf(
	amr: readonly AuthenticationMethod[],
	asked?: Acr,
): { readonly acr?: Acr; readonly amr: readonly AuthenticationMethod[] } {
	const acr = asked ?? strongestFirst.find((each) => has(amr, each));
	return { ...(acr !== undefined && { acr }), amr };
}

/** What an access token says of the sign-in behind it: when it was, and how strong. */
export interface ShownAuthentication {
	readonly at: Seconds;
	/** Left out where nothing is said of how it was. */
	readonly acr?: string;
}

/** What is kept of the sign-in that somebody agreed in. */
export interface SignedIn {
	readonly authenticatedAt: Seconds;
	/** Left out: by password. */
	readonly amr?: readonly AuthenticationMethod[];
	/** Left out: the strongest that those make. */
	readonly acr?: Acr;
}

/** RFC 9470 §6.1, RFC 9068 §2.2.1: nothing where the grant tells nobody who somebody is. */
export function authenticationClaims(of: SignedIn | undefined): { readonly auth_time?: Seconds; readonly acr?: Acr } {
	if (!of) return {};
	const { acr } = authenticationOf(of.amr ?? byPassword, of.acr);
	return { auth_time: of.authenticatedAt, ...(acr !== undefined && { acr }) };
}

/** Of the claims of a token that is ours; undefined where it says nothing. */
export function readAuthentication({
	auth_time: at,
	acr,
}: Readonly<Record<string, unknown>>): ShownAuthentication | undefined {
	if (typeof at !== "number") return undefined;
	return { at, ...(typeof acr === "string" && { acr }) };
}

function has(amr: readonly AuthenticationMethod[], acr: Acr): boolean {
	return contexts[acr].every((method) => amr.includes(method));
}
