import type { Permission, Role } from "../../domain/permission.ts";
import { roles } from "../../domain/permission.ts";
import type { Account } from "../../domain/account.ts";
import { toScope } from "../../domain/scope.ts";
import { type BodyError, type Params, readBody } from "../../http/body.ts";
import { readSessionCookie } from "../../http/cookies.ts";
import { page, seeOther } from "../../http/reply.ts";
import { isSameOrigin } from "../../http/same-origin.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import { formToken, isFormToken } from "../../operations/form-token.ts";
import { accountsOf, currentSignIn, type SignedIn } from "../../operations/people/sign-in.ts";
import type { ConsoleFrame, ConsoleSection } from "./console-frame.tsx";
import { problemView } from "../../ui/problem.tsx";

/** A signed-in person in one account of theirs, on a page of the console. */
export interface Visit {
	readonly call: Call;
	readonly signedIn: SignedIn;
	readonly account: Account;
	readonly role: Role;
	readonly actor: Actor;
	/** The fields of the form, once its token was found good; empty for a GET. */
	readonly form: Params;
	/** What every page of the console stands in. */
	readonly frame: ConsoleFrame;
}

/** For a form with a file in it: http/multipart.ts. */
export type FormReader = (request: Request) => Promise<{ ok: true; params: Params } | { ok: false; error: BodyError }>;

/**
 * A route under `/console/:slug`: sign-in, membership, the permission that the page needs and, for a POST, where the form
 * comes from. An account that is not theirs looks as one that does not exist.
 */
export function inConsole(
	section: ConsoleSection | null,
	permission: Permission | null,
	handle: (visit: Visit) => Promise<Response>,
	read: FormReader = (request) => readBody(request, { json: false }),
): Handler {
	return async (call) => {
		const { request, url, services, address } = call;
		const isPost = request.method === "POST";
		if (isPost && !isSameOrigin(request, services.config.issuer)) return refused(403, "Not from here", foreign);
		const signedIn = await currentSignIn(readSessionCookie(request), services);
		if (!signedIn) return seeOther(`/sign-in?continue=${encodeURIComponent(isPost ? "/" : url.pathname + url.search)}`);
		const accounts = await accountsOf(signedIn.person, services);
		const here = accounts.find(({ account }) => account.slug === call.params.slug);
		if (!here) return refused(404, "No such account", "There is no such account, or you do not belong to it.");
		const { account, role } = here;
		const permissions = toScope(roles[role]);
		if (permission !== null && !permissions.includes(permission)) {
			return refused(
				403,
				"Not for your role",
				`This needs the permission ${permission}. Ask an administrator of ${account.name}.`,
			);
		}
		const body = isPost ? await read(request) : null;
		if (body && !body.ok) return refused(body.error.status, "Malformed form", body.error.detail);
		const form = body?.params ?? new Map<string, string>();
		if (isPost && !(await isFormToken(form.get("csrf"), signedIn.id, "console", services.serverKeys))) {
			return refused(
				403,
				"Out of date",
				"This form was out of date, so nothing was done. Go back, reload the page, and try again.",
			);
		}
		const csrf = await formToken(signedIn.id, "console", services.serverKeys);
		const signOutCsrf = await formToken(signedIn.id, "sign-out", services.serverKeys);
		return handle({
			call,
			signedIn,
			account,
			role,
			actor: { subject: signedIn.person.id, accountId: account.id, permissions, address },
			form,
			frame: {
				section,
				account: { slug: account.slug, name: account.name },
				accounts: accounts.map((each) => ({ slug: each.account.slug, name: each.account.name })),
				person: { name: signedIn.person.name, username: signedIn.person.username },
				permissions,
				csrf,
				signOutCsrf,
			},
		});
	};
}

const foreign = "This form was sent from another site, so nothing was done.";

function refused(status: number, title: string, detail: string): Response {
	return page(status, problemView({ title, detail, what: null }));
}
