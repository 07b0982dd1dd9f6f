import { beforeAll, describe, expect, test } from "vitest";
import { pages } from "../../src/routes.ts";
import { type ListedAlerts, useDeadKey } from "../support/alerts.ts";
import { newApi } from "../support/apis.ts";
import { type ConsoleVisitor, withCookie } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { anIntegration, call as ask } from "../support/integrations.ts";
import { call, good, inGlobex, newCode, newKey, newPolicy } from "../support/keys-api.ts";
import { loggedIn, logIn } from "../support/logins.ts";
import { codeOf, codesPage, signInByCode, turnOnCodes } from "../support/one-time-codes.ts";
import { signedInTo } from "../support/openid.ts";
import { register, signInByPasskey } from "../support/passkeys.ts";
import { ada, grace, signedIn } from "../support/people.ts";
import type { Answer } from "../support/requests.ts";
import { demo, now } from "../support/target.ts";
import { newDomain } from "../support/account-domains.ts";
import { newProvider } from "../support/sign-in-providers.ts";
import { aProvider, linked } from "../support/through-provider.ts";
import { startOpenIdProvider } from "../peers/openid-provider.ts";
import { softPasskey } from "../support/software-authenticator.ts";
import { aTrustedIssuer } from "../support/trusted-issuers.ts";
import { authorized, exchange, granted } from "../support/tokens.ts";
import { failedDelivery } from "../support/webhooks.ts";

// Whoever knows no address of the console but its own goes by what the pages show: their links, and where their forms go.

const { acme } = demo.accounts;

/** By their user name; by two factors, to whom alone some pages open. */
const visitors = new Map<string, ConsoleVisitor>();

/** A row of everything that the console has a page for. */
beforeAll(async () => {
	const policy = await newPolicy(["environments:read"]);
	const key = await newKey({ policies: [policy], tags: ["one", "two"] });
	const { secret } = await newCode(key.id, "On");
	await logIn({ api_key: secret });
	const off = await newCode(key.id, "Off");
	good(await call("PATCH", `/v1/keys/${key.id}/codes/${off.id}`, { enabled: false }));
	const theirs = await newPolicy(["environments:read"], await inGlobex());
	good(await call("POST", "/v1/links", { key_id: key.id, policies: [theirs] }, await inGlobex()), 201);
	const foreign = await newKey({}, await inGlobex());
	good(await call("POST", "/v1/links", { key_id: foreign.id, policies: [policy] }), 201);
	good(await call("POST", "/v1/invitations", { role: "member" }), 201);
	await newApi();
	await newProvider();
	await newDomain();
	const idp = await startOpenIdProvider(now);
	for (const who of [ada, grace]) {
		idp.user = { sub: who.username };
		await linked(who, await aProvider(idp), idp);
	}
	await idp.close();
	await aTrustedIssuer({ clients: [demo.webApp.client.id] });
	await failedDelivery("Failed");
	const integration = await anIntegration();
	const secrets = `/v1/integrations/${integration.client.id}/secrets`;
	good(await ask("POST", secrets, undefined, { overlap_days: 1 }), 201);
	const event = "/v1/events?environment=my-workspace/prod";
	good(await ask("POST", event, undefined, { version: "1.2" }), 202);
	const twice = await authorized(demo.integration);
	for (let time = 0; time < 2; time++) await exchange(twice);
	for (const { username } of [ada, grace]) await logIn({ username, password: "a guess" });
	await useDeadKey(acme);
	await eventually(async () => {
		const { alerts } = good<ListedAlerts>(await call("GET", "/v1/alerts?state=new"));
		// One stays new.
		if (alerts.length < 2) throw new Error("not there yet");
		good(await call("PUT", `/v1/alerts/${alerts[0]?.id}/acknowledgement`));
	});
	await granted(demo.integration);
	await granted(demo.integration, {}, { who: grace, account: acme });
	for (const who of [ada, grace]) {
		const passkey = await softPasskey();
		await register(passkey, { cookie: await signedIn(who), password: who.password });
		visitors.set(who.username, withCookie(await signInByPasskey(passkey)));
	}
	await signedInTo(demo.webApp);
	await signedInTo(demo.webApp, {}, { who: grace, account: acme });
	// Last, since it ends what the password opened before.
	for (const who of [ada, grace]) {
		const app = await turnOnCodes(who, codesPage, visitors.get(who.username)!.cookie);
		await signInByCode({ ...who, secret: app.secret });
		const { username, password } = who;
		// The code of this moment was used up: an app whose clock is ahead.
		await loggedIn({ username, password, account: "acme", otp: codeOf(app.secret, 30) });
	}
});

