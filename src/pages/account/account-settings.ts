import { nameRule, readName } from "../../domain/display-name.ts";
import { page } from "../../http/reply.ts";
import { isRevealAllowed, renameAccount, setRevealAllowed } from "../../operations/people/account-settings.ts";
import { doneAt } from "../frame/address.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { accountSettingsView, forbidRevealView } from "./account-settings.tsx";

/** `GET /console/:slug/settings/account` */
export const accountPage = inConsole("settings", null, (visit) => show(visit, 200, visit.account.name, null));

/** `POST …/settings/account` with `change`, which is `name` or `reveal`. */
export const changeAccountPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, form } = visit;
	if (form.get("change") === "reveal") {
		await setRevealAllowed(true, actor, services);
		return doneAt(baseOf(visit), "reveal");
	}
	const typed = form.get("name") ?? "";
	const name = readName(typed);
	if (name === null) return show(visit, 400, typed, nameRule);
	await renameAccount(name, actor, services);
	return doneAt(baseOf(visit), "name");
});

/** `GET`, `POST …/settings/account/forbid-reveal`: asks first, since what is deleted does not come back. */
export const forbidRevealPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, frame } = visit;
	if (!visit.isPost) return page(200, forbidRevealView({ frame }));
	await setRevealAllowed(false, actor, services);
	return doneAt(baseOf(visit), "forbidden");
});

async function show(visit: Visit, status: number, name: string, error: string | null): Promise<Response> {
	const { services, account, role, frame } = visit;
	const revealAllowed = await isRevealAllowed(account.id, services);
	return page(status, accountSettingsView({ frame, name, error, revealAllowed, mayChange: role === "admin" }));
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/settings/account`;
}
