import { describe, expect, test } from "vitest";
import { consentView, type ConsentProps } from "../../src/pages/consent/consent.tsx";
import { formPostView } from "../../src/pages/consent/form-post.tsx";
import { noBrand } from "../../src/domain/brand.ts";
import { homeView } from "../../src/pages/front/home.tsx";
import { leaveView } from "../../src/pages/consent/leave.tsx";
import { problemView } from "../../src/ui/problem.tsx";
import { setupDoneView, setupView } from "../../src/pages/front/setup.tsx";
import { englishShell } from "../../src/words/shell.ts";
import { providerSignInView, signInView } from "../../src/pages/front/sign-in.tsx";

const shell = englishShell(noBrand);
const hostile = `<script>alert(1)</script> "><img src=x onerror='alert(2)'> & \u202egnp.exe\u2069 ${"very long ".repeat(200)}`;
// What stays of it: all of the text, without what would turn the text around it.
const turning = /[\u202a-\u202e\u2066-\u2069]/u;
const shown = hostile.replaceAll(new RegExp(turning, "gu"), "");

const asking = {
	kind: "application",
	name: hostile,
	description: hostile,
	logoUrl: null,
	unverifiedHost: "claimed.example",
	redirectHost: "radar.example.com",
	cancel: "/oauth/consent?client_id=x",
} as const;
const account = (id: string) => ({ id, name: hostile, role: "member" as const, without: [], already: [] });
const hostileUrl = `https://client.example/${hostile.replaceAll(" ", "")}`;
const consent: ConsentProps = {
	shell,
	action: "/integrations/c1",
	csrf: "token",
	client: { ...asking, unverifiedHost: null, ownerName: hostile, policyUrl: hostileUrl, termsUrl: null },
	permissions: [{ api: null, sentences: ["Search the account's events"] }],
	unchecked: [],
	identity: [],
	elsewhere: [],
	redirectHost: "radar.example.com",
	answered: "site",
	device: null,
	accounts: [account("a1")],
	tooStrong: [],
	nowhere: null,
	chosenAccount: null,
	person: { name: hostile, username: hostile },
	verb: "install",
	error: null,
	signOut: { action: "/sign-out", csrf: "token", continueTo: "/integrations/c1" },
};
const signIn = {
	shell,
	action: "/sign-in",
	continueTo: "/integrations/c1?a=1&b=2",
	passkey: "{}",
	username: "",
	error: null,
	anew: false,
	notice: null,
	ways: { providers: [], byAddress: false },
	asking: null,
};
const setup = { shell, action: "/setup", values: { account: "", slug: "", name: "", username: "" }, errors: {} };
const home = {
	shell,
	person: null,
	signInUrl: "/sign-in",
	signOut: null,
	issuer: "https://id.example.com",
	accounts: [],
};

const pages: Readonly<Record<string, string>> = {
	"sign in": signInView(signIn),
	"sign in, asked by a hostile name": signInView({ ...signIn, username: hostile, error: hostile, asking }),
	"sign in, through a provider of a hostile name": signInView({
		...signIn,
		ways: { providers: [{ id: "p1", name: hostile }], byAddress: true },
	}),
	"sign in, led to a provider": providerSignInView({
		shell,
		provider: { id: "p1", name: hostile },
		anew: true,
		continueTo: "/console",
		address: hostile,
	}),
	"consent, one account": consentView(consent),
	"consent, two accounts": consentView({ ...consent, accounts: [account("a1"), account("a2")], verb: "authorize" }),
	"consent, asked by a stranger for everything": consentView({
		...consent,
		client: { ...consent.client, unverifiedHost: hostile },
		identity: ["See your profile"],
		elsewhere: [hostile],
		redirectHost: hostile,
	}),
	"consent, at an API, for more than before, and unchecked": consentView({
		...consent,
		permissions: [{ api: { name: hostile, place: hostile }, sentences: [hostile] }, ...consent.permissions],
		unchecked: [hostile],
		elsewhere: [hostile],
		accounts: [{ ...account("a1"), already: [hostile] }],
	}),
	"consent, answered on this computer": consentView({ ...consent, answered: "loopback", redirectHost: hostile }),
	"consent, answered by a program": consentView({ ...consent, answered: "scheme", redirectHost: hostile }),
	"an answer by form": formPostView({ shell, action: "/cb", fields: { state: hostile }, host: hostile }),
	"an error that leads on by link": leaveView({
		shell,
		name: hostile,
		host: hostile,
		detail: hostile,
		way: { href: "/cb" },
	}),
	"an error that leads on by form": leaveView({
		shell,
		name: hostile,
		host: hostile,
		detail: hostile,
		way: { action: "/cb", fields: { state: hostile } },
	}),
	"consent, no account": consentView({ ...consent, accounts: [], nowhere: "no_account", error: hostile }),
	problem: problemView({ shell, title: hostile, detail: hostile, what: hostile }),
	setup: setupView(setup),
	"setup, hostile": setupView({
		...setup,
		values: { account: hostile, slug: hostile, name: hostile, username: hostile },
		errors: { secret: hostile, slug: hostile, password: hostile },
	}),
	"setup done": setupDoneView({ shell, signInUrl: "/sign-in" }),
	"home, signed out": homeView(home),
	"home, signed in": homeView({
		...home,
		person: { name: hostile, username: hostile },
		signOut: { action: "/sign-out", csrf: "token" },
		accounts: [{ slug: "acme", name: hostile, role: "admin", isSuspended: false }],
	}),
};