interface Shown {
	readonly path: string;
	/** What stands in `src/routes.ts` for it. */
	readonly route: string;
	readonly page: Answer;
}

/** Every page of an account that is reached by links, from the console's own address. */
async function reached(visitor: ConsoleVisitor, slug = "acme"): Promise<readonly Shown[]> {
	const shown: Shown[] = [];
	const found = new Set([`/console/${slug}/my-access`]);
	for (const path of found) {
		const page = await visitor.open(path);
		const route = routeOf(path, "GET");
		// One of each kind and what leads on from it; a list's rows lead to the same pages.
		const alike = shown.filter((other) => other.route === route).length;
		shown.push({ path, route, page });
		if (alike >= 8) continue;
		for (const { href = "" } of tagsOf(page, "a")) {
			const [address = ""] = href.split("#");
			if (new RegExp(`^/console/${slug}(?:[/?]|$)`).test(address)) found.add(address);
		}
	}
	return shown;
}

function routeOf(address: string, method: "GET" | "POST"): string {
	const [path = ""] = address.split("?");
	const route = pages.find(
		(each) => each[method] && new RegExp(`^${each.path.replaceAll(/:\w+/g, "[^/]+")}$`).test(path),
	);
	return route?.path ?? `no route: ${method} ${path}`;
}

type Attributes = Readonly<Partial<Record<string, string>>>;

function tagsOf({ text }: Pick<Answer, "text">, name: string): readonly Attributes[] {
	return [...text.matchAll(new RegExp(`<${name}(?=[\\s>])([^>]*)>`, "g"))].map(([, inside = ""]) =>
		Object.fromEntries(
			[...inside.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key = "", value = ""]) => [
				key,
				value.replaceAll("&amp;", "&"),
			]),
		),
	);
}

const pagesOfAccount = (method: "GET" | "POST") =>
	pages
		.filter((each) => each[method] && /^\/console\/:slug(?:\/\w|$)/.test(each.path))
		.map(({ path }) => path)
		.toSorted();
/** Of software that registered itself, and where DNS is asked. */
const ofOthers = /\/registration\/end$|\/domains\/:domain\/verify$/;
/** Asked of what has no name of its own, or of the account, which each title names. */
const nameless = new Set(["Leave this account?", "Delete this event?", "Revoke this invitation?"]);
const forMembers = {
	GET: /slug(?:$|\/(?:alerts|api-access|apis(?:\/:id)?|environments|events|installed(?:\/.*)?|integrations(?:\/:client_id)?|keys(?:\/:id(?:\/(?:codes|limits|links|policies|sessions|usage))?)?|my-access(?:\/.*)?|policies(?:\/:id)?|security(?:\/.*)?|settings(?:\/(?:account|leave|people|profile))?)$)/,
	POST: /slug\/(?:api-access|installed(?:\/.*)?|integrations|keys|my-access\/.*|security\/.*|settings(?:\/(?:leave|profile))?)$/,
};

