import { isStrongEnoughFor } from "../../domain/account.ts";
import { nameRule, readName } from "../../domain/display-name.ts";
import { page } from "../../http/reply.ts";
import {
	isAlertMailOn,
	isRevealAllowed,
	isSecondFactorRequired,
	renameAccount,
	requireSecondFactor,
	setAlertMail,
	setRevealAllowed,
} from "../../operations/people/account-settings.ts";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notForRole } from "../frame/refusal.ts";
import { inConsole, onlyAdministrators, type Visit } from "../frame/visit.ts";
import { type AccountSettingsProps, accountSettingsView, forbidRevealView } from "./account-settings.tsx";

/** `GET /console/:slug/settings/account` */
export const accountPage = inConsole("settings", null, async (visit) => {
	const { name } = visit.account;
	return show(visit, 200, { name, fields: await drawnFrom({ name }) });
});

/** `POST …/settings/account` with `change`, which is `name`, `reveal`, `alert_mail` or `second_factor`. */
export const changeAccountPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, form } = visit;
	if (form.get("change") === "reveal") {
		await setRevealAllowed(true, actor, services);
		return doneAt(baseOf(visit), "reveal");
	}
	if (form.get("change") === "alert_mail") {
		const isOn = form.get("alert_mail") === "on";
		const set = await setAlertMail(isOn, actor, services);
		if (set === "not_permitted") return notForRole(visit, onlyAdministrators);
		return doneAt(baseOf(visit), isOn ? "alerts_mailed" : "alerts_not_mailed");
	}
	if (form.get("change") === "second_factor") return changeSecondFactor(visit, form.get("second_factor") === "on");
	const typed = { name: form.get("name") ?? "" };
	const name = readName(typed.name);
	const again = { ...typed, fields: drawnOf(form) };
	if (name === null) return show(visit, 400, { ...again, error: nameRule });
	const settled = (now: string) => settle(form, { name }, { name: now });
	const renamed = await renameAccount(
		async (now) => {
			const { conflicts, values } = await settled(now);
			return isConflict(conflicts) ? "stale" : values;
		},
		actor,
		services,
	);
	switch (renamed.kind) {
		case "renamed":
			return doneAt(baseOf(visit), "name");
		case "overtaken":
			return show(visit, 409, { ...again, problem: changedAllTheTime });
		case "stale": {
			const { conflicts } = await settled(renamed.name);
			const fields = await drawnFrom({ name: renamed.name });
			return show(visit, 409, { ...typed, fields, error: conflicts.name ?? null, problem: savedMeanwhile });
		}
	}
});

async function changeSecondFactor(visit: Visit, isRequired: boolean): Promise<Response> {
	const { services, actor, signedIn, account } = visit;
	const { name } = account;
	// Nobody shuts themselves out.
	if (isRequired && !isStrongEnoughFor({ secondFactor: "required" }, signedIn.amr)) {
		const problem = "Sign in by two factors yourself first: set one up at sign-in and security, and sign in again.";
		return show(visit, 409, { name, fields: await drawnFrom({ name }), problem });
	}
	const set = await requireSecondFactor(isRequired, actor, services);
	if (set === "not_permitted") return notForRole(visit, onlyAdministrators);
	return doneAt(baseOf(visit), isRequired ? "second_factor" : "one_factor");
}

/** `GET`, `POST …/settings/account/forbid-reveal`: asks first, since what is deleted does not come back. */
export const forbidRevealPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, frame } = visit;
	if (!visit.isPost) return page(200, forbidRevealView({ frame }));
	await setRevealAllowed(false, actor, services);
	return doneAt(baseOf(visit), "forbidden");
});

type NameForm = Pick<AccountSettingsProps, "name" | "fields"> &
	Partial<Pick<AccountSettingsProps, "error" | "problem">>;

async function show(visit: Visit, status: number, form: NameForm): Promise<Response> {
	const { services, account, role, frame } = visit;
	const [revealAllowed, alertMail, secondFactor] = await Promise.all([
		isRevealAllowed(account.id, services),
		isAlertMailOn(account.id, services),
		isSecondFactorRequired(account.id, services),
	]);
	const shown = { error: null, problem: null, ...form };
	return page(
		status,
		accountSettingsView({
			...shown,
			frame,
			revealAllowed,
			alertMail,
			isSecondFactorRequired: secondFactor,
			mayChange: role === "admin",
		}),
	);
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/settings/account`;
}
