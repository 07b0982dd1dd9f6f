import type { Call, Members } from "./call.ts";
import { differences, type State } from "./differences.ts";
import type { Plan } from "./plan.ts";

export interface MadeProvider {
	readonly name: string;
	readonly state: State;
	readonly id: string;
	/** What it has to be registered with at the provider. */
	readonly redirect_uri: string;
	/** The members in which it is not as in the file. */
	readonly differs?: readonly string[];
}

/**
 * Where people sign in, of the account and of the whole deployment, by what never changes of them; with the domains whose people are led
 * there. That they are the account's is shown by DNS or an operator.
 */
export async function* makeProviders(
	wanted: Plan["providers"],
	call: Call,
	token: string,
): AsyncGenerator<MadeProvider> {
	for (const { deployment_wide: isWide, domains, ...provider } of wanted) {
		const path = isWide ? "/v1/deployment/sign-in-providers" : "/v1/sign-in-providers";
		const known = (await call("GET", path, null, token)).sign_in_providers as Members[];
		const there = known.find((each) =>
			(["kind", "issuer", "client_id"] as const).every((name) => each[name] === provider[name]),
		);
		const { id, redirect_uri } = there ?? (await call("POST", path, provider, token));
		for (const domain of domains) await call("PUT", `/v1/domains/${domain}`, { provider_id: id }, token);
		const made = { name: provider.name, id: String(id), redirect_uri: String(redirect_uri) };
		// The secret is told nobody.
		const { client_secret: _, ...members } = provider;
		const differs = there ? differences(whole(members), whole(there)) : [];
		yield differs.length > 0 ? { ...made, state: "differs", differs } : { ...made, state: there ? "there" : "made" };
	}
}

/** With groups and roles as texts, to be compared. */
function whole({ group_roles: roles, ...provider }: Members): Members {
	return Array.isArray(roles) ? { ...provider, group_roles: roles.map((each) => JSON.stringify(each)) } : provider;
}
