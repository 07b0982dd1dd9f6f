import { bounds, isFull } from "../../domain/bounds.ts";
import type { Hash } from "../../domain/brands.ts";
import { passwordProblems } from "../../domain/new-password.ts";
import type { Limited } from "../../domain/limit.ts";
import { readBrowserCookie } from "../../http/cookies.ts";
import type { Params } from "../../http/body.ts";
import { readOwnForm } from "../../http/own-form.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, page, seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { isMailOn } from "../../operations/mail/send-mail.ts";
import { recoverByCode } from "../../operations/people/recover.ts";
import { askToRecoverByCode, type RecoveryAsked } from "../../operations/people/recover-by-passkey.ts";
import { mailLink, makeLinkBySecret } from "../../operations/people/recovery-links.ts";
import type { Services } from "../../operations/services.ts";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { tryAgain } from "../../ui/instant.tsx";
import { problemView } from "../../ui/problem.tsx";
import { nothingHere } from "../frame/wrong-address.ts";
import { askingBrowser, passkeyNotMade, wantsPasskey, wayInOf } from "./passkey-in-form.ts";
import { recoverByPasskeyView, recoveredView, type RecoverField, recoverView, sentView, type Way } from "./recover.tsx";

/** `GET /recover?by=code|mail|secret`: for whoever lost their password. */
export async function recoverPage(call: Call): Promise<Response> {
	const { url } = call;
	switch (url.searchParams.get("done")) {
		case "password":
		case "passkey":
			return page(200, recoveredView(await shellOf(call), url.searchParams.get("done") === "passkey"));
		case "mail":
			return page(200, sentView(await shellOf(call)));
		default: {
			const way = wayOf(url.searchParams.get("by"), call.services);
			return way === null ? nothingHere(call) : show(call, 200, way, "", {});
		}
	}
}

/** `POST /recover` with `by` and the fields of that way. */
export async function takeRecoverPage(call: Call): Promise<Response> {
	const { request, services } = call;
	const form = await readOwnForm(request, services.config.issuer);
	if (!form.ok) return page(form.status, problemView({ shell: await shellOf(call), ...form }));
	const way = wayOf(form.params.get("by") ?? null, services);
	return way === null ? nothingHere(call) : ways[way](call, form.params);
}

const ways: Readonly<Record<Way, (call: Call, form: Params) => Promise<Response>>> = {
	code: byCode,
	mail: byMail,
	secret: bySecret,
};

async function byCode(call: Call, form: Params): Promise<Response> {
	const { request, services, address } = call;
	const username = usernameOf(form);
	const code = form.get("code") ?? "";
	const hash = (form.get("hash") ?? "") as Hash;
	const again: Again = (status, errors, headers) => show(call, status, "code", username, errors, headers);
	const wayIn = wayInOf(form, form.get("new_password") ?? "", purpose, call);
	const missing = {
		...(username === "" && { username: "Enter your user name." }),
		...(code === "" && hash === "" && { code: "Enter one of your recovery codes." }),
		...(!wantsPasskey(form) &&
			wayIn.kind === "password" &&
			wayIn.password === "" && { new_password: passwordProblems.length }),
	};
	if (Object.keys(missing).length > 0) return again(400, missing);
	const kept = readBrowserCookie(request);
	if (wantsPasskey(form)) {
		const { browser, cookie } = askingBrowser(purpose, call);
		const given = { username, code, second: form.get("second") ?? "", browser, address, kept };
		const asked = await askToRecoverByCode(given, services);
		if (asked.kind === "wrong") return again(401, { code: wrongCode });
		if (asked.kind !== "asked") return again(...notAsked(asked));
		return page(
			200,
			recoverByPasskeyView({
				shell: await shellOf(call),
				action: "/recover",
				fields: { by: "code" },
				asked,
			}),
			cookie,
		);
	}
	const shown = wayIn.kind === "passkey" ? { hash } : { code };
	const given = { username, shown, wayIn, held: form.get("held") ?? "", address, kept };
	const recovered = await recoverByCode(given, services);
	switch (recovered.kind) {
		case "recovered":
			return seeOther(`/recover?done=${wayIn.kind}`);
		case "wrong":
			services.log("recovery.refused", {});
			return again(401, { code: wrongCode });
		case "not_made":
			return again(400, { code: passkeyNotMade });
		case "refused":
			return again(400, { new_password: passwordProblems[recovered.problem] });
		case "limited":
			return again(...tooOften(recovered));
		case "busy":
			return again(503, { new_password: "The server is busy. Please try again." }, { "retry-after": "1" });
	}
}

