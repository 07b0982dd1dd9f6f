import { isSlug } from "../../domain/account.ts";
import { isUsername, readName } from "../../domain/display-name.ts";
import { foreignForm, readForm } from "../../http/own-form.ts";
import { page } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
import { askToSetUpByPasskey, isSetupOpen, setUp } from "../../operations/people/set-up.ts";
import { problemView } from "../../ui/problem.tsx";
import { askingBrowser, wantsPasskey, wayInOf } from "./passkey-in-form.ts";
import { setupByPasskeyView, setupDoneView, setupView, type SetupProps } from "./setup.tsx";
import type { Words } from "../../words/en.ts";

type SetupField = keyof SetupProps["errors"];

const empty = { account: "", slug: "", name: "", username: "" };

/** `GET /setup`: there for whoever deployed latchkey, until the first account is made. */
export async function setupPage(call: Call): Promise<Response> {
	const shell = await shellOf(call);
	const open = await isSetupOpen(call.services);
	return open ? page(200, setupView({ shell, action: "/setup", values: empty, errors: {} })) : closed(call);
}

/** `POST /setup` */
export async function takeSetupPage(call: Call): Promise<Response> {
	const { request, services, address } = call;
	if (services.config.setupSecret === null) return closed(call);
	if (foreignForm(request, services.config.issuer)) return closed(call);
	const form = await readForm(request);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const field = (name: SetupField) => form.params.get(name) ?? "";
	const shell = await shellOf(call, "/setup");
	const names = { account: field("account").trim(), name: field("name").trim() };
	const values = { ...names, slug: field("slug").trim(), username: field("username").trim() };
	const again = (status: number, errors: SetupProps["errors"]) =>
		page(status, setupView({ shell, action: "/setup", values, errors }));

	const { browser, cookie } = askingBrowser(purpose, call);
	const seen = form.params.get("seen") ?? "";
	const secret = field("secret");
	const { setup: say, passkey, common, rules } = shell.words;
	const errors = problemsOf({ ...values, secret: seen || secret }, shell.words);
	if (Object.keys(errors).length > 0) return again(400, errors);
	if (wantsPasskey(form.params)) {
		if (!(await isSetupOpen(services))) return closed(call);
		const asked = await askToSetUpByPasskey(secret, values, browser, services);
		if (!asked) return again(403, { secret: say.wrongSecret });
		const { options, ...rest } = asked;
		const fields = { ...values, ...rest, with: "passkey" };
		return page(
			200,
			setupByPasskeyView({ shell, action: "/setup", username: values.username, fields, options }),
			cookie,
		);
	}
	const wayIn = wayInOf(form.params, field("password"), purpose, call);
	const shown = wayIn.kind === "passkey" ? { seen, browser } : { secret };
	const outcome = await setUp({ ...values, shown, wayIn, address }, services);
	switch (outcome) {
		case "done":
			return page(200, setupDoneView({ shell, signInUrl: "/sign-in" }));
		case "already":
			return closed(call);
		case "not_made":
			return again(400, { password: passkey.notMade });
		case "wrong_secret":
			return again(403, { secret: say.wrongSecret });
		case "busy":
			return again(503, { password: common.busy });
		default:
			return again(400, { password: rules.password[outcome] });
	}
}

/** What a passkey is asked for. */
const purpose = "setup";

function problemsOf(
	values: Readonly<Record<Exclude<SetupField, "password">, string>>,
	{ setup: say, rules }: Words,
): SetupProps["errors"] {
	const errors: Partial<Record<SetupField, string>> = {};
	if (values.secret === "") errors.secret = say.missingSecret;
	if (readName(values.account) === null) errors.account = rules.name;
	if (!isSlug(values.slug)) errors.slug = rules.slug;
	if (readName(values.name) === null) errors.name = rules.name;
	if (!isUsername(values.username)) errors.username = rules.username;
	return errors;
}

async function closed(call: Call): Promise<Response> {
	const shell = await shellOf(call);
	return page(404, problemView({ shell, ...shell.words.setup.closed }));
}
