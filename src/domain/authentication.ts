/** RFC 8176 §2: by what somebody proved who they are. A password is all that there is yet. */
export type AuthenticationMethod = "pwd";

/** What stands where nothing was recorded: sign-ins and grants of before were all by password. */
export const byPassword: readonly AuthenticationMethod[] = ["pwd"];

/**
 * OIDC Core §2, `acr`: the contexts that a sign-in can have, the strongest first, each with the methods that it takes. One that is
 * here can be had, and is advertised.
 */
const contexts = { pwd: ["pwd"] } as const satisfies Readonly<Record<string, readonly AuthenticationMethod[]>>;

export type Acr = keyof typeof contexts;

export const acrValues = Object.keys(contexts) as readonly Acr[];

/** Those of the values that can be had here, in their order. */
export function havable(values: readonly unknown[]): readonly Acr[] {
	return values.flatMap((value) => acrValues.find((acr) => acr === value) ?? []);
}

/** Whether somebody who signed in by these has one of the contexts; null asks for none. */
export function isOneOf(wanted: readonly Acr[] | null, amr: readonly AuthenticationMethod[]): boolean {
	return wanted?.some((acr) => has(amr, acr)) ?? true;
}

/** What a token says of how somebody signed in: `amr`, and the strongest context that it makes. */
export function authenticationOf(amr: readonly AuthenticationMethod[]): {
	readonly acr?: Acr;
	readonly amr: readonly AuthenticationMethod[];
} {
	const acr = acrValues.find((each) => has(amr, each));
	return { ...(acr !== undefined && { acr }), amr };
}

function has(amr: readonly AuthenticationMethod[], acr: Acr): boolean {
	return contexts[acr].every((method) => amr.includes(method));
}