/** What a passkey is asked for. */
const purpose = "recover";

const wrongCode = "The user name and the code do not belong together, or the code was used.";

/** What it stands on is good, and does not do. */
export function notAsked(
	refused: Exclude<RecoveryAsked, { kind: "asked" | "wrong" }>,
): [number, FieldErrors<"username" | "second">, Headers?] {
	switch (refused.kind) {
		case "second_factor":
			return [401, { second: secondWords[refused.wanted][refused.isWrong ? "wrong" : "missing"] }];
		case "full":
			return [409, { username: `${isFull(bounds.passkeys)} Choose a password.` }];
		case "limited":
			return [429, { username: `Too many attempts. ${tryAgain(refused.retryAfter)}` }, rateLimitHeaders(refused)];
	}
}

const secondWords = {
	code: {
		missing: "You use one-time codes: enter one here too, or another recovery code.",
		wrong: "This is no one-time code of yours, nor another recovery code.",
	},
	recovery: {
		missing: "You have passkeys: enter one of your recovery codes here too. Without any, choose a password.",
		wrong: "This is no recovery code of yours, or it was used.",
	},
} as const;

async function byMail(call: Call, form: Params): Promise<Response> {
	const { services, address } = call;
	const username = usernameOf(form);
	const again: Again = (status, errors, headers) => show(call, status, "mail", username, errors, headers);
	if (username === "") return again(400, { username: "Enter your user name." });
	const mailed = await mailLink({ username, address }, services);
	return mailed.kind === "limited" ? again(...tooOften(mailed)) : seeOther("/recover?done=mail");
}

async function bySecret(call: Call, form: Params): Promise<Response> {
	const { services, address } = call;
	const username = usernameOf(form);
	const again: Again = (status, errors) => show(call, status, "secret", username, errors);
	const made = await makeLinkBySecret({ secret: form.get("secret") ?? "", username, address }, services);
	switch (made.kind) {
		case "made":
			return seeOther(made.url.slice(services.config.issuer.length));
		case "wrong_secret":
			return again(403, { secret: "This is not the setup secret of this deployment." });
		default:
			return again(404, { username: "Nobody who runs this deployment has this user name." });
	}
}

type Again = (status: number, errors: FieldErrors<RecoverField>, headers?: Headers) => Promise<Response>;

function tooOften(limited: Limited): [number, FieldErrors<RecoverField>, Headers] {
	return [429, { username: `Too many attempts. ${tryAgain(limited.retryAfter)}` }, rateLimitHeaders(limited)];
}

/** No name has white space, and keyboards put some behind it. */
function usernameOf(form: Params): string {
	return (form.get("username") ?? "").trim();
}

/** Null for one that this deployment does not have. */
function wayOf(text: string | null, services: Services): Way | null {
	if (text === "mail") return isMailOn(services) ? "mail" : null;
	if (text === "secret") return services.config.setupSecret === null ? null : "secret";
	return "code";
}

async function show(
	call: Call,
	status: number,
	way: Way,
	username: string,
	errors: FieldErrors<RecoverField>,
	headers?: Headers,
): Promise<Response> {
	const offered = (["code", "mail", "secret"] as const).filter((each) => wayOf(each, call.services) === each);
	return page(status, recoverView({ shell: await shellOf(call), way, offered, username, errors }), headers);
}
