import { destinationOf } from "../../domain/redirect.ts";
import { splitScope } from "../../domain/identity.ts";
import { permissionsIn } from "../../domain/permission.ts";
import { scopeOfApi } from "../../domain/api.ts";
import { sentenceOf } from "../../domain/scope-words.ts";
import { isOwnResource } from "../../domain/audience.ts";
import { page } from "../../http/reply.ts";
import * as operations from "../../operations/people/my-access.ts";
import { en } from "../../words/en.ts";
import { revokeAllView, revokeGrantView, withdrawConsentView } from "./end-my-access.tsx";
import { myAccessView, type ShownConsent, type ShownGrant } from "./my-access.tsx";
import { doneAt, nextUrl } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { forOneself, inConsole, type Visit } from "../frame/visit.ts";

const section = "my-access";
const first = { sessions: null, grants: null, consents: null };

/** `GET /console/:slug/my-access`; each of its lists goes on by a cursor of its own. */
export const myAccessPage = inConsole(section, null, async (visit) => {
	const { url, services, signedIn, frame } = visit;
	const from = {
		sessions: url.searchParams.get("sessions"),
		grants: url.searchParams.get("grants"),
		consents: url.searchParams.get("consents"),
	};
	const found = await operations.listMyAccess(signedIn, from, services);
	if (!found) return notThere(visit);
	const next = (name: string, cursor: string | null) => nextUrl(visit, cursor, {}, name);
	return page(
		200,
		myAccessView({
			frame,
			sessions: { rows: found.sessions.rows, nextUrl: next("sessions", found.sessions.next) },
			grants: { rows: found.grants.rows.map((each) => shown(each, visit)), nextUrl: next("grants", found.grants.next) },
			consents: {
				rows: found.consents.rows.map((each) => shownConsent(each, visit)),
				nextUrl: next("consents", found.consents.next),
			},
		}),
	);
});

/** `POST …/my-access/sessions/:id/end` */
export const endSessionPage = inConsole(section, null, async (visit) => {
	const { services, params, signedIn, actor } = visit;
	const outcome = await operations.endMySession(params.id ?? "", signedIn, actor.address, services);
	return outcome === "unknown" ? notThere(visit, "session") : doneAt(baseOf(visit), "session");
});

/** `GET`, `POST …/my-access/grants/:id/revoke` */
export const revokeGrantPage = inConsole(section, null, async (visit) => {
	const { services, params, signedIn, actor, frame } = visit;
	const grant = await operations.findMyGrant(params.id ?? "", signedIn, services);
	if (!grant) return notThere(visit, "grant");
	if (!visit.isPost) return page(200, revokeGrantView({ frame, grant: shown(grant, visit) }));
	await operations.revokeMyGrant(grant, signedIn, actor.address, services);
	return doneAt(baseOf(visit), "grant");
});

/** `GET`, `POST …/my-access/grants/revoke-all` */
export const revokeGrantsPage = forOneself(section, async (visit) => {
	const { services, signedIn, actor, frame } = visit;
	if (visit.isPost) {
		await operations.revokeMyGrants(signedIn, actor.address, services);
		return doneAt(baseOf(visit), "grants");
	}
	const found = await operations.listMyAccess(signedIn, first, services);
	const names =
		found?.grants.rows.map((grant) => {
			const { name, elsewhere, accountName } = shown(grant, visit);
			return `${[name, ...elsewhere].join(", ")} in ${accountName}`;
		}) ?? [];
	const more = found?.grants.next ? ["and more"] : [];
	return page(200, revokeAllView({ frame, names: [...names, ...more] }));
});

/** `GET`, `POST …/my-access/consents/withdraw?client=`: an id may be a URL, so it is not in the path. */
export const withdrawConsentPage = forOneself(section, async (visit) => {
	const { services, url, signedIn, actor, frame } = visit;
	const clientId = url.searchParams.get("client") ?? "";
	const consent = await operations.findMyConsent(clientId, signedIn, services);
	if (!consent) return notThere(visit, "consent");
	if (!visit.isPost) return page(200, withdrawConsentView({ frame, consent: shownConsent(consent, visit) }));
	await operations.withdrawMyConsent(consent, signedIn, actor.address, services);
	return doneAt(baseOf(visit), "consent");
});

function shown(grant: operations.MyGrant, visit: Visit): ShownGrant {
	const { scope, clientName, isOwn } = grant;
	const own = `API tokens (${scope.join(", ")})`;
	return {
		...grant,
		name: isOwn ? (grant.name === undefined ? own : `${grant.name}: ${own}`) : (clientName ?? "A client that is gone"),
		permissions: inWords(grant),
		elsewhere: elsewhereIn(grant.resource ?? [], visit),
	};
}

function shownConsent(consent: operations.MyConsent, visit: Visit): ShownConsent {
	const { clientId, clientName, unverifiedHost, redirectHost, loginUrl } = consent;
	const { accountName, resource, claims, agreedAt, expiresAt } = consent;
	const byName = new Set([...claims.userinfo, ...claims.idToken]);
	return {
		url: `${baseOf(visit)}/consents/withdraw?client=${encodeURIComponent(clientId)}`,
		id: clientId,
		name: clientName ?? "An application that is gone",
		unverifiedHost,
		redirectHost,
		loginUrl,
		accountName,
		allowed: [...new Set([...inWords(consent), ...[...byName].map((claim) => en.claims[claim])])],
		elsewhere: elsewhereIn(resource, visit),
		agreedAt,
		expiresAt,
	};
}

/** A sentence for each permission that a scope stands for, and for each thing that it tells of the person. */
function inWords({ scope, unchecked = [], apis }: operations.MyGrant | operations.MyConsent): readonly string[] {
	const theirs = apis.flatMap(scopeOfApi).filter((value) => scope.includes(value) && !unchecked.includes(value));
	const known = new Set([...scope.flatMap(permissionsIn), ...theirs, ...splitScope(scope).identity]);
	return [
		...[...known].map((value) => sentenceOf(value, apis)),
		...unchecked.map((value) => `${value} (nobody here has checked what that means)`),
	];
}

function elsewhereIn(resource: readonly string[], { services }: Visit): readonly string[] {
	return [...new Set(resource.filter((each) => !isOwnResource(each, services.config.issuer)).map(placeOf))];
}

/** A resource that is no web address is named whole. */
function placeOf(resource: string): string {
	return /^https?:/i.test(resource) ? destinationOf(resource) : resource;
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/my-access`;
}