describe.each(Object.entries(pages))("every page: %s", (_, html) => {
	test("is a whole document in English", () => {
		expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/);
		expect(html.match(/<title>[^<]+<\/title>/g)).toHaveLength(1);
		expect(tags(html, "main")).toHaveLength(1);
		expect(tags(html, "h1")).toHaveLength(1);
		expect(html).toMatch(/<\/html>$/);
	});

	test("needs nothing that the content security policy forbids", () => {
		expect(tags(html, "style")).toEqual([]);
		// One script of our own, by its address: `script-src 'self'` runs nothing that stands in the page.
		expect(html.match(/<script.*?<\/script>/gs)).toEqual(['<script src="/static/latchkey.js" defer></script>']);
		for (const attributes of tags(html)) {
			const names = Object.keys(attributes);
			expect(names.filter((name) => name === "style" || name.startsWith("on"))).toEqual([]);
			expect(attributes.src ?? "/").toMatch(/^\/(?!\/)/);
			expect(attributes.href ?? "").not.toMatch(/^javascript:/i);
		}
		for (const link of tags(html, "link")) expect(link.href).toMatch(/^\/static\//);
	});

	test("keeps names as text, in their own direction", () => {
		expect(html).not.toContain("<script>alert");
		expect(tags(html, "img").filter((image) => image.src === "x")).toEqual([]);
		for (const [, name] of html.matchAll(/<bdi>([^<]*)<\/bdi>/g)) expect(name).not.toMatch(turning);
	});

	test("labels every field, once", () => {
		const ids = tags(html).flatMap(({ id }) => (id === undefined ? [] : [id]));
		expect(new Set(ids).size).toBe(ids.length);
		const labelled = tags(html, "label").map((label) => label.for);
		const fields = tags(html, "input").filter((input) => input.type !== "hidden");
		for (const field of fields) expect(labelled.filter((id) => id === field.id)).toHaveLength(1);
		for (const attributes of tags(html)) {
			const named = `${attributes["aria-describedby"] ?? ""} ${attributes["aria-labelledby"] ?? ""}`.trim();
			for (const id of named.split(" ").filter((each) => each !== "")) expect(ids).toContain(id);
		}
	});

	test("changes nothing by GET", () => {
		for (const form of tags(html, "form")) expect(form.method).toBe("post");
	});
});

describe("sign in", () => {
	test("posts username, password and continue, or passkey and continue", () => {
		const [form] = forms(pages["sign in"]);
		expect(form?.action).toBe("/sign-in");
		expect(form?.fields).toEqual({ continue: signIn.continueTo, username: "", password: undefined });
		const [, byPasskey] = forms(pages["sign in"]);
		expect(byPasskey?.action).toBe("/sign-in/passkey");
		expect(byPasskey?.fields).toEqual({ continue: signIn.continueTo, passkey: "" });
		const inputs = tags(pages["sign in"], "input");
		expect(inputs.map((input) => input.autocomplete)).toEqual([
			undefined,
			"username webauthn",
			"current-password",
			undefined,
			undefined,
		]);
	});

	test("keeps the user name and says what was wrong; the password is not sent back", () => {
		const html = signInView({ ...signIn, username: 'ada"lovelace', error: "They do not match." });
		expect(forms(html)[0]?.fields).toMatchObject({ username: 'ada"lovelace', password: undefined });
		expect(textOf(html)).toContain("They do not match.");
		expect(html).toContain("<title>Error: Sign in");
	});

	test("OIDC Core §3.1.2.3: says why somebody has to who did already", () => {
		expect(textOf(signInView({ ...signIn, notice: "Please enter your password again." }))).toContain("password again");
	});

	test("says who asks, and only where somebody does", () => {
		expect(textOf(pages["sign in"])).not.toContain("to continue to");
		expect(textOf(pages["sign in, asked by a hostile name"])).toContain(`to continue to ${shown}`);
	});
});

