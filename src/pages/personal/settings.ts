import { nameRule, readName } from "../../domain/display-name.ts";
import { passwordProblems } from "../../domain/new-password.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, page } from "../../http/reply.ts";
import { changePassword, renamePerson } from "../../operations/people/person-settings.ts";
import { recoveryCodesOf } from "../../operations/people/recovery-codes.ts";
import { type SettingsField, type SettingsProps, settingsView } from "./settings.tsx";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { tryAgain } from "../../ui/instant.tsx";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { forOneself, type OwnVisit } from "../frame/visit.ts";

/** `GET /console/:slug/settings`; `POST` with `change`, which is `name` or `password`. */
export const settingsPage = forOneself("settings", async (visit) => {
	const { form } = visit;
	if (visit.isPost) return form.get("change") === "password" ? takePassword(visit) : takeName(visit);
	return again(visit, 200, {});
});

async function takeName(visit: OwnVisit): Promise<Response> {
	const { services, signedIn, actor, form } = visit;
	const typed = form.get("name") ?? "";
	const name = readName(typed);
	const asTyped = { name: typed, fields: drawnOf(form) };
	if (name === null) return again(visit, 400, { name: nameRule }, asTyped);
	const settled = (now: string) => settle(form, { name }, { name: now });
	const edit = async (now: string) => {
		const { conflicts, values } = await settled(now);
		return isConflict(conflicts) ? "stale" : values;
	};
	const renamed = await renamePerson(signedIn, edit, actor.address, services);
	switch (renamed.kind) {
		case "renamed":
			return doneAt(baseOf(visit), "name");
		case "overtaken":
			return again(visit, 409, {}, { ...asTyped, problem: changedAllTheTime });
		case "stale": {
			const { conflicts } = await settled(renamed.name);
			const fields = await drawnFrom({ name: renamed.name });
			return again(visit, 409, conflicts, { name: typed, fields, problem: savedMeanwhile });
		}
	}
}

async function takePassword(visit: OwnVisit): Promise<Response> {
	const { services, signedIn, actor, form } = visit;
	const current = form.get("current_password") ?? "";
	const next = form.get("new_password") ?? "";
	if (current === "") return again(visit, 400, { current_password: "Enter the password that you have now." });
	const outcome = await changePassword(signedIn, { current, next, address: actor.address }, services);
	switch (outcome.kind) {
		case "changed":
			return doneAt(baseOf(visit), "password");
		case "wrong":
			return again(visit, 403, { current_password: "This is not your password." });
		case "same":
			return again(visit, 400, { new_password: "This is the password that you have already." });
		case "refused":
			return again(visit, 400, { new_password: passwordProblems[outcome.problem] });
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

async function again(
	{ frame, signedIn, services }: OwnVisit,
	status: number,
	errors: FieldErrors<SettingsField>,
	said: Partial<Pick<SettingsProps, "name" | "fields" | "problem">> & { readonly headers?: Headers } = {},
): Promise<Response> {
	const { name } = frame.person;
	const { headers, ...form } = said;
	const codes = await recoveryCodesOf(signedIn.person, services);
	const shown = { name, fields: await drawnFrom({ name }), problem: null, ...form, codes, frame, errors };
	return page(status, settingsView(shown), headers);
}

function baseOf({ frame }: OwnVisit): string {
	return `${frame.base}/settings`;
}
