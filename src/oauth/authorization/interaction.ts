import { contextMet } from "../../domain/authentication.ts";
import { mayBeRemembered } from "../../domain/consent.ts";
import type { Agreeable } from "../../domain/effective-scope.ts";
import { onwardPage, page } from "../../http/reply.ts";
import { clientDisplayOf } from "../../operations/clients/client-display.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { usePushed } from "../../operations/clients/pushed-request.ts";
import { formToken } from "../../operations/form-token.ts";
import { type Agreement, issueCode } from "../../operations/tokens/issue-code.ts";
import { heldGrants, stepUpOf } from "../../operations/tokens/held-grants.ts";
import { mayStand, rememberedConsent } from "../../operations/tokens/remembered-consent.ts";
import { accountsOf, type AnySignedIn, mayEnter } from "../../operations/people/sign-in.ts";
import { consentView } from "../../pages/consent/consent.tsx";
import { type Offer, offersTo } from "./offers.ts";
import { consentWords } from "./consent-words.ts";
import type { Question } from "./question.ts";
import { refused } from "./refusal.ts";
import type { AuthorizationRequest } from "./request.ts";
import { answerClient, refuseClient } from "./response.ts";
import { findSignedIn } from "./signed-in.ts";

/** The account that was chosen, and what the person can allow in it of what was asked. */
export interface Chosen {
	readonly accountId: string;
	readonly agreed: Agreeable;
}

/** RFC 6749 §4.1.1: signs the person in where that is needed, and asks them what they have not agreed to yet. */
export async function ask(call: Call, question: Question): Promise<Response> {
	const there = await findSignedIn(call, question);
	if (there instanceof Response) return there;
	const { request } = question;
	const { services } = call;
	const subject = there.person.id;
	const asked = { ...request, resource: request.resource ?? [services.config.issuer] };
	const isAskedAnew = request.prompt.has("consent") || request.prompt.has("select_account");
	const remembered = isAskedAnew ? null : await rememberedConsent(asked, subject, services);
	// What was agreed to in an account that this sign-in does not open is not its to use.
	const mayUse = remembered?.kind === "covered" && (await mayEnter(there, remembered.accountId, services));
	if (remembered?.kind === "covered" && mayUse) {
		// RFC 9110 §9.2.1: by HEAD nobody asks for a code, and it would use up what was pushed.
		return call.request.method === "HEAD" ? onwardPage(200, "") : allow(call, request, there, remembered, false);
	}
	if (!request.prompt.has("none")) return showQuestion(call, question, there, 200, null);

	// OIDC Core §3.1.2.6: what would have to be asked, now that nothing may be.
	const accounts = await accountsOf(there, services);
	if (accounts.open.length === 0 && accounts.tooStrong.length > 0) {
		return refuseClient(request, refused("login_required", "The account asks for a stronger sign-in"), call);
	}
	if (accounts.open.length === 0) {
		return refuseClient(request, refused("interaction_required", "The person belongs to no account"), call);
	}
	return remembered?.kind === "account_ended"
		? refuseClient(request, refused("account_selection_required", "The person has to choose an account"), call)
		: refuseClient(request, refused("consent_required", "The person has not agreed to this yet"), call);
}

/** Whoever agreed: back to the client with a code. */
export async function allow(
	call: Call,
	request: AuthorizationRequest,
	there: AnySignedIn,
	chosen: Chosen,
	isAnswer: boolean,
): Promise<Response> {
	const { services } = call;
	if (request.pushed && !(await usePushed(request.pushed, services))) {
		return refuseClient(request, refused("invalid_request_uri", "request_uri was used before"), call);
	}
	const { client, redirectUri } = request;
	const who = { subject: there.person.id, within: there.within };
	const remembers = isAnswer && mayBeRemembered(client, redirectUri) && (await mayStand(client, who, services));
	const agreement = agreementOf(call, request, there, chosen, remembers);
	return answerClient(request, { code: await issueCode(agreement, services) }, call);
}

export function agreementOf(
	{ services, address }: Call,
	request: AuthorizationRequest,
	{ person, id, authenticatedAt, amr }: AnySignedIn,
	{ accountId, agreed: { scope, unchecked } }: Chosen,
	remembers: boolean,
): Agreement {
	const {
		client,
		redirectUri,
		redirectUriNamed,
		codeChallenge,
		senderKey,
		resource,
		targets,
		claims,
		nonce,
		contexts,
	} = request;
	return {
		client,
		subject: person.id,
		accountId,
		agreed: { scope, unchecked },
		resource,
		targets,
		addsUp: addsUp(request),
		identity: scope.includes("openid")
			? { nonce, authenticatedAt, amr, ...contextMet(contexts?.acrs ?? null, amr), sid: id, claims }
			: null,
		redirectUri,
		redirectUriNamed,
		codeChallenge,
		senderKey,
		address,
		remember: remembers
			? { scope, ...(unchecked.length > 0 && { unchecked }), resource: resource ?? [services.config.issuer], claims }
			: null,
	};
}

function addsUp({ verb }: AuthorizationRequest): boolean {
	return verb === "authorize";
}

export async function showQuestion(
	call: Call,
	{ request, page: here, form, device }: Question,
	there: AnySignedIn,
	status: number,
	error: string | null,
): Promise<Response> {
	const { services } = call;
	const { person, id } = there;
	const { client, redirectUri, verb } = request;
	const [{ offers, nowhere, tooStrong }, owner, signOutToken] = await Promise.all([
		offersTo(there, request, services),
		client.accountId === null ? null : services.lookups.account(client.accountId),
		formToken(id, "sign-out", services.serverKeys),
	]);
	const asking = { ...request, subject: person.id, addsUp: addsUp(request) };
	const held = offers.length > 0 ? await heldGrants(asking, services) : [];
	const given = await Promise.all(
		offers.map(async (offer) => {
			const step = await stepUpOf({ ...asking, accountId: offer.account.id }, offer, held, services);
			return { ...offer, ...step };
		}),
	);
	const shell = await shellOf(call);
	const html = consentView({
		shell,
		action: form,
		csrf: await formToken(id, purposeOf({ request, form }, offers), services.serverKeys),
		client: {
			...clientDisplayOf(client, redirectUri),
			ownerName: owner?.name ?? "",
			policyUrl: client.options.policyUri ?? null,
			termsUrl: client.options.tosUri ?? null,
		},
		...consentWords(request, given, services.config, shell),
		device: device ?? null,
		nowhere,
		tooStrong,
		chosenAccount: null,
		person,
		verb,
		error,
		signOut: { action: "/sign-out", csrf: signOutToken, continueTo: here },
	});
	return device ? page(status, html) : onwardPage(status, html);
}

/**
 * What the token of the form is bound to, besides the sign-in: every parameter of the request, and what the page made of
 * them. Whoever has the client may change what it asks for by default, or where it is answered, while somebody reads, and
 * an administrator what their role permits.
 */
export function purposeOf({ request, form }: Pick<Question, "request" | "form">, offers: readonly Offer[]): string {
	const { client, redirectUri, targets } = request;
	const { name, unverifiedHost } = clientDisplayOf(client, redirectUri);
	const offered = offers.map(({ account, scope, unchecked }) => [account.id, scope, unchecked]);
	const words = targets.apis.map(({ name: called, permissions }) => [called, permissions]);
	return `consent ${JSON.stringify([form, name, unverifiedHost, redirectUri, offered, words])}`;
}