const choose = (chosenAccount: string | null) =>
	consentView({ ...consent, accounts: [account("a1"), account("a2")], chosenAccount });

describe("consent", () => {
	test("offers allow and deny, with the one account and the CSRF token in hidden fields", () => {
		const [form] = forms(consentView(consent));
		expect(form).toMatchObject({ action: "/integrations/c1", fields: { csrf: "token", account: "a1" } });
		expect(form?.buttons).toEqual([
			{ name: "decision", value: "allow", text: "Install" },
			{ name: "decision", value: "deny", text: "Cancel" },
		]);
		expect(forms(consentView({ ...consent, verb: "authorize" }))[0]?.buttons.map(({ text }) => text)).toEqual([
			"Allow",
			"Deny",
		]);
	});

	test("of several accounts one has to be chosen, but not in order to deny", () => {
		const radios = tags(choose(null), "input").filter((input) => input.type === "radio");
		expect(radios.map(({ name, value }) => [name, value])).toEqual([
			["account", "a1"],
			["account", "a2"],
		]);
		expect(radios.every((radio) => "required" in radio && !("checked" in radio))).toBe(true);
		const checked = tags(choose("a2"), "input").filter((input) => "checked" in input);
		expect(checked.map(({ value }) => value)).toEqual(["a2"]);
		const deny = tags(choose(null), "button").find((button) => button.value === "deny");
		expect(deny).toHaveProperty("formnovalidate");
	});

	test.each([
		["without an account", "no_account", "where yours is suspended, whoever runs this deployment"],
		["where no role permits any of it", "no_role", "Your role permits nothing of what it asks for"],
		["where it is all another account's", "no_api", "What it asks for belongs to an account that you are not in"],
	] as const)("%s there is nothing to allow", (_, nowhere, said) => {
		const html = consentView({ ...consent, accounts: [], nowhere });
		const [form] = forms(html);
		expect(form?.buttons.map(({ value }) => value)).toEqual(["deny"]);
		expect(form?.fields).toEqual({ csrf: "token" });
		expect(textOf(html)).toContain(said);
	});

	test("says of each account what is kept there, and of the only one apart", () => {
		const more = { ...account("a2"), already: ["Read tasks", "Write tasks"] };
		const two = textOf(consentView({ ...consent, accounts: [account("a1"), more] }));
		expect(two).toContain("It keeps what you allowed there before: Read tasks; Write tasks");
		const one = textOf(consentView({ ...consent, accounts: [more] }));
		expect(one).toMatch(/What you allowed before, and it keeps\s+Read tasks\s+Write tasks\s+In which account/);
		expect(one).not.toContain("It keeps what you allowed there before");
	});

	test("says of each account what of it all is not given there", () => {
		const less = { ...account("a2"), without: ["Put events into the account", "Search the account's alerts"] };
		const text = textOf(consentView({ ...consent, accounts: [account("a1"), less] }));
		expect(text).toContain("Not given there: Put events into the account; Search the account's alerts");
		expect(text.match(/Not given there/g)).toHaveLength(1);
	});

	test("says who asks, for what, where the answer goes and who is signed in", () => {
		const text = textOf(consentView({ ...consent, person: { name: "Ada Lovelace", username: "ada" } }));
		expect(text).toContain(`Install ${shown.trim()}`);
		expect(text).toContain("Search the account's events");
		expect(text).toContain("radar.example.com");
		expect(/<title>([^<]*)/.exec(consentView(consent))?.[1]).not.toMatch(turning);
		expect(text).toContain("Signed in as Ada Lovelace (ada). Not you?");
	});

	test("signing out is a form of its own that comes back here", () => {
		expect(forms(consentView(consent))[1]).toMatchObject({
			action: "/sign-out",
			fields: { csrf: "token", continue: "/integrations/c1" },
		});
	});

	test("shows a logo by its URL, without words, and a letter where there is none", () => {
		const withLogo = consentView({ ...consent, client: { ...consent.client, logoUrl: "/logos/c1.svg" } });
		expect(tags(withLogo, "img")).toContainEqual(
			expect.objectContaining({ src: "/logos/c1.svg", alt: "", width: "64", height: "64" }),
		);
		const letter = consentView({ ...consent, client: { ...consent.client, name: "\u202e émile" } });
		expect(letter).toContain('<span class="logo letter" aria-hidden="true">É</span>');
	});
});

