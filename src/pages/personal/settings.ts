import { nameRule, readName } from "../../domain/display-name.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, page } from "../../http/reply.ts";
import { changePassword, minPasswordLength, renamePerson } from "../../operations/people/person-settings.ts";
import { maxPasswordLength } from "../../operations/checks/verify-password.ts";
import { type SettingsField, settingsView } from "./settings.tsx";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { tryAgain } from "../../ui/instant.tsx";
import { doneAt } from "../frame/address.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

/** `GET /console/:slug/settings`; `POST` with `change`, which is `name` or `password`. */
export const settingsPage = inConsole("settings", null, async (visit) => {
	const { frame, form } = visit;
	if (visit.isPost) return form.get("change") === "password" ? takePassword(visit) : takeName(visit);
	return page(200, settingsView({ frame, name: frame.person.name, errors: {} }));
});

async function takeName(visit: Visit): Promise<Response> {
	const { services, signedIn, actor, form } = visit;
	const typed = form.get("name") ?? "";
	const name = readName(typed);
	if (name === null) return again(visit, 400, { name: nameRule }, { name: typed });
	await renamePerson(signedIn, name, actor.address, services);
	return doneAt(baseOf(visit), "name");
}

async function takePassword(visit: Visit): Promise<Response> {
	const { services, signedIn, actor, form } = visit;
	const current = form.get("current_password") ?? "";
	const next = form.get("new_password") ?? "";
	const length = `Use at least ${minPasswordLength} characters, and at most ${maxPasswordLength}.`;
	const isLong = next.length >= minPasswordLength && next.length <= maxPasswordLength;
	const errors = {
		...(current === "" && { current_password: "Enter the password that you have now." }),
		...(!isLong && { new_password: length }),
	};
	if (Object.keys(errors).length > 0) return again(visit, 400, errors);
	const outcome = await changePassword(signedIn, { current, next, address: actor.address }, services);
	switch (outcome.kind) {
		case "changed":
			return doneAt(baseOf(visit), "password");
		case "wrong":
			return again(visit, 403, { current_password: "This is not your password." });
		case "same":
			return again(visit, 400, { new_password: "This is the password that you have already." });
		case "limited":
			return again(
				visit,
				429,
				{ current_password: `Too many failed attempts. ${tryAgain(outcome.retryAfter)}` },
				{ headers: rateLimitHeaders(outcome) },
			);
		case "busy":
			return again(visit, 503, { new_password: "The server is busy. Please try again." });
	}
}

function again(
	{ frame }: Visit,
	status: number,
	errors: FieldErrors<SettingsField>,
	{ name = frame.person.name, headers }: { readonly name?: string; readonly headers?: Headers } = {},
): Response {
	return page(status, settingsView({ frame, name, errors }), [], headers);
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/settings`;
}
