/**
 * How deep and how many: every bound that a caller can meet, and nowhere else. What a request has too much of is refused with
 * 400, what an account would have too much of with 409, each with the limit in its text. docs/bounds.md and the API's
 * documentation are made from this list.
 */
export interface Bound {
	readonly most: number;
	/** What is counted, so that `at most <most> <what>` reads well. */
	readonly what: string;
	/** In what. */
	readonly of: string;
	/** 200 where the answer says what was left out. */
	readonly status: 200 | 400 | 409 | 429;
}

export const bounds = {
	jsonLevels: { most: 100, what: "levels of objects and arrays", of: "JSON, wherever it is read", status: 400 },
	parameters: { most: 200, what: "parameters", of: "a query, a form or the JSON of a token request", status: 400 },
	resources: { most: 8, what: "resources", of: "a request (RFC 8707)", status: 400 },
	uncheckedScopes: {
		most: 20,
		what: "values that nobody here knows",
		of: "a scope, for a resource that nobody registered",
		status: 400,
	},
	attributes: { most: 50, what: "members", of: "the `attributes` of a change event", status: 400 },
	fieldNames: { most: 8, what: "names", of: "a field of a search, from `data.` on", status: 400 },
	filters: { most: 20, what: "filters", of: "a search", status: 400 },
	filterValues: { most: 50, what: "values", of: "a filter of a search with `in`", status: 400 },
	listText: { most: 200, what: "characters", of: "the search or a filter of a list", status: 400 },
	events: { most: 100, what: "events", of: "a `POST /v1/events`", status: 400 },
	otlpRecords: {
		most: 1000,
		what: "log records or spans",
		of: "an OTLP request, which rejects the others",
		status: 200,
	},
	otlpMessages: { most: 100_000, what: "messages", of: "an OTLP request: attributes, values, records, …", status: 400 },
	protobufLevels: { most: 100, what: "levels of messages", of: "protobuf", status: 400 },
	policyPermissions: { most: 150, what: "permissions", of: "a policy", status: 400 },
	policies: { most: 500, what: "policies", of: "an account", status: 409 },
	keys: { most: 1_000_000, what: "API keys of its own", of: "an account", status: 409 },
	environments: { most: 200, what: "environments", of: "an account", status: 409 },
	clients: { most: 1000, what: "integrations and applications", of: "an account", status: 409 },
	invitations: { most: 200, what: "open invitations", of: "an account", status: 409 },
	people: { most: 1000, what: "people", of: "an account", status: 409 },
	passkeys: { most: 20, what: "passkeys", of: "a person", status: 409 },
	ownAccounts: { most: 10, what: "accounts that they made", of: "a person who is no operator", status: 409 },
	operators: { most: 50, what: "operators", of: "a deployment", status: 409 },
	apis: { most: 100, what: "APIs of its own", of: "an account or the deployment", status: 409 },
	links: { most: 100, what: "links", of: "an API key", status: 409 },
	codes: { most: 2, what: "access codes", of: "an API key", status: 409 },
	sessions: { most: 10_000, what: "live login sessions", of: "a person, an API key or a client", status: 429 },
	tags: { most: 20, what: "tags", of: "an API key", status: 400 },
	keyPolicies: { most: 50, what: "policies", of: "an API key in one account", status: 400 },
	keyNetworks: { most: 20, what: "networks", of: "the limits of an API key", status: 400 },
	apiPermissions: { most: 100, what: "permissions", of: "an API", status: 400 },
	apiServers: { most: 20, what: "clients that serve it", of: "an API", status: 400 },
	redirectUrls: { most: 10, what: "redirect URLs", of: "a client that people register", status: 400 },
	returnUrls: { most: 10, what: "URLs to return to", of: "a client that people register", status: 400 },
	served: { most: 10, what: "resources that it serves", of: "a client that people register", status: 400 },
	exchangedFor: {
		most: 10,
		what: "APIs that it may exchange tokens for",
		of: "a client that people register",
		status: 400,
	},
	assertedAt: {
		most: 10,
		what: "other servers that it may have assertions for",
		of: "a client that people register",
		status: 400,
	},
	exchanges: { most: 4, what: "exchanges, one after the other", of: "an access token (RFC 8693)", status: 400 },
	trustedIssuers: { most: 50, what: "issuers that it trusts", of: "an account", status: 409 },
	issuerClients: { most: 50, what: "clients", of: "an identity provider that an account trusts", status: 400 },
	claimRules: { most: 50, what: "rules", of: "an issuer of workloads that an account trusts", status: 400 },
	ruleClaims: { most: 10, what: "claims", of: "a rule for workloads", status: 400 },
	signInProviders: { most: 20, what: "providers to sign in through", of: "an account or the deployment", status: 409 },
	webhooks: { most: 10, what: "webhook endpoints", of: "an account", status: 409 },
	accountDomains: { most: 50, what: "domains of e-mail addresses", of: "an account", status: 409 },
	groupRoles: { most: 100, what: "groups with a role", of: "a provider to sign in through", status: 400 },
	metadata: { most: 20, what: "members", of: "a list that a client registers of itself", status: 400 },
	staleness: {
		most: 60,
		what: "seconds",
		of: "the `max_staleness` of an introspection or the verification of a key",
		status: 400,
	},
	clientKeys: { most: 20, what: "keys", of: "a JWK set of a client", status: 400 },
} as const satisfies Readonly<Record<string, Bound>>;

/** `at most 100 levels of objects and arrays` */
export function atMost({ most, what }: Bound): string {
	return `at most ${most} ${what}`;
}

/** `more than 100 levels of objects and arrays` */
export function moreThan({ most, what }: Bound): string {
	return `more than ${most} ${what}`;
}

/** Why an account gets no more of it. */
export function isFull(bound: Bound): string {
	return `There are as many as there may be: ${bound.of} has ${atMost(bound)}.`;
}
