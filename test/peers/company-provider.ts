import { createServer } from "node:https";
import { Provider } from "oidc-provider";
import { freePort } from "../runners/free-port.ts";
import type { Certificates } from "./certificates.ts";
import type { AtProvider } from "./guest.ts";

/** The OpenID Provider of a company: oidc-provider as it comes, but for who is there, and who may ask. */
export interface CompanyProvider {
	readonly issuer: string;
	readonly client: { readonly id: string; readonly secret: string };
	/** Where the client has people come back to: after signing in, and after signing out. */
	allow(redirectUri: string, signedOutUri: string): void;
	/** What it says of somebody from now on, who signs in by this name. */
	employ(name: string, claims: Claims): void;
	/** It signs by another key from now on, and publishes that one alone. */
	rotate(): Promise<void>;
	stop(): Promise<void>;
}

type Claims = Readonly<Record<string, unknown>>;

export async function startCompanyProvider({ key, cert }: Certificates): Promise<CompanyProvider> {
	const port = await freePort();
	const issuer = `https://localhost:${port}`;
	const client = { id: "latchkey at work", secret: `a secret/with + signs % of ${port}` };
	const staff = new Map<string, Claims>();
	let uris = { redirect: `${issuer}/none`, signedOut: `${issuer}/none` };
	let keys = await newKeys();

	const make = () =>
		new Provider(issuer, {
			clients: [
				{
					client_id: client.id,
					client_secret: client.secret,
					redirect_uris: [uris.redirect],
					post_logout_redirect_uris: [uris.signedOut],
				},
			],
			jwks: keys,
			cookies: { keys: ["for these tests alone"] },
			claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
			findAccount: (_context: unknown, name: string) => ({
				accountId: name,
				claims: () => ({ sub: name, ...staff.get(name) }),
			}),
		});

	let provider = make();
	const server = createServer({ key, cert }, (request, response) => provider.callback()(request, response));
	await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));
	return {
		issuer,
		client,
		allow(redirect, signedOut) {
			uris = { redirect, signedOut };
			provider = make();
		},
		employ: (name, claims) => void staff.set(name, claims),
		async rotate() {
			keys = await newKeys();
			provider = make();
		},
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Signs in there by this name, and says yes. */
export function asEmployee(login: string): AtProvider {
	return async (person, link) => {
		const page = await person.submit(await person.open(link), "Sign-in", { login, password: "any" });
		return page.left ? page : person.submit(page, "Continue");
	};
}

async function newKeys() {
	const rsa = {
		name: "RSASSA-PKCS1-v1_5",
		modulusLength: 2048,
		publicExponent: Uint8Array.of(1, 0, 1),
		hash: "SHA-256",
	};
	const { privateKey } = await crypto.subtle.generateKey(rsa, true, ["sign", "verify"]);
	const { key_ops: _, ext: __, ...jwk } = await crypto.subtle.exportKey("jwk", privateKey);
	return { keys: [{ ...jwk, alg: "RS256", use: "sig", kid: crypto.randomUUID() }] };
}
