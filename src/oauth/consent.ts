import { isPermission, permissions, type Role, roles } from "../domain/permission.ts";
import { formActionSource } from "../domain/redirect.ts";
import { readBody } from "../http/body.ts";
import { readSessionCookie } from "../http/cookies.ts";
import { page } from "../http/reply.ts";
import { isSameOrigin } from "../http/same-origin.ts";
import type { Call } from "../operations/call.ts";
import { formToken, isFormToken } from "../operations/form-token.ts";
import { issueCode } from "../operations/issue-code.ts";
import { currentSignIn, type SignedIn } from "../operations/sign-in.ts";
import { consentPage } from "../views/consent.tsx";
import { problemPage } from "../views/problem.tsx";
import { signInPage } from "../views/sign-in.tsx";
import type { AuthorizationRequest } from "./authorization-request.ts";
import { answerClient } from "./authorization-response.ts";
import { logoUrl } from "./logo.ts";

/**
 * Puts an authorization request to a person, and takes the answer: sign-in first where it is needed, then who asks for
 * what, then back to the client. The form's token binds the answer to this sign-in and to every parameter of the link.
 */
export async function consent(call: Call, asked: AuthorizationRequest): Promise<Response> {
	const isAnswer = call.request.method === "POST";
	if (isAnswer && !isSameOrigin(call.request, call.services.config.issuer)) return foreign();
	const signedIn = await currentSignIn(readSessionCookie(call.request), call.services);
	if (!signedIn) return askToSignIn(call, asked);
	return isAnswer ? takeAnswer(call, asked, signedIn) : ask(call, asked, signedIn, 200, null);
}

async function takeAnswer(call: Call, asked: AuthorizationRequest, signedIn: SignedIn): Promise<Response> {
	const { services, address } = call;
	const body = await readBody(call.request, { json: false });
	if (!body.ok)
		return page(body.error.status, problemPage({ title: "Malformed form", detail: body.error.detail, what: null }));
	const token = body.params.get("csrf");
	if (!(await isFormToken(token, signedIn.id, whatItDoes(call), services.serverKeys))) {
		return ask(call, asked, signedIn, 403, "This form was out of date. Please look again and decide.");
	}
	const decision = body.params.get("decision");
	if (decision === "deny") {
		return answerClient(asked, { error: "access_denied", error_description: "The person said no" }, services);
	}
	if (decision !== "allow") return ask(call, asked, signedIn, 400, "Please choose one of the two buttons.");
	const accounts = await services.register.accountsOf(signedIn.person.id);
	const named = body.params.get("account");
	const chosen =
		named === undefined && accounts.length === 1 ? accounts[0] : accounts.find((each) => each.account.id === named);
	if (!chosen) return ask(call, asked, signedIn, 400, "Please choose the account to use.");
	// Nobody can allow what their own role does not.
	const scope = asked.scope.filter((value) => isWithinRole(value, chosen.role));
	const code = await issueCode(
		{ ...asked, scope, subject: signedIn.person.id, accountId: chosen.account.id, address },
		services,
	);
	return answerClient(asked, { code }, services);
}

async function ask(
	call: Call,
	asked: AuthorizationRequest,
	signedIn: SignedIn,
	status: number,
	error: string | null,
): Promise<Response> {
	const { services, url } = call;
	const { client } = asked;
	const { person, id } = signedIn;
	const [accounts, owner, csrf, signOutToken] = await Promise.all([
		services.register.accountsOf(person.id),
		client.accountId === null ? null : services.lookups.account(client.accountId),
		formToken(id, whatItDoes(call), services.serverKeys),
		formToken(id, "sign-out", services.serverKeys),
	]);
	const here = url.pathname + url.search;
	const html = consentPage({
		action: here,
		csrf,
		client: {
			name: client.name,
			description: client.description,
			logoUrl: logoUrl(client),
			redirectHost: destinationOf(asked.redirectUri),
			ownerName: client.accountId === null ? null : (owner?.name ?? ""),
		},
		// What the person's own roles do not allow is not granted, and so not asked.
		permissions: asked.scope
			.filter((value) => accounts.length === 0 || accounts.some(({ role }) => isWithinRole(value, role)))
			.map((value) => (isPermission(value) ? permissions[value] : value)),
		accounts: accounts.map(({ account, role }) => ({ id: account.id, name: account.name, role })),
		chosenAccount: null,
		person,
		verb: asked.verb,
		error,
		signOut: { action: "/sign-out", csrf: signOutToken, continueTo: here },
	});
	return page(status, html, [formActionSource(asked.redirectUri)]);
}

function askToSignIn({ url }: Call, { client, redirectUri }: AuthorizationRequest): Response {
	const html = signInPage({
		action: "/sign-in",
		continueTo: url.pathname + url.search,
		username: "",
		error: null,
		asking: { name: client.name, description: client.description, logoUrl: logoUrl(client) },
	});
	return page(200, html, [formActionSource(redirectUri)]);
}

/** Where the answer goes. What a private-use scheme has after it is no host, whatever it looks like. */
function destinationOf(redirectUri: string): string {
	const { protocol, host } = new URL(redirectUri);
	return protocol === "https:" || protocol === "http:" ? host : protocol;
}

function isWithinRole(value: string, role: Role): boolean {
	return roles[role].some((permission) => permission === value);
}

function whatItDoes({ url }: Call): string {
	return `consent ${url.pathname}${url.search}`;
}

function foreign(): Response {
	const detail = "This form was sent from another site, so nothing was done.";
	return page(403, problemPage({ title: "Not from here", detail, what: null }));
}
