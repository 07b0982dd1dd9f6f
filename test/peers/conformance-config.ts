/** What the OpenID Foundation's conformance suite is told, so that it drives our pages by itself: its configuration as JSON. */

/** As `npm run provision` prints it. */
export interface Provisioned {
	readonly issuer: string;
	readonly clients: readonly { readonly client_id: string; readonly client_secret?: string | null }[];
}

/** `["wait", "xpath", …, seconds, pattern, "update-image-placeholder"]` and its like (the suite's BrowserControl). */
type Command = readonly (string | number)[];
interface Task {
	readonly task: string;
	readonly match: string;
	readonly optional?: true;
	readonly commands: readonly Command[];
}
interface Visit {
	readonly match: string;
	readonly "match-limit"?: number;
	readonly tasks: readonly Task[];
}

/** What a picture of the page has to have in it, for the person who looks through them afterwards. */
export const shown = {
	again: "please sign in again",
	unregistered: "did not register",
	missing: "redirect_uri is missing",
	foreignHint: "not of this server",
	nobodyAsks: "not which application",
	signedOut: "You are signed out",
} as const;

/** In the suite's selectors, by CSS. */
export const pressed = {
	signIn: "form[action$='/sign-in'] button",
	allow: "button[name=decision][value=allow]",
	signOut: "button[name=decision][value=sign_out]",
} as const;

function picture(text: string): Command {
	return ["wait", "xpath", "//main", 10, text, "update-image-placeholder"];
}

export function conformanceConfig(
	{ issuer, clients: [first, second] }: Provisioned,
	login: Record<"username" | "password", string>,
) {
	const [authorize, logout] = [`${issuer}/oauth/authorize*`, `${issuer}/oauth/logout*`];
	const signIn = (...before: readonly Command[]): Task => ({
		task: "Sign in",
		// Whoever is signed in already is not asked to.
		optional: true,
		match: authorize,
		commands: [
			...before,
			["text", "name", "username", login.username, "optional"],
			["text", "name", "password", login.password, "optional"],
			["click", "css", pressed.signIn, "optional"],
		],
	});
	const allow: Task = {
		task: "Allow",
		optional: true,
		match: authorize,
		commands: [["click", "css", pressed.allow, "optional"]],
	};
	const done: Task = { task: "Done", match: "https://*/test/*", commands: [["wait", "id", "submission_complete", 10]] };
	const signOut: Task = { task: "Sign out", match: logout, commands: [["click", "css", pressed.signOut]] };
	const look = (match: string, text: string): Task => ({ task: "Look", match, commands: [picture(text)] });

	const flow: Visit = { match: authorize, tasks: [signIn(), allow, done] };
	const secondSignIn = [
		{ ...flow, "match-limit": 1 },
		{ match: authorize, tasks: [signIn(picture(shown.again)), allow, done] },
	];
	const refused = (text: string): readonly Visit[] => [{ match: authorize, tasks: [look(authorize, text)] }];
	const logoutThat = (...tasks: readonly Task[]): readonly Visit[] => [flow, { match: logout, tasks }];
	const signedOut = logoutThat(signOut, look(logout, shown.signedOut));
	/** Of modules that ask for a picture: `browser` in the place of the one for all. */
	const pictured: Readonly<Record<string, readonly Visit[]>> = {
		"oidcc-prompt-login": secondSignIn,
		"oidcc-max-age-1": secondSignIn,
		"oidcc-ensure-registered-redirect-uri": refused(shown.unregistered),
		"oidcc-ensure-request-object-with-redirect-uri": refused(shown.unregistered),
		"oidcc-ensure-redirect-uri-in-authorization-request": refused(shown.missing),
		"oidcc-rp-initiated-logout-bad-post-logout-redirect-uri": logoutThat(look(logout, shown.unregistered)),
		"oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri": logoutThat(look(logout, shown.unregistered)),
		"oidcc-rp-initiated-logout-bad-id-token-hint": logoutThat(look(logout, shown.foreignHint)),
		"oidcc-rp-initiated-logout-modified-id-token-hint": logoutThat(look(logout, shown.foreignHint)),
		"oidcc-rp-initiated-logout-no-id-token-hint": logoutThat(look(logout, shown.nobodyAsks)),
		"oidcc-rp-initiated-logout-no-params": signedOut,
		"oidcc-rp-initiated-logout-no-post-logout-redirect-uri": signedOut,
		"oidcc-rp-initiated-logout-only-state": signedOut,
	};
	const ids = (client: Provisioned["clients"][number] | undefined) => {
		if (!client?.client_secret)
			throw new Error("Provision two confidential clients, and keep what is printed: secrets are shown once");
		return { client_id: client.client_id, client_secret: client.client_secret };
	};
	return {
		alias: "latchkey",
		server: { discoveryUrl: `${issuer}/.well-known/openid-configuration`, login_hint: login.username },
		client: ids(first),
		client2: ids(second),
		client_secret_post: ids(first),
		browser: logoutThat(signOut),
		override: Object.fromEntries(Object.entries(pictured).map(([name, browser]) => [name, { browser }])),
	};
}
