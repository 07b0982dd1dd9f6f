import { problemCodes } from "./problem-codes.ts";
import type { Credential } from "./documentation.ts";

// What the description of the API says once, and refers to by name.

export type JsonSchema = Readonly<Record<string, unknown>>;
export type SchemeName = keyof typeof securitySchemes;

export const securitySchemes = {
	bearer: {
		type: "http",
		scheme: "bearer",
		description:
			"`Authorization: Bearer`: an access token, a login token, or the `token` of a key file. An access token that is bound to a key " +
			"comes as `Authorization: DPoP`, with its proof in the header `DPoP` (RFC 9449).",
	},
	accessCode: {
		type: "apiKey",
		in: "header",
		name: "x-api-key",
		description: "`x-api-key`: an access code of an API key.",
	},
	accessCodeQuery: { type: "apiKey", in: "query", name: "apiKey", description: "`?apiKey=`: the same in the query." },
	tokenPair: {
		type: "apiKey",
		in: "header",
		name: "X-LAST9-API-TOKEN",
		description: "`X-LAST9-API-TOKEN: Bearer`: an access token.",
	},
	publicKey: {
		type: "apiKey",
		in: "header",
		name: "x-api-key",
		description: "`x-api-key`: the public key of an environment, which sends events there and nothing else.",
	},
	publicKeyQuery: {
		type: "apiKey",
		in: "query",
		name: "apiKey",
		description: "`?apiKey=`: a public key in the query.",
	},
	client: { type: "http", scheme: "basic", description: "HTTP Basic: the id and the secret of a client." },
	registration: {
		type: "http",
		scheme: "bearer",
		description: "`Authorization: Bearer`: the `registration_access_token` of the client itself (RFC 7592).",
	},
	deployment: {
		type: "http",
		scheme: "bearer",
		description: "`Authorization: Bearer`: the `SETUP_SECRET` of the deployment.",
	},
	session: { type: "apiKey", in: "cookie", name: "__Host-latchkey", description: "A person who signed in here." },
} as const;

export const schemeOf: Readonly<Record<Exclude<Credential, "body">, SchemeName>> = {
	bearer: "bearer",
	last9: "tokenPair",
	access_code: "accessCode",
	access_code_query: "accessCodeQuery",
	public_key: "publicKey",
	public_key_query: "publicKeyQuery",
	client: "client",
	registration: "registration",
	deployment: "deployment",
	session: "session",
};

/** What stands with each 429 (http/rate-limit.ts). */
export const limitHeaders = {
	"Retry-After": {
		description: "In how many seconds there is more (RFC 9110 §10.2.3).",
		schema: { type: "integer" },
	},
	RateLimit: {
		description:
			"The name of the limit that was met, with what remains (`r`) and the seconds until there is more (`t`).",
		schema: { type: "string" },
		example: '"password-network";r=0;t=900',
	},
	"RateLimit-Policy": {
		description: "The same limit, with how much it is of (`q`) in how many seconds (`w`).",
		schema: { type: "string" },
		example: '"password-network";q=60;w=900',
	},
} as const;

/** RFC 9457 */
export const problemSchema: JsonSchema = {
	title: "Problem",
	type: "object",
	required: ["type", "title", "status", "detail", "code", "instance"],
	properties: {
		type: { type: "string", description: "Which kind it is: the address of a page about its `code`." },
		code: { type: "string", description: "The same for programs: it never changes.", enum: Object.keys(problemCodes) },
		title: { type: "string", description: "The status in words." },
		status: { type: "integer", description: "The status of the answer." },
		detail: { type: "string", description: "For people." },
		instance: { type: "string", description: "`urn:uuid:` and the answer's `Request-Id`." },
		permission: { type: "string", description: "The permission that is missing." },
		errors: {
			type: "array",
			description: "The members of the request that are wrong.",
			items: {
				title: "WrongMember",
				type: "object",
				required: ["field", "detail"],
				properties: {
					field: { type: "string", description: "The way to it: `filters.0.value`." },
					detail: { type: "string", description: "What is wrong with it, for people." },
				},
			},
		},
	},
};
