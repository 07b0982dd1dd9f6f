import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import type { Person } from "../../domain/person.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { behind } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import { described, instant, titled } from "../../http/described.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { empty, json } from "../../http/reply.ts";
import {
	endMySignIn,
	listMySignIns,
	listRecentSignIns,
	signOutEverywhere,
} from "../../operations/people/my-sign-ins.ts";
import { personOf } from "../../operations/people/person-settings.ts";
import type { LoginToken } from "../../operations/tokens/sessions.ts";
import { next } from "../list-endpoint.ts";
import { notFound } from "../refusals.ts";
import { forPerson, notAPerson } from "./for-person.ts";

const browser = described(v.string(), "The browser, in words; empty where nobody knows.");
const address = v.nullable(described(v.string(), "The network address that it was from."));
const signInSchema = titled(
	"SignIn",
	v.object({
		id: described(v.string(), "22 characters of base64url."),
		browser,
		address,
		authenticated_at: instant("When its person last proved there who they are."),
		expires_at: instant("When it ends by itself."),
	}),
);
const recentSchema = titled(
	"RecentSignIn",
	v.object({
		at: instant("When."),
		action: described(v.string(), "As the audit log has it: `sign_in.open`, `sign_in.refused` or another."),
		browser,
		address,
		amr: described(v.nullable(v.array(v.string())), "By what they signed in (RFC 8176); null where it was not noted."),
	}),
);

/** `GET /v1/profile/sign_ins` */
async function listSignIns({ url, services }: Call, person: Person): Promise<Response> {
	const asked = readListPage(url);
	if (!asked.ok) return asked.response;
	const found = await listMySignIns({ person, within: null }, asked.page, services);
	if (!found) return wrongCursor();
	const rows = found.rows.map(({ id, from, authenticatedAt, expiresAt }) => ({
		id,
		browser: from?.browser ?? "",
		address: from?.address ?? null,
		authenticated_at: writeInstant(authenticatedAt),
		expires_at: writeInstant(expiresAt),
	}));
	return json(200, { sign_ins: rows, next: found.next });
}

/** `DELETE /v1/profile/sign_ins/{id}` */
async function endSignIn({ params, address: at, services }: Call, person: Person): Promise<Response> {
	const ended = await endMySignIn(params.id ?? "", { person, within: null }, at, services);
	return ended === "ended" ? empty(204) : notFound("sign-in");
}

/** `DELETE /v1/profile/sign_ins` */
async function endAll({ address: at, services }: Call, person: Person): Promise<Response> {
	await signOutEverywhere({ person }, at, services);
	return empty(204);
}

/** `GET /v1/profile/recent_sign_ins`: as the log of the token's account has it. */
async function listRecent({ url, services }: Call, { facts }: LoginToken): Promise<Response> {
	const person = await personOf(facts.subject, services);
	if (!person) return notAPerson();
	const asked = readListPage(url);
	if (!asked.ok) return asked.response;
	const found = await listRecentSignIns(person, facts.accountId, asked.page, services);
	if (!found) return wrongCursor();
	const rows = found.rows.map(({ at, action, address: from, detail }) => ({
		at: writeInstant(at),
		action,
		browser: String(detail.browser ?? ""),
		address: from,
		amr: typeof detail.amr === "string" ? detail.amr.split(" ").filter((each) => each !== "") : null,
	}));
	return json(200, { recent_sign_ins: rows, next: found.next });
}

const asked = {
	400: { description: "Two credentials that differ." },
	401: { description: "No login token, or one that is not valid any more." },
	403: { description: "The login token of a key, not of a person." },
};
const wrongPage = {
	description: "A limit out of range, a cursor that is not of this list, or two credentials that differ.",
};
const common = { tag: "Profile", credentials: ["bearer"], login: "own" } as const;

export const listSignInsEndpoint = endpoint(forPerson(listSignIns), {
	...common,
	summary: "List the browsers that you are signed in with",
	description: "By a person's own login token. Programs that logged in are under `GET /auth/sessions`.",
	query: pageParameters,
	answers: {
		200: {
			description: "A page of them.",
			schema: titled("SignIns", v.object({ sign_ins: described(v.array(signInSchema), "A page of them."), next })),
		},
		...asked,
		400: wrongPage,
	},
});

export const endSignInEndpoint = endpoint(forPerson(endSignIn), {
	...common,
	summary: "Sign out a browser",
	description:
		"By a person's own login token. It ends at its next request, and applications that it signed in to are told.",
	path: { id: "The sign-in's `id`." },
	answers: {
		204: { description: "It is signed out." },
		...asked,
		404: { description: "You have no sign-in of that id." },
	},
});

export const endSignInsEndpoint = endpoint(forPerson(endAll), {
	...common,
	summary: "Sign out everywhere",
	description:
		"By a person's own login token. Every browser is signed out, and each login session has ended, that of this token too. What you " +
		"allowed integrations and applications stays.",
	answers: { 204: { description: "All of them are signed out." }, ...asked },
});

export const listRecentSignInsEndpoint = endpoint(behind(loginToken, listRecent), {
	...common,
	summary: "List your recent sign-ins",
	description:
		"By a person's own login token: those of before as well, what failed and what ended them, the newest first, as the audit log of " +
		"the token's account has it.",
	query: pageParameters,
	answers: {
		200: {
			description: "A page of them.",
			schema: titled(
				"RecentSignIns",
				v.object({ recent_sign_ins: described(v.array(recentSchema), "A page of them."), next }),
			),
		},
		...asked,
		400: wrongPage,
	},
});
