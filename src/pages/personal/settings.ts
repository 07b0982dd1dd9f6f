import { nameRule, readName } from "../../domain/display-name.ts";
import { page } from "../../http/reply.ts";
import { renamePerson } from "../../operations/people/person-settings.ts";
import { type SettingsField, type SettingsProps, settingsView } from "./settings.tsx";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { forOneself, type OwnVisit } from "../frame/visit.ts";

/** `GET`, `POST /console/:slug/settings` with `name`. */
export const settingsPage = forOneself("settings", async (visit) => {
	return visit.isPost ? takeName(visit) : again(visit, 200, {});
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

async function again(
	{ frame }: OwnVisit,
	status: number,
	errors: FieldErrors<SettingsField>,
	said: Partial<Pick<SettingsProps, "name" | "fields" | "problem">> = {},
): Promise<Response> {
	const { name } = frame.person;
	const drawn = { name, fields: await drawnFrom({ name }), problem: null, ...said };
	return page(status, settingsView({ ...drawn, frame, errors }));
}

function baseOf({ frame }: OwnVisit): string {
	return `${frame.base}/settings`;
}
