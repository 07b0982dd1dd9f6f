import type { ComponentChildren } from "preact";
import { clearSessionCookie } from "../../http/cookies.ts";
import { page, seeOther } from "../../http/reply.ts";
import * as operations from "../../operations/people/my-sign-ins.ts";
import { doneAt, nextUrl } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { forOneself, inConsoleEvenWeakly, type OwnVisit, type Visit } from "../frame/visit.ts";
import { passwordSection } from "./my-password.ts";
import { providersSection } from "./providers.ts";
import { recoveryCodesSection } from "./recovery-codes.ts";
import { oneTimeCodesSection } from "./one-time-codes.ts";
import { passkeysSection } from "./passkeys.ts";
import { securityView, signOutEverywhereView } from "./security.tsx";

const section = "security";

/** What stands above the browsers: a person's ways in, in the order in which they are shown. Each reads what it shows. */
const waysIn: readonly ((visit: OwnVisit) => Promise<ComponentChildren>)[] = [
	passkeysSection,
	passwordSection,
	oneTimeCodesSection,
	recoveryCodesSection,
	providersSection,
];

/** `GET /console/:slug/security`; each of its lists goes on by a cursor of its own. */
export const securityPage = inConsoleEvenWeakly(section, async (visit) => {
	const { url, services, signedIn, account, frame } = visit;
	const from = (name: string, limit: number) => ({ cursor: url.searchParams.get(name), limit });
	const [open, recent, ways] = await Promise.all([
		operations.listMySignIns(signedIn, from("sign_ins", 50), services),
		operations.listRecentSignIns(signedIn.person, account.id, from("recent", 20), services),
		signedIn.within === null ? Promise.all(waysIn.map((show) => show({ ...visit, signedIn }))) : null,
	]);
	if (!open || !recent) return notThere(visit);
	return page(
		200,
		securityView({
			frame,
			waysIn: ways,
			signIns: {
				rows: open.rows.map((each) => ({ ...each, from: each.from ?? null, isThis: each.id === signedIn.id })),
				nextUrl: nextUrl(visit, open.next, {}, "sign_ins"),
			},
			recent: {
				rows: recent.rows.map(({ id, at, action, address, detail }) => ({
					id: String(id),
					at,
					action,
					address,
					browser: String(detail.browser ?? ""),
					by: String(detail.by ?? ""),
					amr: typeof detail.amr === "string" ? detail.amr.split(" ") : null,
				})),
				nextUrl: nextUrl(visit, recent.next, {}, "recent"),
			},
		}),
	);
});

/** `POST …/security/sign-ins/:id/end` */
export const endSignInPage = inConsoleEvenWeakly(section, async (visit) => {
	const { services, params, signedIn, actor } = visit;
	const id = params.id ?? "";
	const outcome = await operations.endMySignIn(id, signedIn, actor.address, services);
	if (outcome === "unknown") return notThere(visit, "browser");
	if (id === signedIn.id) return seeOther("/", { "set-cookie": clearSessionCookie() });
	return doneAt(baseOf(visit), "sign_in");
});

/** `POST …/security/wrong-passwords` with `last_at`, the last of those that were shown. */
export const seenWrongPasswordsPage = forOneself(section, async (visit) => {
	const { services, signedIn, form } = visit;
	await operations.sawWrongPasswords(signedIn, Number(form.get("last_at")), services);
	return doneAt(baseOf(visit), "seen");
});

/** `GET`, `POST …/security/sign-out-everywhere` */
export const signOutEverywherePage = forOneself(section, async (visit) => {
	const { services, signedIn, actor, frame } = visit;
	if (!visit.isPost) return page(200, signOutEverywhereView({ frame }));
	await operations.signOutEverywhere(signedIn, actor.address, services);
	return seeOther("/", { "set-cookie": clearSessionCookie() });
});

function baseOf({ frame }: Visit): string {
	return `${frame.base}/security`;
}
