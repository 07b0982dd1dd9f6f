import { atMost, bounds } from "./bounds.ts";
import type { Sealed, Seconds } from "./brands.ts";
import type { FieldProblem } from "./client-option-problems.ts";
import { readName } from "./display-name.ts";
import type { Role } from "./permission.ts";
import { fetchProblem, type Own } from "./public-host.ts";
import type { SubjectId } from "./subject.ts";

/** `oidc`: an OpenID Provider, found by its discovery document. `github`: OAuth and GitHub's own API of who somebody is. */
export const providerKinds = ["oidc", "github"] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** How we say who we are at its token endpoint (OpenID Connect Core §9). */
export const providerTokenAuths = ["client_secret_basic", "client_secret_post"] as const;
type ProviderTokenAuth = (typeof providerTokenAuths)[number];

/** Whom of those that no group gives a role to {@link SignInProvider.defaultRole} is for. */
export const admissions = ["domains", "everybody"] as const;
type Admission = (typeof admissions)[number];

/** Where people sign in elsewhere and come in here: of an account, for that one alone, or of the deployment. */
export interface SignInProvider {
	readonly id: string;
	/** Null: the operators', for every person who linked it. */
	readonly accountId: string | null;
	/** These three are what a `sub` means something in (OpenID Connect Core §2, §8.1): another of them is another provider. */
	readonly kind: ProviderKind;
	readonly issuer: string;
	readonly clientId: string;
	readonly name: string;
	readonly sealedSecret: Sealed;
	readonly tokenAuth: ProviderTokenAuth;
	readonly scopes: readonly string[];
	/** The claim that lists somebody's groups; null where none does. */
	readonly groupsClaim: string | null;
	/** The role of whoever is in a group. Of several the one that permits most. */
	readonly groupRoles: readonly (readonly [group: string, role: Role])[];
	/** Whether somebody whom it vouches for, and who is nobody here, becomes a member. */
	readonly justInTime: boolean;
	/** As what, where no group says; null: not at all. */
	readonly defaultRole: Role | null;
	/** `domains`: those with an address that it verified, of a domain that was shown to be the account's. */
	readonly admits: Admission;
	/** Whether members come in through a provider of the account alone. */
	readonly only: boolean;
	/** Whether what it says of how somebody proved who they are is taken for true (`amr`, RFC 8176). */
	readonly trustsAmr: boolean;
	readonly state: "on" | "off";
}

/** Who somebody is at a provider. */
export interface ProviderIdentity {
	readonly providerId: string;
	/** As the provider calls them for ever: its `sub`, or GitHub's numeric id. */
	readonly subject: string;
	readonly personId: SubjectId;
	readonly linkedAt: Seconds;
	readonly lastUsedAt: Seconds | null;
}

/** What is said of one. `clientSecret` is null where the one that is kept stays. */
export type ProviderDraft = Omit<SignInProvider, "id" | "accountId" | "sealedSecret"> & {
	readonly clientSecret: string | null;
};

/** Where GitHub is, which has no issuer of its own; a company's own one (GitHub Enterprise Server) is where that is. */
export const githubIssuer = "https://github.com";

/** Who has an account there is anybody: that they do says nothing of whose they are. */
const shared = new Set([
	githubIssuer,
	"https://accounts.google.com",
	"https://appleid.apple.com",
	"https://gitlab.com",
	// Microsoft's own people's accounts, of all the world.
	"https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
]);

/** However it is written: case, port and slash find the same place, and GitHub is its origin alone. */
function isShared({ kind, issuer }: Pick<SignInProvider, "kind" | "issuer">): boolean {
	if (!URL.canParse(issuer)) return false;
	const { origin, href } = new URL(issuer);
	return shared.has(kind === "github" ? origin : href.replace(/\/$/, ""));
}

