import { call, type Credential, good } from "./keys-api.ts";

// Providers that people sign in through, by the API.

export interface ShownProvider {
	readonly id: string;
	readonly kind: "oidc" | "github";
	readonly name: string;
	readonly issuer: string;
	readonly client_id: string;
	readonly enabled: boolean;
	readonly only: boolean;
	readonly trusts_amr: boolean;
	readonly scopes: readonly string[];
	readonly redirect_uri: string;
}

export const providersOfAccount = "/v1/sign-in-providers";
export const providersOfDeployment = "/v1/deployment/sign-in-providers";

let made = 0;

/** What the API takes. */
export function providerBody(changes: object = {}) {
	made += 1;
	const said = { kind: "oidc", name: `Provider ${made}`, issuer: `https://idp-${made}.example` };
	return { ...said, client_id: "latchkey", client_secret: `secret-${made}`, ...changes };
}

/** Of Acme, or wherever the credential is of. */
export async function newProvider(changes: object = {}, credential?: Credential): Promise<ShownProvider> {
	await makeRoom(providersOfAccount, credential);
	return good<ShownProvider>(await call("POST", providersOfAccount, providerBody(changes), credential), 201);
}

/** For all the deployment. */
export async function newDeploymentProvider(changes: object = {}): Promise<ShownProvider> {
	await makeRoom(providersOfDeployment);
	return good<ShownProvider>(await call("POST", providersOfDeployment, providerBody(changes)), 201);
}

export async function providersAt(path: string, credential?: Credential): Promise<readonly ShownProvider[]> {
	const answer = good<{ sign_in_providers: ShownProvider[] }>(await call("GET", path, undefined, credential));
	return answer.sign_in_providers;
}

/** There may be few of them, and a file of tests makes many. */
export async function makeRoom(path: string, credential?: Credential): Promise<void> {
	const there = await providersAt(path, credential);
	if (there.length < 18) return;
	for (const { id } of there) await call("DELETE", `${path}/${id}`, undefined, credential);
}
