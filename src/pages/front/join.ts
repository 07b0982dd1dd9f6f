import { bounds, isFull } from "../../domain/bounds.ts";
import { isUsername, nameRule, readName, usernameRule } from "../../domain/display-name.ts";
import type { Limited } from "../../domain/limit.ts";
import { passwordProblems } from "../../domain/new-password.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import type { Params } from "../../http/body.ts";
import { browserName } from "../../http/browser-name.ts";
import { readBrowserCookie, readSessionCookie } from "../../http/cookies.ts";
import { notFromHere, readOwnForm } from "../../http/own-form.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, page, seeOther } from "../../http/reply.ts";
import { formToken, isFormToken } from "../../operations/form-token.ts";
import * as operations from "../../operations/people/join.ts";
import { type AnySignedIn, currentSignIn, opens } from "../../operations/people/sign-in.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { problemView } from "../../ui/problem.tsx";
import { acceptView, belongsAlreadyView, type JoinAsNewProps, joinAsNewView, joinByPasskeyView } from "./join.tsx";
import { askingBrowser, passkeyNotMade, wantsPasskey, wayInOf } from "./passkey-in-form.ts";
import { signedInTo } from "./sign-in.ts";

// A link that somebody was invited by (DESIGN §9). What it says, it says to whoever holds it; to everybody else there is nothing.

/** `GET /join/:invitation` */
export async function joinPage(call: Call): Promise<Response> {
	const held = await operations.heldInvitation(call.params.invitation ?? "", call.services);
	if (held?.standing !== "open") return refuse(held, call);
	const signedIn = await currentSignIn(readSessionCookie(call.request), call.services);
	return signedIn && opens(signedIn, held.accountId) ? askMe(200, held, signedIn, call) : askNew(200, held, call, {});
}

/** `POST /join/:invitation`, with `answer`: `accept`, by who is signed in, or `new`, by who has no name here yet. */
export async function answerJoinPage(call: Call): Promise<Response> {
	const { request, services, params } = call;
	const form = await readOwnForm(request, services.config.issuer);
	if (!form.ok) return page(form.status, problemView({ shell: await shellOf(call), ...form }));
	const held = await operations.heldInvitation(params.invitation ?? "", services);
	if (!held) return refuse(held, call);
	return form.params.get("answer") === "new" ? joinAsNew(held, form.params, call) : accept(held, form.params, call);
}

async function accept(held: operations.HeldInvitation, form: Params, call: Call): Promise<Response> {
	const { request, services, address } = call;
	const signedIn = await currentSignIn(readSessionCookie(request), services);
	// By the provider of one account nobody enters another.
	if (!signedIn || !opens(signedIn, held.accountId))
		return seeOther(`/sign-in?continue=${encodeURIComponent(call.url.pathname)}`);
	// Somebody else may have signed in in this browser since the page was drawn.
	const isOurs = await isFormToken(form.get("csrf"), signedIn.id, purposeOf(held), services.serverKeys);
	if (!isOurs) return page(notFromHere.status, problemView({ shell: await shellOf(call), ...notFromHere }));
	const outcome = await operations.acceptInvitation(held, signedIn.person, address, services);
	switch (outcome) {
		case "accepted":
			return seeOther(consoleOf(held));
		case "member":
			return askMe(409, held, signedIn, call);
		case "full":
			return page(
				409,
				problemView({ shell: await shellOf(call), title: "No room", detail: isFull(bounds.people), what: askThem }),
			);
		case "closed":
		case "taken":
			return refuse(await operations.heldInvitation(call.params.invitation ?? "", services), call);
	}
}

async function joinAsNew(held: operations.HeldInvitation, form: Params, call: Call): Promise<Response> {
	const { request, services, address } = call;
	const typed = { name: (form.get("name") ?? "").trim(), username: (form.get("username") ?? "").trim() };
	const again: Again = (status, said, headers) => askNew(status, held, call, { values: typed, ...said }, headers);
	if (held.standing !== "open") return refuse(held, call);
	const name = readName(typed.name);
	const errors = {
		...(name === null && { name: nameRule }),
		...(!isUsername(typed.username) && { username: usernameRule }),
	};
	if (name === null || errors.username !== undefined) return again(400, { errors });
	if (wantsPasskey(form)) return askForPasskey(held, { username: typed.username, name }, call, again);
	const wayIn = wayInOf(form, form.get("password") ?? "", purposeOf(held), call);
	const given = { username: typed.username, name, wayIn };
	const browser = { address, browser: browserName(request), kept: readBrowserCookie(request) };
	const from = { cookie: readSessionCookie(request), browser };
	const joined = await operations.joinAsNew(held, given, from, services);
	switch (joined.kind) {
		case "accepted":
			return signedInTo(consoleOf(held), joined.signedIn);
		case "refused":
			return again(400, { errors: { password: passwordProblems[joined.problem] } });
		case "taken":
			return again(409, { errors: { username: nameTaken } });
		case "not_made":
			return again(400, { problem: passkeyNotMade });
		case "full":
			return again(409, { problem: isFull(bounds.people) });
		case "limited":
			return again(...tooManyNames(joined));
		case "busy":
			return again(503, { problem: "The server is busy. Please try again." }, { "retry-after": "1" });
		case "closed":
			return refuse(await operations.heldInvitation(call.params.invitation ?? "", services), call);
	}
}

