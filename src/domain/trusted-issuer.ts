import { resourceProblem } from "./audience.ts";
import { atMost, bounds } from "./bounds.ts";
import { type AssertionAlg, assertionAlgs, canVerify, isSecretKey, type JwkSet, readJwkSet } from "./client-keys.ts";
import type { FieldProblem } from "./client-option-problems.ts";
import { patternProblem } from "./claim-pattern.ts";
import { readName } from "./display-name.ts";
import { fetchProblem, type Own } from "./public-host.ts";

/** What an issuer vouches for: people of the account (an ID-JAG), or programs that run somewhere. */
export const issuerKinds = ["identity_provider", "workload"] as const;
export type IssuerKind = (typeof issuerKinds)[number];

/** What of an ID-JAG says which member of the account its subject is. */
export const subjectClaims = ["aud_sub", "email"] as const;
type SubjectClaim = (typeof subjectClaims)[number];

/** Whose JWTs an account takes as a grant (RFC 7523 §2.1), by which keys, and for whom. */
export interface TrustedIssuer {
	readonly id: string;
	readonly accountId: string;
	readonly kind: IssuerKind;
	/** What `iss` says, exactly. */
	readonly issuer: string;
	readonly name: string;
	/** Its public keys, here or (`jwksUri`) there. */
	readonly jwks?: JwkSet;
	readonly jwksUri?: string;
	readonly algorithms: readonly AssertionAlg[];
	/** Of an identity provider: the clients that its assertions may be presented by. */
	readonly clients: readonly string[];
	readonly subject: SubjectClaim;
	/** Of an identity provider: what `tenant` says, where one issuer is many companies'; null for one that is none's but ours. */
	readonly tenant: string | null;
	/** Of a workload's issuer. */
	readonly rules: readonly ClaimRule[];
}

/** Which workloads are this client of the account: those of whose claims each says what stands here. */
export interface ClaimRule {
	readonly client: string;
	/** By the names of claims: a text, in which `*` stands for anything. */
	readonly claims: Readonly<Record<string, string>>;
}

export type IssuerDraft = Omit<TrustedIssuer, "id" | "accountId">;

/** The draft as it would be kept: what is not of its kind is left out. */
export function tidyIssuer(draft: IssuerDraft): IssuerDraft {
	const { kind, issuer, name, jwks, jwksUri, algorithms, clients, subject, tenant, rules } = draft;
	const isProvider = kind === "identity_provider";
	return {
		kind,
		issuer: issuer.trim(),
		name: readName(name) ?? name,
		...(jwks && { jwks }),
		...(jwksUri !== undefined && { jwksUri: jwksUri.trim() }),
		algorithms: assertionAlgs.filter((each) => algorithms.includes(each)),
		clients: isProvider ? [...new Set(clients.map((each) => each.trim()))] : [],
		subject: isProvider ? subject : "aud_sub",
		tenant: isProvider ? tenant?.trim() || null : null,
		rules: isProvider ? [] : rules,
	};
}

/** Everything that is wrong with a tidy draft, by the names of the JSON API. */
export function issuerProblems(draft: IssuerDraft, own: Own): readonly FieldProblem[] {
	const { kind, issuer, name, algorithms, clients, tenant, rules } = draft;
	const problems: FieldProblem[] = [];
	const add = (field: string, detail: string) => problems.push({ field, detail });
	if (readName(name) !== name) add("name", "The name must have 1 to 100 printable characters.");
	const wrong = issuerProblem(issuer, own);
	if (wrong !== null) add("issuer", wrong);
	for (const [field, detail] of keyProblems(draft, own)) add(field, detail);
	if (algorithms.length === 0) add("algorithms", `Choose at least one of ${assertionAlgs.join(", ")}.`);
	if (tenant !== null && tenant.length > 255) add("tenant", "A tenant has at most 255 characters.");
	if (kind === "identity_provider" && clients.length === 0) {
		add("clients", "Name the clients that may present its assertions, by their client IDs.");
	}
	if (clients.length > bounds.issuerClients.most) {
		add("clients", `${bounds.issuerClients.of} has ${atMost(bounds.issuerClients)}.`);
	}
	if (kind === "workload" && rules.length === 0) add("rules", "Say which workloads are which application.");
	if (rules.length > bounds.claimRules.most) add("rules", `${bounds.claimRules.of} has ${atMost(bounds.claimRules)}.`);
	for (const [index, rule] of rules.entries()) {
		const ofRule = ruleProblem(rule);
		if (ofRule !== null) add(`rules.${index}`, ofRule);
	}
	return problems;
}

/** RFC 7519 §4.1.1: an absolute URI here, as every issuer of these kinds has it. What we sign ourselves needs no trust. */
function issuerProblem(issuer: string, { issuer: ours }: Own): string | null {
	if (!issuer.startsWith("https://") || resourceProblem(issuer) !== null) {
		return "Give the issuer as its tokens have it in iss: a URL that begins with https.";
	}
	return issuer.replace(/\/$/, "") === ours.replace(/\/$/, "") ? "That is latchkey's own issuer." : null;
}

function* keyProblems({ jwks, jwksUri, algorithms }: IssuerDraft, own: Own): Generator<readonly [string, string]> {
	if ((jwks === undefined) === (jwksUri === undefined)) {
		yield ["jwks_uri", "Give the URL where its public keys are, or the keys themselves, and not both."];
	}
	const ofUri = jwksUri === undefined ? null : fetchProblem(jwksUri, own);
	if (ofUri !== null) yield ["jwks_uri", `It ${ofUri}.`];
	if (!jwks) return;
	const set = readJwkSet(jwks);
	if (!set || set.keys.length === 0) yield ["jwks", "Give a JWK set (RFC 7517 §5) with 1 to 20 public keys."];
	else if (set.keys.some(isSecretKey)) {
		yield ["jwks", "There is a private or symmetric key among them: give public keys only."];
	} else if (algorithms.length > 0 && !algorithms.some((each) => canVerify(set, each))) {
		yield ["jwks", `None of the keys can verify ${algorithms.join(", ")}.`];
	}
}

/** RFC 7519 §4.1: what says nothing of which workload it is. A hosted CI writes into `aud` whatever anybody's job asks for. */
const ofAll = new Set(["iss", "aud", "exp", "nbf", "iat", "jti"]);

/** Whoever else uses the same issuer (all the repositories of a hosted CI, say) is kept out by what stands here, and nothing else. */
function ruleProblem({ client, claims }: ClaimRule): string | null {
	if (client === "") return "Name the application that these workloads are, by its client ID.";
	const patterns = Object.entries(claims);
	if (patterns.every(([name]) => ofAll.has(name)))
		return "Say what at least one claim is that not all have, such as sub.";
	if (patterns.length > bounds.ruleClaims.most) return `${bounds.ruleClaims.of} has ${atMost(bounds.ruleClaims)}.`;
	for (const [name, pattern] of patterns) {
		if (name === "" || name.length > 100) return "The name of a claim has 1 to 100 characters.";
		const problem = patternProblem(pattern);
		if (problem !== null) return `The claim ${name} ${problem}.`;
	}
	return null;
}
