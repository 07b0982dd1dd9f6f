import { readName } from "../../domain/display-name.ts";
import { page, seeOther } from "../../http/reply.ts";
import { isRevealAllowed, renameAccount, setRevealAllowed } from "../../operations/people/account-settings.ts";
import { accountSettingsView, forbidRevealView } from "./account-settings.tsx";
import { forAdministrators } from "../frame/administrators.ts";
import { noticeOf } from "../frame/notice.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

/** `GET /console/:slug/settings/account` */
export const showAccount = inConsole("settings", null, (visit) => show(visit, 200, visit.account.name, null));

/** `POST …/settings/account` with `change`, which is `name` or `reveal`. */
export const changeAccount = inConsole(
	"settings",
	null,
	forAdministrators(async (visit) => {
		const { call, actor, form } = visit;
		if (form.get("change") === "reveal") {
			await setRevealAllowed(true, actor, call.services);
			return seeOther(`${baseOf(visit)}?done=reveal`);
		}
		const typed = form.get("name") ?? "";
		const name = readName(typed);
		if (name === null) return show(visit, 400, typed, "Enter a name of 1 to 100 printable characters.");
		await renameAccount(name, actor, call.services);
		return seeOther(`${baseOf(visit)}?done=name`);
	}),
);

/** `GET`, `POST …/settings/account/forbid-reveal`: asks first, since what is deleted does not come back. */
export const forbidReveal = inConsole(
	"settings",
	null,
	forAdministrators(async (visit) => {
		const { call, actor, frame } = visit;
		if (call.request.method !== "POST") return page(200, forbidRevealView({ frame }));
		await setRevealAllowed(false, actor, call.services);
		return seeOther(`${baseOf(visit)}?done=forbidden`);
	}),
);

async function show(visit: Visit, status: number, name: string, error: string | null): Promise<Response> {
	const { call, account, role, frame } = visit;
	const revealAllowed = await isRevealAllowed(account.id, call.services);
	const notice = status === 200 ? noticeOf(call.url, sentences) : null;
	const mayChange = role === "admin";
	return page(status, accountSettingsView({ frame, notice, name, error, revealAllowed, mayChange }));
}

function baseOf({ account }: Visit): string {
	return `/console/${account.slug}/settings/account`;
}

const sentences = {
	name: "The account's name is saved. It is remembered elsewhere for at most 30 seconds.",
	reveal: "Access codes that are made from now on can be shown again.",
	forbidden: "Access codes cannot be shown again any more.",
};
