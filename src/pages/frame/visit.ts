import type { Permission, Role } from "../../domain/permission.ts";
import { roles } from "../../domain/permission.ts";
import type { Account } from "../../domain/account.ts";
import { toScope } from "../../domain/scope.ts";
import type { Params } from "../../http/body.ts";
import { readSessionCookie } from "../../http/cookies.ts";
import { foreignForm, type FormReader, readForm } from "../../http/own-form.ts";
import { page, seeOther } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import { formToken, isFormToken } from "../../operations/form-token.ts";
import { accountsOf, currentSignIn, type SignedIn } from "../../operations/people/sign-in.ts";
import type { ConsoleFrame, ConsoleSection } from "./console-frame.tsx";
import { notForRole, notThere, refuseVisit } from "./refusal.ts";
import { problemView } from "../../ui/problem.tsx";

/** A signed-in person in one account of theirs, on a page of the console. */
export interface Visit extends Call {
	readonly signedIn: SignedIn;
	readonly account: Account;
	readonly role: Role;
	readonly actor: Actor;
	readonly isPost: boolean;
	/** The fields of the form, once its token was found good; empty for a GET. */
	readonly form: Params;
	/** What every page of the console stands in. */
	readonly frame: ConsoleFrame;
}

/**
 * A route under `/console/:slug`: sign-in, membership, what the page needs (a permission or, where none stands for it, the
 * role of an administrator) and, for a POST, where the form comes from. An account that is not theirs looks as one that
 * does not exist; whoever is inside one is told within its frame what is refused.
 */
export function inConsole(
	section: ConsoleSection | null,
	needs: Permission | "admin" | null,
	handle: (visit: Visit) => Promise<Response>,
	read?: FormReader,
): Handler {
	return async (call) => {
		const { request, url, services, address } = call;
		const isPost = request.method === "POST";
		const foreign = isPost && foreignForm(request, services.config.issuer);
		if (foreign) return page(foreign.status, problemView(foreign));
		const signedIn = await currentSignIn(readSessionCookie(request), services);
		if (!signedIn) return seeOther(`/sign-in?continue=${encodeURIComponent(isPost ? "/" : url.pathname + url.search)}`);
		const accounts = await accountsOf(signedIn.person, services);
		const here = accounts.find(({ account }) => account.slug === call.params.slug);
		if (!here) return noSuchAccount();
		const { account, role } = here;
		const permissions = toScope(roles[role]);
		const frame: ConsoleFrame = {
			section,
			account: { slug: account.slug, name: account.name },
			base: `/console/${account.slug}`,
			accounts: accounts.map((each) => ({ slug: each.account.slug, name: each.account.name })),
			person: { name: signedIn.person.name, username: signedIn.person.username },
			permissions,
			csrf: await formToken(signedIn.id, "console", services.serverKeys),
			signOutCsrf: await formToken(signedIn.id, "sign-out", services.serverKeys),
			now: services.now(),
			done: url.searchParams.get("done"),
		};
		if (needs === "admin" && role !== "admin") return notForRole({ frame }, onlyAdministrators);
		if (needs !== null && needs !== "admin" && !permissions.includes(needs)) {
			return notForRole({ frame }, `This needs the permission ${needs}. Ask an administrator of ${account.name}.`);
		}
		const form = isPost ? await readForm(request, read) : noForm;
		if (!form.ok) return refuseVisit({ frame }, form.status, form.title, form.detail);
		if (isPost && !(await isFormToken(form.params.get("csrf"), signedIn.id, "console", services.serverKeys))) {
			return refuseVisit({ frame }, 403, "Out of date", outOfDate);
		}
		const actor = { subject: signedIn.person.id, accountId: account.id, permissions, address };
		return handle({ ...call, signedIn, account, role, actor, isPost, form: form.params, frame });
	};
}

const noForm = { ok: true, params: new Map<string, string>() } as const;

export const onlyAdministrators = "Only an administrator of this account can do this. Ask one of them.";
const outOfDate = "This form was out of date, so nothing was done. Go back, reload the page, and try again.";

export function noSuchAccount(): Response {
	const detail = "There is no such account, or you do not belong to it.";
	return page(404, problemView({ title: "No such account", detail }));
}

/** Any other address under `/console/:slug/`. */
export const nothingPage = inConsole(null, null, async (visit) => notThere(visit));
