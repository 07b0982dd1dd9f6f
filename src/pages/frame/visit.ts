import type { Permission, Role } from "../../domain/permission.ts";
import { roles } from "../../domain/permission.ts";
import { type Account, unmetBy } from "../../domain/account.ts";
import { shownName } from "../../domain/display-name.ts";
import { toScope } from "../../domain/scope.ts";
import type { Params } from "../../http/body.ts";
import type { FormReader } from "../../http/own-form.ts";
import { page } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { countNewAlerts } from "../../operations/events/alerts.ts";
import type { AnySignedIn, SignedIn } from "../../operations/people/sign-in.ts";
import { hasToShowSecondFactor } from "../../operations/people/ways-in.ts";
import { addressOf } from "./address.ts";
import { arrive, readVisit } from "./arrival.ts";
import type { ConsoleFrame, ConsoleSection } from "./frame.ts";
import { shownOnce } from "./kept-form.ts";
import { notForRole, notThere, refuseVisit } from "./refusal.ts";
import { onlyThroughView, secondFactorFirstView, tooWeakView } from "./too-weak.tsx";
import { problemView } from "../../ui/problem.tsx";

/** A signed-in person in one account of theirs, on a page of the console. */
export interface Visit extends Call {
	readonly signedIn: AnySignedIn;
	readonly account: Account;
	readonly role: Role;
	readonly actor: Actor;
	readonly isPost: boolean;
	/** The fields of the form, once its token was found good; empty for a GET. */
	readonly form: Params;
	/** What every page of the console stands in. */
	readonly frame: ConsoleFrame;
}

/**
 * A route under `/console/:slug`: sign-in, membership, what the page needs (a permission or, where none stands for it, the
 * role of an administrator) and, for a POST, where the form comes from. An account that is not theirs looks as one that
 * does not exist; whoever is inside one is told within its frame what is refused.
 */
export function inConsole(
	section: ConsoleSection | null,
	needs: Permission | "admin" | null,
	handle: (visit: Visit) => Promise<Response>,
	read?: FormReader,
): Handler {
	return routeInConsole(section, needs, handle, { read });
}

/** What concerns a person and no account in particular: closed to whoever came in by the provider of one. */
export interface OwnVisit extends Visit {
	readonly signedIn: SignedIn;
}

export function forOneself(
	section: ConsoleSection | null,
	handle: (visit: OwnVisit) => Promise<Response>,
	read?: FormReader,
): Handler {
	return routeInConsole(
		section,
		null,
		async (visit) => {
			const { signedIn, account } = visit;
			if (signedIn.within === null) return handle({ ...visit, signedIn });
			return refuseVisit(visit, 403, "Sign in as yourself", onlyAsOneself(account.name));
		},
		{ read, evenWeakly: true },
	);
}

/** What makes a way in, be it by one more step, or takes one away. */
export function forWaysIn(section: ConsoleSection, handle: (visit: OwnVisit) => Promise<Response>): Handler {
	return forOneself(section, async (visit) => {
		const { signedIn, services, frame, url } = visit;
		if (!(await hasToShowSecondFactor(signedIn.person.id, signedIn.amr, services))) return handle(visit);
		return page(403, secondFactorFirstView({ frame, continueTo: url.pathname }));
	});
}

/** As {@link inConsole}, however weakly the person signed in: what opens nothing of the account. */
export function inConsoleEvenWeakly(section: ConsoleSection, handle: (visit: Visit) => Promise<Response>): Handler {
	return routeInConsole(section, null, handle, { evenWeakly: true });
}

function onlyAsOneself(account: string): string {
	return (
		`You came in by the provider of ${account}, which opens ${account} alone. ` +
		"What is yours wherever you belong to opens to a password or a passkey of your own. " +
		"If you have neither and need one, ask an administrator for a link that sets one up."
	);
}

/** As {@link inConsole}, and of an account that is suspended too: what its members do for themselves alone, and opens nothing of it. */
export function inConsoleEvenSuspended(section: ConsoleSection, handle: (visit: Visit) => Promise<Response>): Handler {
	return routeInConsole(section, null, handle, { evenSuspended: true, evenWeakly: true });
}

interface Exceptions {
	readonly read?: FormReader | undefined;
	readonly evenSuspended?: boolean;
	readonly evenWeakly?: boolean;
}

function routeInConsole(
	section: ConsoleSection | null,
	needs: Permission | "admin" | null,
	handle: (visit: Visit) => Promise<Response>,
	{ read, evenSuspended = false, evenWeakly = false }: Exceptions,
): Handler {
	return async (call) => {
		const arrival = await arrive(call, read);
		if (arrival.kind === "turned_away") return arrival.to;
		const { signedIn, accounts, isPost, common } = arrival;
		const here = accounts.find(({ account }) => account.slug === call.params.slug);
		if (!here) return noSuchAccount(call);
		const { account, role } = here;
		const isActive = account.state === "active";
		if (!isActive && !evenSuspended) return suspendedAccount(account, call);
		const unmet = unmetBy(account, signedIn, role);
		const isOpen = isActive && unmet === null;
		const permissions = isOpen ? toScope(roles[role]) : [];
		const newAlerts = permissions.includes("alerts:read") ? await newAlertsOf(account.id, call.services) : 0;
		const frame: ConsoleFrame = {
			...common,
			section,
			account: { slug: account.slug, name: account.name },
			base: `/console/${account.slug}`,
			permissions,
			newAlerts,
		};
		if (isActive && !isOpen && !evenWeakly) {
			const continueTo = isPost ? frame.base : addressOf(call.url);
			const providerId = account.onlyThrough ?? "";
			const isElsewhere = unmet === "provider";
			return page(
				403,
				isElsewhere ? onlyThroughView({ frame, providerId, continueTo }) : tooWeakView({ frame, continueTo }),
			);
		}
		if (needs === "admin" && role !== "admin") return notForRole({ frame }, onlyAdministrators);
		if (needs !== null && needs !== "admin" && !permissions.includes(needs)) {
			return notForRole({ frame }, `This needs the permission ${needs}. Ask an administrator of ${account.name}.`);
		}
		const form = await readVisit(call, arrival, frame, read);
		if (form instanceof Response) return form;
		const actor = {
			subject: signedIn.person.id,
			accountId: account.id,
			permissions,
			gives: { role },
			address: call.address,
		};
		return shownOnce(frame.kept, await handle({ ...call, signedIn, account, role, actor, isPost, form, frame }));
	};
}

/** None where they cannot be counted: no page of the console needs the events' database but those of what it has. */
async function newAlertsOf(accountId: string, services: Call["services"]): Promise<number> {
	try {
		return await countNewAlerts(accountId, services);
	} catch {
		services.log("alerts.uncounted", {});
		return 0;
	}
}

export const onlyAdministrators = "Only an administrator of this account can do this. Ask one of them.";

async function noSuchAccount(call: Call): Promise<Response> {
	const shell = await shellOf(call);
	return page(404, problemView({ shell, ...shell.words.problems.noSuchAccount }));
}

/** For whoever belongs to it: others are told that there is no such account, as of any. */
export async function suspendedAccount({ slug, name }: Pick<Account, "slug" | "name">, call: Call): Promise<Response> {
	const shell = await shellOf(call);
	const { suspended } = shell.words.problems;
	const way = { href: `/console/${slug}/settings/leave`, label: suspended.leave };
	return page(403, problemView({ shell, ...suspended, detail: suspended.detail(shownName(name)), way }));
}

/** Any other address under `/console/:slug/`. */
export const nothingPage = inConsole(null, null, async (visit) => notThere(visit));
