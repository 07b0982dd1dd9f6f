import { bounds } from "../../domain/bounds.ts";
import type { Hash } from "../../domain/brands.ts";
import type { Limited } from "../../domain/limit.ts";
import { readBrowserCookie } from "../../http/cookies.ts";
import type { Params } from "../../http/body.ts";
import { readOwnForm } from "../../http/own-form.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, page, seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
import { isMailOn } from "../../operations/mail/send-mail.ts";
import { recoverByCode } from "../../operations/people/recover.ts";
import { askToRecoverByCode, type RecoveryAsked } from "../../operations/people/recover-by-passkey.ts";
import { mailLink, makeLinkBySecret } from "../../operations/people/recovery-links.ts";
import type { Services } from "../../operations/services.ts";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { tryAgain } from "../../ui/instant.tsx";
import { problemView } from "../../ui/problem.tsx";
import { nothingHere } from "../frame/wrong-address.ts";
import { askingBrowser, wantsPasskey, wayInOf } from "./passkey-in-form.ts";
import { recoverByPasskeyView, recoveredView, type RecoverField, recoverView, sentView, type Way } from "./recover.tsx";
import type { Words } from "../../words/en.ts";

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
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
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
	const { words } = await shellOf(call);
	const { recover: say, secondFactor, rules, passkey, common } = words;
	const missing = {
		...(username === "" && { username: say.missingUsername }),
		...(code === "" && hash === "" && { code: secondFactor.missingRecovery }),
		...(!wantsPasskey(form) &&
			wayIn.kind === "password" &&
			wayIn.password === "" && { new_password: rules.password.length }),
	};
	if (Object.keys(missing).length > 0) return again(400, missing);
	const kept = readBrowserCookie(request);
	if (wantsPasskey(form)) {
		const { browser, cookie } = askingBrowser(purpose, call);
		const given = { username, code, second: form.get("second") ?? "", browser, address, kept };
		const asked = await askToRecoverByCode(given, services);
		if (asked.kind === "wrong") return again(401, { code: say.wrongCode });
		if (asked.kind !== "asked") return again(...notAsked(asked, words));
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
			return again(401, { code: say.wrongCode });
		case "not_made":
			return again(400, { code: passkey.notMade });
		case "refused":
			return again(400, { new_password: rules.password[recovered.problem] });
		case "limited":
			return again(...tooOften(recovered, words));
		case "busy":
			return again(503, { new_password: common.busy }, { "retry-after": "1" });
	}
}

/** What a passkey is asked for. */
const purpose = "recover";

/** What it stands on is good, and does not do. */
export function notAsked(
	refused: Exclude<RecoveryAsked, { kind: "asked" | "wrong" }>,
	words: Words,
): [number, FieldErrors<"username" | "second">, Headers?] {
	const { recover: say, secondFactor } = words;
	switch (refused.kind) {
		case "second_factor": {
			const [missing, wrong] =
				refused.wanted === "code"
					? [say.secondNeeded, say.wrongSecond]
					: [say.recoveryNeeded, secondFactor.wrongRecovery];
			return [401, { second: refused.isWrong ? wrong : missing }];
		}
		case "full":
			return [409, { username: say.full(bounds.passkeys.most) }];
		case "limited":
			return tooOften(refused, words);
	}
}

async function byMail(call: Call, form: Params): Promise<Response> {
	const { services, address } = call;
	const username = usernameOf(form);
	const again: Again = (status, errors, headers) => show(call, status, "mail", username, errors, headers);
	const { words } = await shellOf(call);
	if (username === "") return again(400, { username: words.recover.missingUsername });
	const mailed = await mailLink({ username, address }, services);
	return mailed.kind === "limited" ? again(...tooOften(mailed, words)) : seeOther("/recover?done=mail");
}

async function bySecret(call: Call, form: Params): Promise<Response> {
	const { services, address } = call;
	const username = usernameOf(form);
	const again: Again = (status, errors) => show(call, status, "secret", username, errors);
	const made = await makeLinkBySecret({ secret: form.get("secret") ?? "", username, address }, services);
	const { setup, recover: say } = (await shellOf(call)).words;
	switch (made.kind) {
		case "made":
			return seeOther(made.url.slice(services.config.issuer.length));
		case "wrong_secret":
			return again(403, { secret: setup.wrongSecret });
		default:
			return again(404, { username: say.noOperator });
	}
}

type Again = (status: number, errors: FieldErrors<RecoverField>, headers?: Headers) => Promise<Response>;

function tooOften(limited: Limited, words: Words): [number, { readonly username: string }, Headers] {
	const problem = `${words.common.tooManyAttempts} ${tryAgain(limited.retryAfter, words)}`;
	return [429, { username: problem }, rateLimitHeaders(limited)];
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
	return page(
		status,
		recoverView({
			shell: await shellOf(call, way === "code" ? "/recover" : `/recover?by=${way}`),
			way,
			offered,
			username,
			errors,
		}),
		headers,
	);
}
