import { expect, test } from "vitest";
import { conformanceConfig, pressed, shown } from "../peers/conformance-config.ts";
import { ada, signInAnew } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { ask } from "../support/requests.ts";
import { demo, issuer } from "../support/target.ts";
import { authorizePath } from "../support/tokens.ts";

// What the OpenID Foundation's suite is told to press and to look for is on our pages, so that it runs unattended.

const { webApp } = demo;
const { client } = webApp;
const cookie = await signInAnew(ada);
const twoUrls = await aClient(webApp, { redirectUris: [...client.redirectUris, "https://portal.example/other"] });
const goesOn = "post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F";

test.each<[keyof typeof shown, string, string | null]>([
	["again", authorizePath(webApp, { prompt: "login" }), cookie],
	["unregistered", authorizePath(webApp, { redirect_uri: `${client.redirectUris[0]}/more` }), null],
	["missing", authorizePath(twoUrls, { redirect_uri: undefined }), null],
	["unregistered", `/oauth/logout?client_id=${client.id}&${goesOn}`, cookie],
	["foreignHint", "/oauth/logout?id_token_hint=eyJhbGciOiJub25lIn0.e30.", cookie],
	["nobodyAsks", `/oauth/logout?${goesOn}`, cookie],
	["signedOut", "/oauth/logout", null],
])("%s is what %s shows", async (what, path, as) => {
	const { text } = await ask(path, { ...(as !== null && { headers: { cookie: as } }) });
	expect(/<main.*<\/main>/s.exec(text)?.[0]).toContain(shown[what]);
});

test("each button is on its page", async () => {
	const [signIn, allow, signOut] = await Promise.all([
		ask(authorizePath(webApp)),
		ask(authorizePath(webApp), { headers: { cookie } }),
		ask("/oauth/logout", { headers: { cookie } }),
	]);
	expect(pressed).toEqual({
		signIn: "form[action$='/sign-in'] button",
		allow: "button[name=decision][value=allow]",
		signOut: "button[name=decision][value=sign_out]",
	});
	expect(signIn.text).toMatch(
		/<form method="post" action="\/sign-in">.*<button type="submit">Sign in<\/button>.*<\/form>/s,
	);
	expect(allow.text).toMatch(/<button type="submit" name="decision" value="allow">/);
	expect(signOut.text).toMatch(/<button type="submit" name="decision" value="sign_out">/);
});

test("every page that a picture is wanted of fills its placeholder, by the grammar of the suite", () => {
	const ids = { client_id: "c", client_secret: "s" };
	const { browser, override } = conformanceConfig({ issuer, clients: [ids, ids] }, ada);
	const commands = [browser, ...Object.values(override).map((each) => each.browser)]
		.flat()
		.flatMap(({ match, tasks }) => {
			expect(match).toMatch(/^http.*\/oauth\/(?:authorize|logout)\*$/);
			return tasks.flatMap((task) => task.commands);
		});
	for (const [command, selector] of commands) {
		expect(["text", "click", "wait"]).toContain(command);
		expect(["name", "css", "xpath", "id"]).toContain(selector);
	}
	const seconds = commands.flatMap(([command, , , fourth]) => (command === "wait" ? [typeof fourth] : []));
	expect(new Set(seconds)).toEqual(new Set(["number"]));
	for (const each of Object.values(override)) expect(JSON.stringify(each)).toContain('"update-image-placeholder"');
	expect(() => conformanceConfig({ issuer, clients: [{ client_id: "c", client_secret: null }] }, ada)).toThrow(
		"shown once",
	);
});
