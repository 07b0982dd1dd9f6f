import { makeAccessCode } from "../../crypto/access-code.ts";
import { makeClientId, makeClientSecret } from "../../crypto/client-secret.ts";
import { sha256 } from "../../crypto/digest.ts";
import { type Bytes, fromBase64url } from "../../crypto/encoding.ts";
import type { Random } from "../../crypto/random.ts";
import type { ServerKeys } from "../../crypto/server-keys.ts";
import type { Client } from "../../domain/client.ts";
import { identityScopes, type Profile } from "../../domain/identity.ts";
import { permissions } from "../../domain/permission.ts";
import { toScope } from "../../domain/scope.ts";
import { type SubjectId, subjectId } from "../../domain/subject.ts";
import type { Clear, Hash } from "../../domain/brands.ts";
import { findApiKey, locatorOf } from "../checks/api-key-locator.ts";

/**
 * The demonstration data, for a loopback issuer only (config.ts refuses any other). Ids and secrets are made from their
 * names, so that with the development key they are always those which the README lists.
 */
export interface DemoData {
	readonly accounts: { readonly acme: string; readonly globex: string };
	readonly people: readonly DemoPerson[];
	readonly integration: DemoClient;
	/** A confidential web application whose refresh tokens rotate, and which may act for itself. */
	readonly webApp: DemoClient;
	/** A public native application: PKCE, rotation, no secret. */
	readonly nativeApp: DemoClient;
	readonly environments: readonly { readonly id: string; readonly workspace: string; readonly name: string }[];
	readonly policyId: string;
	readonly apiKey: {
		readonly id: SubjectId;
		readonly codeId: string;
		readonly accessCode: Clear;
		readonly codeHash: Hash;
	};
}

interface DemoPerson {
	readonly id: SubjectId;
	readonly username: string;
	readonly password: string;
	readonly name: string;
	readonly profile: Profile;
	readonly roles: Readonly<Partial<Record<"acme" | "globex", "admin" | "member">>>;
}

export interface DemoClient {
	readonly client: Client;
	readonly secret: Clear | null;
}

export async function makeDemoData(keys: ServerKeys): Promise<DemoData> {
	const accounts = { acme: await idOf("acme"), globex: await idOf("globex") };
	const person = async (
		username: string,
		name: string,
		roles: DemoPerson["roles"],
		profile: Profile,
	): Promise<DemoPerson> => ({
		id: subjectId({ kind: "person", home: "any", id: await idOf(username) }),
		username,
		password: `${username}-demo-password`,
		name,
		roles,
		profile,
	});
	const application = { ...base, kind: "application", accountId: accounts.acme, rotation: "rotate" } as const;
	const keyId = subjectId({ kind: "key", home: "any", id: await idOf("api key") });
	const accessCode = await makeAccessCode(locatorOf(keyId), keys, await sameRandom("access code"));
	const codeHash = (await findApiKey(accessCode, keys))?.hash;
	if (!codeHash) throw new Error("The demo's access code does not read back");
	return {
		accounts,
		people: [
			await person("ada", "Ada Lovelace", { acme: "admin" }, adaProfile),
			await person("grace", "Grace Hopper", { globex: "admin", acme: "member" }, {}),
		],
		integration: await makeClient(keys, "integration", {
			...base,
			kind: "integration",
			accountId: accounts.globex,
			name: "Globex Insights",
			description: "Charts and alerts from the events of your environments.",
			logoSvg,
			redirectUris: ["http://localhost:8788/callback"],
			authMethods: ["client_secret_post", "client_secret_basic"],
			grantTypes: ["authorization_code", "refresh_token"],
			scope: ["environments:read", "events:read"],
			rotation: "keep",
			accessTokenTtl: 86_400,
		}),
		webApp: await makeClient(keys, "web app", {
			...application,
			name: "Acme Portal",
			description: "The customer portal of Acme.",
			redirectUris: ["http://localhost:8788/portal/callback"],
			authMethods: ["client_secret_basic", "client_secret_post"],
			grantTypes: ["authorization_code", "refresh_token", "client_credentials"],
			scope: toScope([...Object.keys(permissions), ...Object.keys(identityScopes)]),
			options: { postLogoutRedirectUris: ["http://localhost:8788/portal/signed-out"] },
		}),
		nativeApp: await makeClient(keys, "native app", {
			...application,
			name: "Acme CLI",
			description: "The command line tools of Acme.",
			redirectUris: ["http://127.0.0.1:8788/cli/callback"],
			authMethods: ["none"],
			grantTypes: ["authorization_code", "refresh_token"],
			scope: toScope(["environments:read", "events:read", ...Object.keys(identityScopes)]),
		}),
		environments: [
			{ id: await idOf("prod"), workspace: "my-workspace", name: "prod" },
			{ id: await idOf("staging"), workspace: "my-workspace", name: "staging" },
		],
		policyId: await idOf("policy"),
		apiKey: { id: keyId, codeId: await idOf("access code"), accessCode, codeHash },
	};
}

/** 16 bytes as base64url: the last of 22 characters carries four bits only. */
async function idOf(name: string): Promise<string> {
	return `${(await sha256(`latchkey demo ${name}`)).slice(0, 21)}A`;
}

const base = { state: "active", notBefore: 0, logoSvg: null, accessTokenTtl: 3600, options: {} } as const;

/** Every claim of OIDC Core §5.1, so that whoever tries a client sees what it would get. */
const adaProfile: Profile = {
	given_name: "Ada",
	middle_name: "King",
	family_name: "Lovelace",
	nickname: "Countess",
	profile: "https://acme.example/people/ada",
	picture: "https://acme.example/people/ada.png",
	website: "https://ada.example",
	gender: "female",
	birthdate: "1815-12-10",
	zoneinfo: "Europe/London",
	locale: "en-GB",
	email: "ada@acme.example",
	phone_number: "+442079460000",
	address: { street_address: "12 St James's Square", locality: "London", postal_code: "SW1Y 4JH", country: "UK" },
	updated_at: 1_767_225_600,
};

const logoSvg =
	'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="10" fill="#0b6e4f"/>' +
	'<path d="M10 34l9-12 7 7 12-17" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>';

async function makeClient(keys: ServerKeys, name: string, fields: Omit<Client, "id" | "secrets">): Promise<DemoClient> {
	const id = await makeClientId(keys, await sameRandom(`${name} id`));
	if (fields.authMethods.includes("none")) return { client: { ...fields, id, secrets: [] }, secret: null };
	const { secret, stored } = await makeClientSecret(keys, await sameRandom(`${name} secret`));
	return { client: { ...fields, id, secrets: [stored] }, secret };
}

/** Bytes that are always the same for the same name. */
async function sameRandom(name: string): Promise<Random> {
	const bytes: Bytes = fromBase64url(await sha256(`latchkey demo ${name}`)) ?? new Uint8Array(32);
	return (length) => bytes.slice(0, length);
}
