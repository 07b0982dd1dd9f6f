import { bounds } from "../../domain/bounds.ts";
import { isUsername, readName } from "../../domain/display-name.ts";
import type { Limited } from "../../domain/limit.ts";
import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
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
import { askingBrowser, wantsPasskey, wayInOf } from "./passkey-in-form.ts";
import { signedInTo } from "./sign-in.ts";
import type { Words } from "../../words/en.ts";

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
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
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
	if (!isOurs) return page(notFromHere.status, problemView(refusedForm(notFromHere, await shellOf(call))));
	const outcome = await operations.acceptInvitation(held, signedIn.person, address, services);
	switch (outcome) {
		case "accepted":
			return seeOther(consoleOf(held));
		case "member":
			return askMe(409, held, signedIn, call);
		case "full":
			return noRoom(call);
		case "closed":
		case "taken":
			return refuse(await operations.heldInvitation(call.params.invitation ?? "", services), call);
	}
}

async function noRoom(call: Call): Promise<Response> {
	const shell = await shellOf(call);
	const { noRoom: said, full } = shell.words.join;
	return page(409, problemView({ shell, ...said, detail: full(bounds.people.most) }));
}

async function joinAsNew(held: operations.HeldInvitation, form: Params, call: Call): Promise<Response> {
	const { request, services, address } = call;
	const typed = { name: (form.get("name") ?? "").trim(), username: (form.get("username") ?? "").trim() };
	const again: Again = (status, said, headers) => askNew(status, held, call, { values: typed, ...said }, headers);
	if (held.standing !== "open") return refuse(held, call);
	const name = readName(typed.name);
	const { words } = await shellOf(call);
	const { join: say, rules, passkey, common } = words;
	const errors = {
		...(name === null && { name: rules.name }),
		...(!isUsername(typed.username) && { username: rules.username }),
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
			return again(400, { errors: { password: rules.password[joined.problem] } });
		case "taken":
			return again(409, { errors: { username: say.taken } });
		case "not_made":
			return again(400, { problem: passkey.notMade });
		case "full":
			return again(409, { problem: say.full(bounds.people.most) });
		case "limited":
			return again(...tooManyNames(joined, words));
		case "busy":
			return again(503, { problem: common.busy }, { "retry-after": "1" });
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
	const { words } = await shellOf(call);
	const { browser, cookie } = askingBrowser(purposeOf(held), call);
	const asked = await operations.askToJoinByPasskey(held, names, browser, call.services);
	switch (asked.kind) {
		case "asked": {
			const { person, options } = asked;
			const fields = { answer: "new", with: "passkey", ...names, person };
			return page(200, joinByPasskeyView({ ...(await shownOf(held, call)), ...names, fields, options }), cookie);
		}
		case "taken":
			return again(409, { errors: { username: words.join.taken } });
		case "limited":
			return again(...tooManyNames(asked, words));
		case "closed":
			return refuse(held, call);
	}
}

function tooManyNames(limited: Limited, words: Words): [number, Said, Headers] {
	return [429, { problem: `${words.join.tooMany} ${tryAgain(limited.retryAfter, words)}` }, rateLimitHeaders(limited)];
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
	return {
		shell: await shellOf(call, call.url.pathname),
		action: call.url.pathname,
		accountName: account.name,
		role,
		inviterName,
		note,
	};
}

/** What the token of the form is for. */
function purposeOf({ link }: operations.HeldInvitation): string {
	return `join ${link.id}`;
}

function consoleOf({ account }: operations.HeldInvitation): string {
	return `/console/${account.slug}`;
}

/** A link that is none, or none of ours, tells nothing; one that was good tells its holder why it is not any more. */
async function refuse(held: operations.HeldInvitation | null, call: Call): Promise<Response> {
	const shell = await shellOf(call);
	const { join: say } = shell.words;
	if (!held) return page(404, problemView({ shell, ...say.none }));
	const { name } = held.account;
	// Where it is open others were quicker at something else: it is as it was.
	if (held.standing === "open") return page(409, problemView({ shell, ...say.open }));
	const said = say[held.standing];
	return page(held.standing === "closed" ? 403 : 410, problemView({ shell, ...said, detail: said.detail(name) }));
}
