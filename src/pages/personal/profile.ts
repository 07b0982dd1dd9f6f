import type { Profile } from "../../domain/identity.ts";
import { addressFields, type ProfileDraft, profileFields } from "../../domain/profile.ts";
import type { Params } from "../../http/body.ts";
import { page } from "../../http/reply.ts";
import { saveProfile } from "../../operations/people/person-settings.ts";
import { type ProfileErrors, profileView, type ProfileValues } from "./profile.tsx";
import { doneAt } from "../frame/address.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

/** `GET`, `POST /console/:slug/settings/profile`: what a person says of themselves, to applications that they allow it. */
export const profilePage = inConsole("settings", null, async (visit) => {
	const { services, signedIn, actor, form } = visit;
	if (!visit.isPost) return show(visit, 200, valuesOf(signedIn.person.profile ?? {}), {});
	const saved = await saveProfile(signedIn.person, draftOf(form), actor.address, services);
	if (saved.kind === "saved") return doneAt(`${visit.frame.base}/settings/profile`, "profile");
	const problems = saved.kind === "invalid" ? saved.problems : [];
	const errors: ProfileErrors = Object.fromEntries(
		problems.map(({ field, detail }) => [field.replace("address.", ""), detail]),
	);
	return show(visit, 400, Object.fromEntries(form), errors);
});

function show({ frame }: Visit, status: number, values: ProfileValues, errors: ProfileErrors): Response {
	return page(status, profileView({ frame, values, errors }));
}

function valuesOf({ address, ...said }: Profile): ProfileValues {
	return { ...said, ...address };
}

function draftOf(form: Params): ProfileDraft {
	return { ...pick(form, profileFields), address: pick(form, addressFields) };
}

function pick<Field extends string>(form: Params, fields: readonly Field[]): Record<Field, string> {
	return Object.fromEntries(fields.map((field) => [field, form.get(field) ?? ""])) as Record<Field, string>;
}
