import { asksOnDevices, type Ceiling, type Client, type ClientOptions, demandable } from "./client.ts";

type Bounded = Pick<Client, "scope" | "redirectUris" | "grantTypes" | "options">;

/** After an administrator has changed a client. Empty where nothing was ever taken away. */
export function ceilingAfter(before: Bounded, after: Bounded): Pick<ClientOptions, "ceiling"> {
	const { ceiling = {} } = before.options;
	const scope = narrowed(ceiling.scope, before.scope, after.scope);
	const redirectUris = narrowed(ceiling.redirectUris, before.redirectUris, after.redirectUris);
	const postLogoutRedirectUris = narrowed(
		ceiling.postLogoutRedirectUris,
		before.options.postLogoutRedirectUris,
		after.options.postLogoutRedirectUris,
	);
	const hasOtherKeys = ceiling.keys || !haveSameKeys(before, after);
	const withoutDevices = !asksOnDevices(after) && (ceiling.withoutDevices === true || asksOnDevices(before));
	// What it said itself, it may take back.
	const isDemanded = (name: (typeof demandable)[number]) => ceiling.demands?.[name] ?? !before.options[name];
	const demanded = demandable.filter((name) => after.options[name] && isDemanded(name));
	const demands = Object.fromEntries(demanded.map((name) => [name, true]));
	const next: Ceiling = {
		...(scope && { scope }),
		...(redirectUris && { redirectUris }),
		...(postLogoutRedirectUris && { postLogoutRedirectUris }),
		...(hasOtherKeys && { keys: true }),
		...((withoutDevices || ceiling.withoutDevices) && { withoutDevices }),
		...((ceiling.demands ?? demanded.length > 0) && { demands }),
	};
	return Object.keys(next).length > 0 ? { ceiling: next } : {};
}

/** Whether what a client says of itself has something, its scope aside, that was taken away from it. */
export function isAboveCeiling(before: Bounded, after: Bounded): boolean {
	const { ceiling = {} } = before.options;
	return (
		goesBeyond(ceiling.redirectUris, after.redirectUris) ||
		goesBeyond(ceiling.postLogoutRedirectUris, after.options.postLogoutRedirectUris) ||
		(ceiling.keys === true && !haveSameKeys(before, after)) ||
		(ceiling.withoutDevices === true && asksOnDevices(after))
	);
}

function goesBeyond(most: readonly string[] | undefined, asked: readonly string[] = []): boolean {
	return most !== undefined && asked.some((each) => !most.includes(each));
}

/** Undefined while nothing was taken away. What an administrator adds is in reach again. */
function narrowed(
	ceiling: readonly string[] | undefined,
	before: readonly string[] = [],
	after: readonly string[] = [],
): readonly string[] | undefined {
	const taken = before.filter((each) => !after.includes(each));
	if (!ceiling) return taken.length > 0 ? after : undefined;
	return [...new Set([...ceiling.filter((each) => !taken.includes(each)), ...after])];
}

function haveSameKeys({ options: a }: Bounded, { options: b }: Bounded): boolean {
	return JSON.stringify([a.jwks, a.jwksUri]) === JSON.stringify([b.jwks, b.jwksUri]);
}
