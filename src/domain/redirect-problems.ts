import { atMost, bounds } from "./bounds.ts";
import { confidentialProblem, isDangerous, redirectUriProblem } from "./redirect.ts";

// The redirect URIs of a client: of those that people register each has to be good; of software's own registration (RFC 7591,
// Client ID Metadata Documents) the good ones are kept.

export const maxRedirectUris = bounds.redirectUrls.most;

/** What is wrong with them, each as a sentence; empty where they may be registered. */
export function redirectProblems(uris: readonly string[], isConfidential: boolean): readonly string[] {
	if (uris.length === 0)
		return [
			"Give at least one redirect URL, unless it is an application that only acts for itself or shows people a code.",
		];
	if (uris.length > maxRedirectUris) return [tooMany];
	return uris.flatMap((uri, index) => {
		const isRepeated = uris.indexOf(uri) < index;
		const problem = problemOf(uri, isConfidential) ?? (isRepeated ? "stands there twice" : null);
		return problem === null ? [] : [sentence(index, problem)];
	});
}

const tooMany = `Give ${atMost(bounds.redirectUrls)}.`;

export type Registrable =
	| { readonly ok: true; readonly redirectUris: readonly string[] }
	/** For its developer. It repeats nothing of what was sent. */
	| { readonly ok: false; readonly detail: string };

/**
 * RFC 7591 §3.2.1: those that are good here, for the answer to show; a client registers what it may have anywhere. Not so where
 * one of them is dangerous, and not where none is left.
 */
export function registrable(uris: readonly string[], client: { isConfidential: boolean; isWeb: boolean }): Registrable {
	if (uris.length > maxRedirectUris) return { ok: false, detail: tooMany };
	const judged = uris.map((uri, index) => {
		const problem = problemOf(uri, client.isConfidential) ?? (client.isWeb ? webProblem(uri) : null);
		return { uri, detail: problem === null ? null : sentence(index, problem), isRefused: isDangerous(uri) };
	});
	const bad = judged.filter(({ detail }) => detail !== null);
	const refused = bad.find(({ isRefused }) => isRefused) ?? (bad.length === uris.length ? bad[0] : undefined);
	if (refused?.detail) return { ok: false, detail: refused.detail };
	return { ok: true, redirectUris: [...new Set(judged.filter(({ detail }) => detail === null).map(({ uri }) => uri))] };
}

function problemOf(uri: string, isConfidential: boolean): string | null {
	return redirectUriProblem(uri) ?? queryProblem(uri) ?? (isConfidential ? confidentialProblem(uri) : null);
}

/** Names in the query that would be taken for our answer, or in its place (RFC 6749 §4.1.2, RFC 9207 §2). */
const answers = new Set(["code", "state", "iss", "error", "error_description", "error_uri", "response"]);

function queryProblem(uri: string): string | null {
	const taken = [...new URL(uri).searchParams.keys()].find((name) => answers.has(name.toLowerCase()));
	return taken === undefined ? null : `has ${taken} in its query, which the answer adds`;
}

/**
 * OIDC Registration §2, as far as the code flow goes: a web site has no scheme of its own. (RFC 8252 §7.2 lets a native
 * application have https URLs, which is safer than what OIDC would hold it to; http on loopback is for whoever develops one.)
 */
function webProblem(uri: string): string | null {
	return /^https?:/i.test(uri) ? null : "is not of a web application, whose redirect URLs begin with https";
}

function sentence(index: number, problem: string): string {
	return `Redirect URL ${index + 1} ${problem}.`;
}
