import { isSlug, slugRule } from "../../domain/account.ts";
import { isUsername, nameRule, readName, usernameRule } from "../../domain/display-name.ts";
import { passwordProblems } from "../../domain/new-password.ts";
import { foreignForm, readForm } from "../../http/own-form.ts";
import { page } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { askToSetUpByPasskey, isSetupOpen, setUp } from "../../operations/people/set-up.ts";
import { problemView } from "../../ui/problem.tsx";
import { askingBrowser, passkeyNotMade, wantsPasskey, wayInOf } from "./passkey-in-form.ts";
import { setupByPasskeyView, setupDoneView, setupView, type SetupProps } from "./setup.tsx";

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
	if (!form.ok) return page(form.status, problemView({ shell: await shellOf(call), ...form }));
	const field = (name: SetupField) => form.params.get(name) ?? "";
	const shell = await shellOf(call);
	const names = { account: field("account").trim(), name: field("name").trim() };
	const values = { ...names, slug: field("slug").trim(), username: field("username").trim() };
	const again = (status: number, errors: SetupProps["errors"]) =>
		page(status, setupView({ shell, action: "/setup", values, errors }));

	const { browser, cookie } = askingBrowser(purpose, call);
	const seen = form.params.get("seen") ?? "";
	const secret = field("secret");
	const errors = problemsOf({ ...values, secret: seen || secret });
	if (Object.keys(errors).length > 0) return again(400, errors);
	if (wantsPasskey(form.params)) {
		if (!(await isSetupOpen(services))) return closed(call);
		const asked = await askToSetUpByPasskey(secret, values, browser, services);
		if (!asked) return again(403, { secret: wrongSecret });
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
			return again(400, { password: passkeyNotMade });
		case "wrong_secret":
			return again(403, { secret: wrongSecret });
		case "busy":
			return again(503, { password: "The server is busy. Please try again." });
		default:
			return again(400, { password: passwordProblems[outcome] });
	}
}

/** What a passkey is asked for. */
const purpose = "setup";

const wrongSecret = "This is not the setup secret of this deployment.";

function problemsOf(values: Readonly<Record<Exclude<SetupField, "password">, string>>): SetupProps["errors"] {
	const errors: Partial<Record<SetupField, string>> = {};
	if (values.secret === "") errors.secret = "Enter the setup secret.";
	if (readName(values.account) === null) errors.account = nameRule;
	if (!isSlug(values.slug)) errors.slug = slugRule;
	if (readName(values.name) === null) errors.name = nameRule;
	if (!isUsername(values.username)) errors.username = usernameRule;
	return errors;
}

async function closed(call: Call): Promise<Response> {
	const detail = "This deployment has been set up already, or has no setup secret.";
	return page(
		404,
		problemView({
			shell: await shellOf(call),
			title: "Nothing to set up",
			detail,
			what: "Sign in, or ask whoever deployed it.",
		}),
	);
}
