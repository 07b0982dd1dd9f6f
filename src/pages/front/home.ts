import { readSessionCookie } from "../../http/cookies.ts";
import { page } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { formToken } from "../../operations/form-token.ts";
import { belongsTo, currentSignIn } from "../../operations/people/sign-in.ts";
import { homeView } from "./home.tsx";

/** `GET /` */
export async function homePage(call: Call): Promise<Response> {
	const { request, services } = call;
	const signedIn = await currentSignIn(readSessionCookie(request), services);
	const accounts = signedIn ? await belongsTo(signedIn, services) : [];
	return page(
		200,
		homeView({
			shell: await shellOf(call),
			person: signedIn?.person ?? null,
			signInUrl: "/sign-in",
			signOut: signedIn && {
				action: "/sign-out",
				csrf: await formToken(signedIn.id, "sign-out", services.serverKeys),
			},
			issuer: services.config.issuer,
			accounts: accounts.map(({ account, role }) => ({
				slug: account.slug,
				name: account.name,
				role,
				isSuspended: account.state !== "active",
			})),
		}),
	);
}
