import { noClaims } from "../domain/identity.ts";
import type { DeviceAnswer, DeviceRequest } from "../domain/device-request.ts";
import { closedTarget } from "../domain/targets.ts";
import { writtenUserCode } from "../domain/user-code.ts";
import { readSessionCookie } from "../http/cookies.ts";
import { readOwnForm } from "../http/own-form.ts";
import { rateLimitHeaders } from "../http/rate-limit.ts";
import { onwardPage, page, seeOther } from "../http/reply.ts";
import { askForPasskey } from "../endpoint/ask-for-passkey.ts";
import type { Call } from "../endpoint/call.ts";
import { refusedForm, shellOf } from "../endpoint/shell.ts";
import { findOrFetchClient } from "../operations/clients/find-or-fetch-client.ts";
import { noteUse } from "../operations/clients/note-use.ts";
import { formToken } from "../operations/form-token.ts";
import { networksOf } from "../operations/network-of.ts";
import { type AnySignedIn, currentSignIn } from "../operations/people/sign-in.ts";
import { waysToSignIn } from "../operations/people/ways-to-sign-in.ts";
import { findTargets } from "../operations/targets.ts";
import { allowDevice, denyDevice, findDeviceRequest } from "../operations/tokens/device-requests.ts";
import { deviceAnsweredView, userCodeView } from "../pages/consent/device.tsx";
import { signInView } from "../pages/front/sign-in.tsx";
import { tryAgain } from "../ui/instant.tsx";
import { problemView } from "../ui/problem.tsx";
import { readDecision } from "./authorization/decision.ts";
import { agreementOf, showQuestion } from "./authorization/interaction.ts";
import type { Question } from "./authorization/question.ts";
import type { Words } from "../words/en.ts";
import type { Shell } from "../words/shell.ts";

// RFC 8628 §3.3: whoever signed in types the code, or comes with it in the link, sees who asks and from where, and answers.

/** `GET /device`, `GET /device?user_code=…` */
export async function devicePage(call: Call): Promise<Response> {
	const done = call.url.searchParams.get("done");
	if (done === "allowed" || done === "denied")
		return page(200, deviceAnsweredView(await shellOf(call), done === "allowed"));
	const asked = await findAsked(call);
	return asked instanceof Response ? asked : showQuestion(call, asked.question, asked.there, 200, null);
}