type Said = Partial<Pick<JoinAsNewProps, "values" | "errors" | "problem">>;
type Again = (status: number, said: Said, headers?: Headers) => Promise<Response>;

/** The page that makes it: this user name is known to be free, so that no passkey is left over in a device. */
async function askForPasskey(
	held: operations.HeldInvitation,
	names: { readonly username: string; readonly name: string },
	call: Call,
	again: Again,
): Promise<Response> {
	const { browser, cookie } = askingBrowser(purposeOf(held), call);
	const asked = await operations.askToJoinByPasskey(held, names, browser, call.services);
	switch (asked.kind) {
		case "asked": {
			const { person, options } = asked;
			const fields = { answer: "new", with: "passkey", ...names, person };
			return page(200, joinByPasskeyView({ ...(await shownOf(held, call)), ...names, fields, options }), cookie);
		}
		case "taken":
			return again(409, { errors: { username: nameTaken } });
		case "limited":
			return again(...tooManyNames(asked));
		case "closed":
			return refuse(held, call);
	}
}

const nameTaken = "This user name is taken. Choose another one, or sign in if it is yours.";

function tooManyNames(limited: Limited): [number, Said, Headers] {
	return [
		429,
		{ problem: `Too many user names were tried. ${tryAgain(limited.retryAfter)}` },
		rateLimitHeaders(limited),
	];
}

async function askMe(status: number, held: operations.HeldInvitation, me: AnySignedIn, call: Call): Promise<Response> {
	const { services, url } = call;
	const { name, username } = me.person;
	const shown = {
		...(await shownOf(held, call)),
		person: { name, username },
		signOut: {
			action: "/sign-out",
			csrf: await formToken(me.id, "sign-out", services.serverKeys),
			continueTo: url.pathname,
		},
	};
	if (await operations.belongsTo(held, me.person, services)) {
		return page(status, belongsAlreadyView({ ...shown, consoleUrl: consoleOf(held) }));
	}
	const csrf = await formToken(me.id, purposeOf(held), services.serverKeys);
	return page(status, acceptView({ ...shown, csrf }));
}

async function askNew(
	status: number,
	held: operations.HeldInvitation,
	call: Call,
	said: Said,
	headers: Headers = {},
): Promise<Response> {
	const signInUrl = `/sign-in?continue=${encodeURIComponent(call.url.pathname)}`;
	const form = { values: { name: "", username: "" }, errors: {}, problem: null, ...said };
	return page(status, joinAsNewView({ ...(await shownOf(held, call)), signInUrl, ...form }), headers);
}

async function shownOf({ account, role, inviterName, note }: operations.HeldInvitation, call: Call) {
	return { shell: await shellOf(call), action: call.url.pathname, accountName: account.name, role, inviterName, note };
}

/** What the token of the form is for. */
function purposeOf({ link }: operations.HeldInvitation): string {
	return `join ${link.id}`;
}

function consoleOf({ account }: operations.HeldInvitation): string {
	return `/console/${account.slug}`;
}

const askThem = "Ask whoever invited you.";
const askForAnother = "Ask whoever invited you for another one.";

/** A link that is none, or none of ours, tells nothing; one that was good tells its holder why it is not any more. */
async function refuse(held: operations.HeldInvitation | null, call: Call): Promise<Response> {
	if (!held) {
		const detail = "There is no such invitation. The link may have been cut off on its way.";
		return page(
			404,
			problemView({
				shell: await shellOf(call),
				title: "No such invitation",
				detail,
				what: "Open the link again, whole.",
			}),
		);
	}
	const { name } = held.account;
	switch (held.standing) {
		case "open":
			// Others were quicker at something else: it is as it was.
			return page(
				409,
				problemView({
					shell: await shellOf(call),
					title: "Not accepted",
					detail: "Others did something at the same time.",
					what: "Open the link again.",
				}),
			);
		case "accepted": {
			const detail = `This invitation to ${name} has been accepted. It is good for one person, once.`;
			const what = "If it was you, sign in. If not, ask whoever invited you for another one.";
			return page(410, problemView({ shell: await shellOf(call), title: "Accepted already", detail, what }));
		}
		case "revoked":
			return page(
				410,
				problemView({
					shell: await shellOf(call),
					title: "Revoked",
					detail: `This invitation to ${name} was taken back.`,
					what: askThem,
				}),
			);
		case "expired": {
			const detail = `This invitation to ${name} was good for 7 days, which are over.`;
			return page(410, problemView({ shell: await shellOf(call), title: "Expired", detail, what: askForAnother }));
		}
		case "closed":
			return page(
				403,
				problemView({
					shell: await shellOf(call),
					title: "Not now",
					detail: `${name} takes nobody in at the moment.`,
					what: askThem,
				}),
			);
	}
}