describe("consent to what nobody here answers for, or what is kept elsewhere", () => {
	const text = textOf(pages["consent, asked by a stranger for everything"]);

	test("says first that nobody has checked it, and where it is from and answers to", () => {
		expect(text).toContain("Nobody here has checked who this is");
		expect(text).not.toContain("Registered by");
		expect(text.indexOf("Nobody here has checked")).toBeLessThan(text.indexOf("What it will be able to do"));
		expect(textOf(pages["consent, one account"])).not.toContain("Nobody here has checked");
	});

	test("has lists of their own for what it does, what it knows and where", () => {
		expect(text).toMatch(/What it will be able to do.*What it will know about you.*Where this is used/);
		const plain = textOf(pages["consent, one account"]);
		expect(plain).not.toMatch(/What it will know about you|Where this is used/);
		const nothing = textOf(consentView({ ...consent, permissions: [] }));
		expect(nothing).toContain("Nothing in your account");
		const identity = textOf(consentView({ ...consent, permissions: [], identity: ["See your profile"] }));
		expect(identity).not.toMatch(/Nothing in your account|What it will be able to do/);
	});
});

describe("an answer by form", () => {
	test("has the fields as they are, and a button for who has no JavaScript", () => {
		const [form] = forms(pages["an answer by form"]);
		expect(form).toMatchObject({ action: "/cb", fields: { state: hostile } });
		expect(form?.buttons.map(({ text }) => text)).toEqual(["Go on"]);
	});
});

describe("setup", () => {
	test("posts the six fields", () => {
		const fields = Object.keys(forms(setupView(setup))[0]?.fields ?? {});
		expect(fields).toEqual(["secret", "account", "slug", "name", "username", "password"]);
	});

	test("keeps what was typed, but no secret, and puts each error beside its field", () => {
		const values = { account: "Acme", slug: "Ac me", name: "Ada", username: "ada" };
		const html = setupView({ ...setup, values, errors: { slug: "No spaces.", password: "Too short." } });
		expect(forms(html)[0]?.fields).toEqual({ ...values, secret: undefined, password: undefined });
		const invalid = tags(html, "input").filter((input) => input["aria-invalid"] === "true");
		expect(invalid.map(({ name }) => name)).toEqual(["slug", "password"]);
		expect(invalid[0]?.["aria-describedby"]).toBe("slug-hint slug-error");
		expect(html).toContain('<p class="field-error" id="slug-error">No spaces.</p>');
		expect(html).toContain('<a href="#password">Too short.</a>');
	});
});

describe("home", () => {
	test("offers sign-in to a stranger and sign-out to a person", () => {
		expect(tags(pages["home, signed out"], "a").map(({ href }) => href)).toContain("/sign-in");
		expect(forms(pages["home, signed out"])).toEqual([]);
		expect(forms(pages["home, signed in"])[0]).toMatchObject({ action: "/sign-out", fields: { csrf: "token" } });
	});

	test("says where programs find metadata and keys", () => {
		const links = tags(pages["home, signed out"], "a").map(({ href }) => href);
		expect(links).toContain("https://id.example.com/.well-known/oauth-authorization-server");
		expect(links).toContain("https://id.example.com/.well-known/jwks.json");
	});
});

test("a problem without advice of its own still says what to do", () => {
	const html = problemView({ shell, title: "Unknown application", detail: "It is not registered here." });
	expect(textOf(html)).toMatch(/It is not registered here\. .*What you can do .*try again/);
});

/** The attributes of every start tag (of one name), in order. The renderer quotes each value with `"` and escapes it. */
function tags(html = "", name = "[a-z][a-z0-9]*"): Record<string, string>[] {
	return [...html.matchAll(new RegExp(`<${name}((?:\\s+[^\\s=>"/]+(?:="[^"]*")?)*)\\s*/?>`, "g"))].map(([, list]) =>
		Object.fromEntries(
			[...(list ?? "").matchAll(/([^\s=]+)(?:="([^"]*)")?/g)].map(([, key = "", value = ""]) => [key, decode(value)]),
		),
	);
}

function forms(html = "") {
	return [...html.matchAll(/<form[^>]*>.*?<\/form>/gs)].map(([form]) => ({
		action: tags(form, "form")[0]?.action,
		fields: Object.fromEntries(tags(form, "input").map(({ name, value }) => [name, value])),
		buttons: [...form.matchAll(/<button[^>]*>.*?<\/button>/gs)].map(([button]) => ({
			name: tags(button, "button")[0]?.name,
			value: tags(button, "button")[0]?.value,
			text: textOf(button),
		})),
	}));
}

function textOf(html = ""): string {
	return decode(html.replaceAll(/<\/?(?:p|h[1-6]|div|section|li|legend|label)[^>]*>/g, " ").replaceAll(/<[^>]*>/g, ""))
		.replaceAll(/\s+/g, " ")
		.trim();
}

function decode(text: string): string {
	return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
