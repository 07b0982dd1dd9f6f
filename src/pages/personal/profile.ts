import type { Profile } from "../../domain/identity.ts";
import { addressFields, type ProfileDraft, profileFields } from "../../domain/profile.ts";
import type { Params } from "../../http/body.ts";
import { page } from "../../http/reply.ts";
import { saveProfile } from "../../operations/people/person-settings.ts";
import { verificationOf } from "../../operations/people/verify-address.ts";
import { type ProfileProps, profileView } from "./profile.tsx";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notThere } from "../frame/refusal.ts";
import { forOneself, type OwnVisit } from "../frame/visit.ts";

/** `GET`, `POST /console/:slug/settings/profile`: what a person says of themselves, to applications that they allow it. */
export const profilePage = forOneself("settings", async (visit) => {
	const { services, signedIn, actor, form } = visit;
	if (!visit.isPost) {
		const values = valuesOf(signedIn.person.profile);
		return show(visit, 200, { values, fields: await drawnFrom(values) });
	}
	const typed = pick(form, allFields);
	const settled = (now: Profile) => settle(form, typed, valuesOf(now));
	const edit = async (now: Profile) => {
		const { conflicts, values } = await settled(now);
		return isConflict(conflicts) ? "stale" : draftOf(values);
	};
	const saved = await saveProfile(signedIn.person, edit, actor.address, services);
	const asTyped = { values: typed, fields: drawnOf(form) };
	switch (saved.kind) {
		case "saved":
			return doneAt(`${visit.frame.base}/settings/profile`, "profile");
		case "stale": {
			const { values, conflicts: errors } = await settled(saved.profile);
			const fields = await drawnFrom(valuesOf(saved.profile));
			return show(visit, 409, { values, fields, errors, problem: savedMeanwhile });
		}
		case "overtaken":
			return show(visit, 409, { ...asTyped, problem: changedAllTheTime });
		case "invalid": {
			const errors = saved.problems.map(({ field, detail }) => [field.replace("address.", ""), detail]);
			return show(visit, 400, { ...asTyped, errors: Object.fromEntries(errors) });
		}
		case "unknown":
			return notThere(visit, "person");
	}
});

type ProfileForm = Pick<ProfileProps, "values" | "fields"> & Partial<Pick<ProfileProps, "errors" | "problem">>;

function show({ frame, signedIn, services }: OwnVisit, status: number, form: ProfileForm): Response {
	const verification = verificationOf(signedIn.person, services);
	return page(status, profileView({ errors: {}, problem: null, ...form, frame, verification }));
}

const allFields = [...profileFields, ...addressFields];
type AllValues = Readonly<Record<(typeof allFields)[number], string>>;

/** Every field, those that say nothing too. */
function valuesOf({ address, ...said }: Profile = {}): AllValues {
	return pick(
		new Map(Object.entries({ ...said, ...address }).map(([name, value]) => [name, String(value)])),
		allFields,
	);
}

function draftOf(values: AllValues): ProfileDraft {
	const said = new Map(Object.entries(values));
	return { ...pick(said, profileFields), address: pick(said, addressFields) };
}

function pick<Field extends string>(form: Params, fields: readonly Field[]): Record<Field, string> {
	return Object.fromEntries(fields.map((field) => [field, form.get(field) ?? ""])) as Record<Field, string>;
}
