import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type {
	OAuthClientInformationMixed,
	OAuthClientMetadata,
	OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";

/** Nobody has to listen: the person of the tests tells where they were sent. */
export const mcpRedirectUrl = "http://127.0.0.1:33333/callback";

/** What the SDK leaves to the program that uses it, kept in memory. */
export interface MemoryProvider extends OAuthClientProvider {
	state(): string;
	/** Where the person was sent. */
	authorizationUrl(): URL;
	stored(): OAuthTokens;
}

interface ProviderOptions {
	/** Registered beforehand. */
	readonly known?: OAuthClientInformationMixed;
	readonly clientMetadataUrl?: string;
	readonly redirect?: string;
	/** For RFC 7591. */
	readonly metadata?: Partial<OAuthClientMetadata>;
}

export function createMcpProvider(options: ProviderOptions = {}): MemoryProvider {
	let client = options.known;
	let tokens: OAuthTokens | undefined;
	let verifier = "";
	let sentTo: URL | undefined;
	const redirect = options.redirect ?? mcpRedirectUrl;
	const state = crypto.randomUUID();
	return {
		redirectUrl: redirect,
		...(options.clientMetadataUrl !== undefined && { clientMetadataUrl: options.clientMetadataUrl }),
		clientMetadata: {
			client_name: "MCP interop",
			redirect_uris: [redirect],
			grant_types: ["authorization_code", "refresh_token"],
			response_types: ["code"],
			token_endpoint_auth_method: "none",
			...options.metadata,
		},
		state: () => state,
		clientInformation: () => client,
		saveClientInformation: (information) => void (client = information),
		tokens: () => tokens,
		saveTokens: (given) => void (tokens = given),
		redirectToAuthorization: (url) => void (sentTo = url),
		saveCodeVerifier: (given) => void (verifier = given),
		codeVerifier: () => verifier,
		authorizationUrl: () => {
			if (!sentTo) throw new Error("The SDK did not send the person to the authorization endpoint");
			return sentTo;
		},
		stored: () => {
			if (!tokens) throw new Error("The SDK has no tokens");
			return tokens;
		},
	};
}
