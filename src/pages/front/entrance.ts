import { readSessionCookie } from "../../http/cookies.ts";
import { page, seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { formToken } from "../../operations/form-token.ts";
import { mayMakeAccounts } from "../../operations/people/accounts.ts";
import { belongsTo, currentSignIn } from "../../operations/people/sign-in.ts";
import { noAccountView } from "./no-account.tsx";
import { suspendedAccount } from "../frame/visit.ts";

/** `GET /console`: on to the person's first account. */
export async function consolePage(call: Call): Promise<Response> {
	const { request, url, services } = call;
	const signedIn = await currentSignIn(readSessionCookie(request), services);
	if (!signedIn) return seeOther(`/sign-in?continue=${encodeURIComponent(url.pathname + url.search)}`);
	const accounts = await belongsTo(signedIn, services);
	const here = accounts.find(({ account }) => account.state === "active") ?? accounts[0];
	if (here && here.account.state !== "active") return suspendedAccount(here.account, call);
	if (here) return seeOther(`/console/${here.account.slug}`);
	const csrf = await formToken(signedIn.id, "sign-out", services.serverKeys);
	const { person } = signedIn;
	const isWhole = signedIn.within === null;
	const isOperator = isWhole && (signedIn.person.isOperator ?? false);
	const shown = { person, isOperator, mayMakeAccounts: isWhole && mayMakeAccounts({ isOperator }, services) };
	return page(200, noAccountView({ shell: await shellOf(call), ...shown, signOut: { action: "/sign-out", csrf } }));
}
