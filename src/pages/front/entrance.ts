import { roles } from "../../domain/permission.ts";
import { readSessionCookie } from "../../http/cookies.ts";
import { page, seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { formToken } from "../../operations/form-token.ts";
import { mayMakeAccounts } from "../../operations/people/accounts.ts";
import { belongsTo, currentSignIn } from "../../operations/people/sign-in.ts";
import { sectionFor } from "../frame/console-frame.tsx";
import { noAccountView } from "./no-account.tsx";
import { noSuchAccount, suspendedAccount } from "../frame/visit.ts";

/**
 * `GET /console` and `GET /console/:slug`: on to the account's first section or, with `?section=`, to that one where the
 * person may see it there. Without a slug the account is the person's first.
 */
export async function consolePage(call: Call): Promise<Response> {
	const { request, url, params, services } = call;
	const signedIn = await currentSignIn(readSessionCookie(request), services);
	if (!signedIn) return seeOther(`/sign-in?continue=${encodeURIComponent(url.pathname + url.search)}`);
	const accounts = await belongsTo(signedIn, services);
	const { slug } = params;
	const first = accounts.find(({ account }) => account.state === "active") ?? accounts[0];
	const here = slug === undefined ? first : accounts.find(({ account }) => account.slug === slug);
	if (here && here.account.state !== "active") return suspendedAccount(here.account, call);
	if (here) {
		const section = sectionFor(url.searchParams.get("section"), roles[here.role]);
		return seeOther(`/console/${here.account.slug}/${section}`);
	}
	if (slug !== undefined) return noSuchAccount(call);
	const csrf = await formToken(signedIn.id, "sign-out", services.serverKeys);
	const { person } = signedIn;
	const isWhole = signedIn.within === null;
	const isOperator = isWhole && (signedIn.person.isOperator ?? false);
	const shown = { person, isOperator, mayMakeAccounts: isWhole && mayMakeAccounts({ isOperator }, services) };
	return page(200, noAccountView({ shell: await shellOf(call), ...shown, signOut: { action: "/sign-out", csrf } }));
}