describe.each([
	["an administrator", ada],
	["a member", grace],
])("to %s", (_, who) => {
	const isAdministrator = who === ada;
	let shown: readonly Shown[] = [];
	beforeAll(async () => {
		shown = await reached(visitors.get(who.username)!);
	});

	test("the console shows the way to each page that they may see, and no way to one that they may not", () => {
		expect(shown.filter(({ page }) => page.status !== 200).map(({ path, page }) => `${page.status} ${path}`)).toEqual(
			[],
		);
		const routes = new Set(shown.map(({ route }) => route));
		const all = pagesOfAccount("GET").filter((route) => !ofOthers.test(route));
		expect([...routes].toSorted()).toEqual(all.filter((route) => isAdministrator || forMembers.GET.test(route)));
	});

	test("a page says where one is: its heading in its title, and its section and its tab as the current ones", () => {
		for (const { path, page } of shown) {
			const [, heading, ...more] = page.text.split(/<h1[^>]*>(.*?)<\/h1>/s);
			expect([path, more.length]).toEqual([path, 1]);
			const [, title = ""] = /<title>(.*?)<\/title>/s.exec(page.text) ?? [];
			const [section = "", ...tabs] = [...page.text.matchAll(/<nav [^>]*>(.*?)<\/nav>/gs)].map(
				([, inside = ""]) => inside,
			);
			const current = (text: string) => tagsOf({ text }, "a").filter((link) => link["aria-current"] === "page");
			expect([path, current(section).map(({ href }) => href)]).toEqual([
				path,
				[path.replace(/\?.*/s, "").split("/").slice(0, 4).join("/")],
			]);
			for (const tab of tabs) expect([path, current(tab).length]).toEqual([path, 1]);
			const shownTab = tabs.map((tab) => / aria-current="page"[^>]*>([^<]*)</.exec(tab)?.[1]);
			// Between them the name of what it is about, where the heading does not say it: the page does.
			const parts = [...shownTab, heading];
			const about = title.split(" · ").slice(parts.length, -2);
			expect([path, title]).toEqual([path, [...parts, ...about, "Acme", "latchkey"].join(" · ")]);
			const isSaid = about.every((name) => name !== heading && more[0]?.includes(name));
			expect([path, about.length <= 1, isSaid]).toEqual([path, true, true]);
			const leavesOpen = /\bthis\b/.test(heading ?? "") && !nameless.has(heading ?? "");
			expect([path, leavesOpen && about.length === 0]).toEqual([path, false]);
		}
	});

	test("who may not manage what stands there is told why there is no button for it", () => {
		for (const section of ["keys", "policies", "apis", "integrations", "installed", "environments"]) {
			const page = shown.find(({ path }) => path === `/console/acme/${section}`)?.page;
			const isTold = page?.text.includes("only its administrators can");
			expect([section, page?.status, isTold]).toEqual([section, 200, !isAdministrator]);
		}
	});

	test("a form goes to an address that takes it, with the token without which it is refused", () => {
		const offered = new Set<string>();
		for (const { path, page } of shown) {
			const forms = [...page.text.matchAll(/(<form[^>]*>)(.*?)<\/form>/gs)];
			for (const [, tag = "", inside = ""] of forms) {
				const [{ method = "get", action = path } = {}] = tagsOf({ text: tag }, "form");
				const route = routeOf(action, method === "post" ? "POST" : "GET");
				if (method === "post" && route.startsWith("/console/")) offered.add(route);
				expect([path, method, route]).toEqual([
					path,
					expect.stringMatching(/^(?:get|post)$/),
					expect.stringMatching(/^\//),
				]);
				const tokens = tagsOf({ text: inside }, "input").filter(({ name }) => name === "csrf");
				expect([path, action, tokens.map(({ value }) => value !== "")]).toEqual([
					path,
					action,
					method === "post" ? [true] : [],
				]);
			}
		}
		const all = pagesOfAccount("POST").filter((route) => !ofOthers.test(route));
		expect([...offered].toSorted()).toEqual(all.filter((route) => isAdministrator || forMembers.POST.test(route)));
	});

	test("WCAG 1.3.1, 3.3.2: each field has its label, and what is said to describe something is there, once", () => {
		for (const { path, page } of shown) {
			const ids = [...page.text.matchAll(/\sid="([^"]*)"/g)].map(([, id = ""]) => id);
			expect([path, ids.filter((id, index) => ids.indexOf(id) !== index)]).toEqual([path, []]);
			const meant = ["for", "aria-describedby", "aria-labelledby"].flatMap((name) =>
				[...page.text.matchAll(new RegExp(`\\s${name}="([^"]*)"`, "g"))].flatMap(([, names = ""]) => names.split(" ")),
			);
			expect([path, meant.filter((id) => !ids.includes(id))]).toEqual([path, []]);
			const hints = ids.filter((id) => /-(?:hint|error)$/.test(id));
			expect([path, hints.filter((id) => !meant.includes(id))]).toEqual([path, []]);
		}
	});

	test("WCAG 2.4.4, 2.4.6: each link, button, label and heading says something, and nothing stands there empty", () => {
		const names = "a|button|label|legend|summary|caption|th|dt|dd|h1|h2|h3|h4|option|p|span|li";
		for (const { path, page } of shown) {
			const silent = [...page.text.matchAll(new RegExp(`<(${names})(?=[\\s>])[^>]*>(.*?)</\\1>`, "gs"))].filter(
				([whole, , inside = ""]) =>
					!/[^\s]/.test(inside.replaceAll(/<(?!img)[^>]*>/g, "")) && !whole.includes("aria-hidden"),
			);
			expect([path, silent.map(([whole]) => whole)]).toEqual([path, []]);
		}
	});

	test("no page shows what is only inside", () => {
		for (const { path, page } of shown) {
			const words = page.text.replaceAll(/<[^>]*>/g, " ");
			expect([path, /\b(?:undefined|null|NaN)\b|\[object|Invalid Date/.exec(words)]).toEqual([path, null]);
		}
	});
});