/** The draft as it would be kept: what is not of its kind, or not of the deployment's, is left out. */
export function tidyProvider(draft: ProviderDraft, accountId: string | null): ProviderDraft {
	const isGithub = draft.kind === "github";
	const common: ProviderDraft = {
		...draft,
		issuer: draft.issuer.trim(),
		clientId: draft.clientId.trim(),
		name: readName(draft.name) ?? draft.name,
		tokenAuth: isGithub ? "client_secret_post" : draft.tokenAuth,
		scopes: [...new Set(draft.scopes)],
		groupsClaim: isGithub ? null : draft.groupsClaim?.trim() || null,
		// GitHub says nothing of how somebody signed in.
		trustsAmr: !isGithub && draft.trustsAmr,
	};
	// Who belongs to which account, no provider of all of them can say.
	return accountId === null ? { ...common, ...ofNobody } : common;
}

const ofNobody = {
	groupsClaim: null,
	groupRoles: [],
	justInTime: false,
	defaultRole: null,
	admits: "domains",
	only: false,
} as const;

/** Everything that is wrong with a tidy draft, by the names of the JSON API. */
export function providerProblems(draft: ProviderDraft, own: Own): readonly FieldProblem[] {
	const { kind, name, clientId, clientSecret, scopes, groupsClaim, groupRoles, justInTime, defaultRole } = draft;
	const problems: FieldProblem[] = [];
	const add = (field: string, detail: string) => problems.push({ field, detail });
	if (readName(name) !== name) add("name", "The name must have 1 to 100 printable characters.");
	const wrong = issuerProblem(draft.issuer, own);
	if (wrong !== null) add("issuer", wrong);
	// RFC 6749 appendix A.1, A.2
	if (!/^[\x20-\x7e]{1,255}$/.test(clientId))
		add("client_id", "The client ID has 1 to 255 printable ASCII characters.");
	if (clientSecret !== null && !/^[\x20-\x7e]{1,1000}$/.test(clientSecret)) {
		add("client_secret", "The client secret has 1 to 1000 printable ASCII characters.");
	}
	// RFC 6749 §3.3
	if (scopes.length > 20 || !scopes.every((each) => /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(each))) {
		add("scopes", "There are at most 20 scope values, without spaces.");
	} else if (kind === "oidc" && !scopes.includes("openid")) {
		// OpenID Connect Core §3.1.2.1
		add("scopes", "The scope values of an OpenID Provider have openid among them.");
	}
	if (groupsClaim !== null && groupsClaim.length > 100)
		add("groups_claim", "A claim's name has at most 100 characters.");
	if (groupRoles.length > bounds.groupRoles.most) {
		add("group_roles", `${bounds.groupRoles.of} has ${atMost(bounds.groupRoles)}.`);
	} else if (!groupRoles.every(([group]) => group.length > 0 && group.length <= 255)) {
		add("group_roles", "A group has 1 to 255 characters.");
	} else if (new Set(groupRoles.map(([group]) => group)).size < groupRoles.length) {
		add("group_roles", "A group is named once.");
	} else if (groupRoles.length > 0 && kind === "oidc" && groupsClaim === null) {
		add("groups_claim", "Say which claim lists somebody's groups.");
	}
	if (justInTime && defaultRole === null && groupRoles.length === 0) {
		add("default_role", "Nobody could become a member: say as what, or which groups have which role.");
	}
	if (justInTime && defaultRole !== null && draft.admits === "everybody" && isShared(draft)) {
		add("admits", "Anybody may have an account there: let in who has an address of your domains.");
	}
	return problems;
}

/** OpenID Connect Discovery §3, §4: an https URL without query or fragment, from which its configuration is fetched. */
function issuerProblem(issuer: string, own: Own): string | null {
	if (/^https:\/\/login\.microsoftonline\.com\/(?:common|organizations|consumers)(?:\/|$)/.test(issuer)) {
		return "Give the issuer of your own tenant: its id stands in the place of that word.";
	}
	// RFC 3986 appendix C: what stands in no URL, as a place that is left to be filled in.
	if (/[<>"{}]/.test(issuer)) return "Fill in what stands between < and >.";
	if (issuer.includes("?")) return "An issuer has no query.";
	const problem = fetchProblem(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, own);
	return problem === null ? null : `It ${problem}.`;
}