/** `POST /device?user_code=…`, the form of that page. */
export async function answerDevicePage(call: Call): Promise<Response> {
	const { services } = call;
	const form = await readOwnForm(call.request, services.config.issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const decision = form.params.get("decision");
	const asked = await findAsked(call, decision);
	if (asked instanceof Response) return asked;
	const { question, there, userCode, request } = asked;
	const decided = await readDecision(call, question, there, form.params);
	if (decided instanceof Response) return decided;
	const isAllowed = decided !== "deny";
	const answered = isAllowed
		? await allowDevice(agreementOf(call, question.request, there, decided, false), userCode, request, services)
		: await denyDevice(userCode, request, services);
	if (answered === "answered") return seeOther(doneAt(isAllowed ? "allowed" : "denied"));
	const before = await findAsked(call, decision);
	return before instanceof Response ? before : showForm(call, there, 409, (say) => say.tooLate);
}

function doneAt(done: DeviceAnswer["kind"]): string {
	return `/device?done=${done}`;
}

interface Asked {
	readonly question: Question;
	readonly there: AnySignedIn;
	readonly userCode: string;
	readonly request: DeviceRequest;
}

/** What a device asks the person who is here; else what is to be answered instead. `decision` is what they say, if they do already. */
async function findAsked(call: Call, decision?: string): Promise<Asked | Response> {
	const { request, url, address, services } = call;
	const there = await currentSignIn(readSessionCookie(request), services);
	// RFC 8628 §5.1: a code is looked for on behalf of somebody alone.
	if (!there) return seeOther(`/sign-in?continue=${encodeURIComponent(`/device${url.search}`)}`);
	const typed = url.searchParams.get("user_code");
	if (typed === null) {
		const isAnswer = request.method === "POST";
		return showForm(call, there, isAnswer ? 400 : 200, isAnswer ? (say) => say.missing : null);
	}
	const found = await findDeviceRequest(typed, { subject: there.person.id, address }, services);
	switch (found.kind) {
		case "limited": {
			const wait = tryAgain(found.retryAfter, (await shellOf(call)).words);
			return showForm(call, there, 429, (say) => `${say.tooMany} ${wait}`, rateLimitHeaders(found));
		}
		case "unknown":
			return showForm(call, there, 404, (say) => say.unknown);
		case "found":
			break;
	}
	const { userCode } = found;
	const { answer } = found.request;
	if (answer) {
		return isTheirs(answer, there, decision)
			? seeOther(doneAt(answer.kind))
			: showForm(call, there, 409, (say) => say.tooLate);
	}
	const question = await questionOf(call, userCode, found.request);
	if (!question) return showForm(call, there, 404, (say) => say.gone);
	return isTooOld(there, question, found.request, services.now())
		? askToSignInAgain(call, question, there)
		: { question, there, userCode, request: found.request };
}

/** A form that is sent twice leads where it led at first. */
function isTheirs(answer: DeviceAnswer, { person }: AnySignedIn, decision: string | undefined): boolean {
	return answer.kind === "denied" ? decision === "deny" : decision === "allow" && answer.subject === person.id;
}

/** OIDC Registration §2, `default_max_age`: since nothing else is said here. Whoever signed in after the device asked has done so for it. */
function isTooOld(
	{ authenticatedAt, unasked }: AnySignedIn,
	{ request: { maxAge } }: Question,
	{ createdAt }: DeviceRequest,
	now: number,
): boolean {
	return maxAge !== null && (unasked || (now - authenticatedAt > maxAge && authenticatedAt < createdAt));
}

async function askToSignInAgain(
	call: Call,
	{ page: here }: Question,
	{ person: { username } }: AnySignedIn,
): Promise<Response> {
	const shell = await shellOf(call);
	const [ways, { options: passkey, cookie }] = await Promise.all([waysToSignIn(call.services), askForPasskey(call)]);
	const form = {
		shell,
		action: "/sign-in",
		continueTo: here,
		username,
		passkey,
		error: null,
		anew: true,
		notice: shell.words.signIn.again,
		ways,
		asking: null,
	};
	return (ways.providers.length > 0 ? onwardPage : page)(200, signInView(form), { "set-cookie": cookie });
}

/** The same question as at the authorization endpoint, to the same person; null where its client or its API has ended since. */
async function questionOf(call: Call, userCode: string, asked: DeviceRequest): Promise<Question | null> {
	const { services, address } = call;
	const found = await findOrFetchClient(asked.clientId, services, address);
	const targets = await findTargets(asked.resource, services);
	if (found.kind !== "client" || closedTarget(targets, null) !== null) return null;
	const { client } = found;
	noteUse(client, services);
	const { program, address: from, country } = asked.from;
	const here = `/device?user_code=${writtenUserCode(userCode)}`;
	return {
		page: here,
		form: here,
		request: {
			client,
			// Nobody is sent anywhere: what is answered here, the device is told.
			redirectUri: `${services.config.issuer}/device`,
			redirectUriNamed: false,
			responseMode: "query",
			state: null,
			codeChallenge: null,
			senderKey: asked.senderKey ?? null,
			scope: asked.scope,
			resource: asked.resource,
			targets,
			nonce: null,
			prompt: new Set(),
			maxAge: client.options.defaultMaxAge ?? null,
			contexts: null,
			isAnyGood: false,
			claims: noClaims,
			hinted: null,
			subjects: null,
			loginHint: "",
			uiLocales: null,
			pushed: null,
			verb: "authorize",
		},
		device: {
			userCode: writtenUserCode(userCode),
			program,
			address: from,
			country: country === null ? null : (countriesIn(await shellOf(call)).of(country) ?? null),
			isNear: from !== null && address !== null && networksOf(from)[0] === networksOf(address)[0],
			askedAt: asked.createdAt,
			now: services.now(),
		},
	};
}

function countriesIn({ words }: Shell): Intl.DisplayNames {
	return new Intl.DisplayNames([words.tag], { type: "region" });
}

async function showForm(
	call: Call,
	{ person, id }: AnySignedIn,
	status: number,
	error: ((say: Words["device"]) => string) | null,
	headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
	const { url, services } = call;
	const shell = await shellOf(call);
	const html = userCodeView({
		shell,
		typed: (url.searchParams.get("user_code") ?? "").slice(0, 32),
		error: error && error(shell.words.device),
		person,
		signOut: {
			action: "/sign-out",
			csrf: await formToken(id, "sign-out", services.serverKeys),
			continueTo: `/device${url.search}`,
		},
	});
	return page(status, html, headers);
}
