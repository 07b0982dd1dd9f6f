import { ceilingAfter, isAboveCeiling } from "./client-ceiling.ts";
import { isBySecret } from "./client-auth-methods.ts";
import { asksOnDevices, type Client, type ClientSecret, isPublic } from "./client.ts";
import { inProfile, isFapi } from "./client-profile.ts";
import { actsAlone, grantTypesAfter } from "./client-grant-types.ts";
import type { ClientEdit } from "./client-draft.ts";
import { editableOptions, registrableOptions, withOptions } from "./client-option-values.ts";
import { effectiveScope } from "./effective-scope.ts";
import { splitScope } from "./identity.ts";
import type { Permission } from "./permission.ts";
import { isWithin, type Scope } from "./scope.ts";
import type { Seconds } from "./brands.ts";

/** What may be done to a registered client. `permitted` is what whoever does it may do themselves in the account. */
export type ClientChange =
	| { readonly kind: "edit"; readonly edit: ClientEdit; readonly permitted: Scope }
	/** The secrets that are there live on for `overlap`, so that the client's servers can change over one by one. */
	| { readonly kind: "add_secret"; readonly secret: ClientSecret; readonly overlap: Seconds; readonly permitted: Scope }
	/**
	 * RFC 7592 §2.2: it says anew what it is, and nothing is left of what it said before. `secret` is for a client that needs
	 * one from now on and has none.
	 */
	| { readonly kind: "register"; readonly registration: Registered; readonly secret: ClientSecret }
	/** It manages its registration itself no more: its registration access token is good no more. */
	| { readonly kind: "end_registration" }
	/** The older of two secrets is good no more. */
	| { readonly kind: "end_previous_secret" }
	/** Nothing that it was granted counts any more; it may be allowed all of it anew. */
	| { readonly kind: "end_tokens" }
	/** Nobody may use it from now on, and nothing that it was granted counts. There is no way back. */
	| { readonly kind: "end" };

/** What a client says of itself. */
type Registered = Pick<Client, "name" | "redirectUris" | "authMethods" | "grantTypes" | "scope" | "options">;

export type ClientRefusal =
	/** It has ended, which cannot be undone. */
	| "ended"
	/** It has no secret and gets none: it is public, or authenticates by its keys. */
	| "no_secret"
	| "two_secrets"
	| "no_previous_secret"
	/** It has no registration access token (any more). */
	| "no_registration"
	/** It says something of itself that an administrator took away. */
	| "above_ceiling"
	/** A client that acts for itself would do what whoever changes it may not. */
	| "beyond";

export type ClientVerdict =
	| { readonly kind: "changed" | "unchanged"; readonly client: Client }
	| { readonly kind: "refused"; readonly reason: ClientRefusal };

/** At most this long are two secrets good at once. */
export const maxOverlap: Seconds = 30 * 86_400;

export function changeClient(client: Client, change: ClientChange, now: Seconds): ClientVerdict {
	if (client.state === "ended") {
		return change.kind === "end" ? { kind: "unchanged", client } : { kind: "refused", reason: "ended" };
	}
	switch (change.kind) {
		case "edit": {
			const { actsForItself: _, options, ...edit } = change.edit;
			const isOfSameScope = isWithin(client.scope, edit.scope) && isWithin(edit.scope, client.scope);
			const before = isOfSameScope ? client.options : withStatedScope(client.options);
			const edited = {
				...client,
				...edit,
				grantTypes: grantTypesAfter(client, change.edit),
				options: {
					...withOptions(before, editableOptions, options),
					...redirectsSince(client, edit.redirectUris, now),
				},
			};
			if (isBeyond(edited, change.permitted)) return { kind: "refused", reason: "beyond" };
			// What was taken away stays so, whatever the client says of itself later.
			const bounds = client.options.registration ? ceilingAfter(client, edited) : {};
			return { kind: "changed", client: { ...edited, options: { ...edited.options, ...bounds } } };
		}
		case "add_secret": {
			if (!hasSecret(client)) return { kind: "refused", reason: "no_secret" };
			// Whoever has its secret can do what it can.
			if (isBeyond(client, change.permitted)) return { kind: "refused", reason: "beyond" };
			// The same form, sent twice.
			if (client.secrets.some(({ hash }) => hash === change.secret.hash)) return { kind: "unchanged", client };
			const live = liveSecrets(client, now);
			if (live.length > 1) return { kind: "refused", reason: "two_secrets" };
			const previous = change.overlap > 0 ? live.map((each) => ({ ...each, expiresAt: now + change.overlap })) : [];
			return { kind: "changed", client: { ...client, secrets: [change.secret, ...previous] } };
		}
		case "register": {
			const { registration, secret } = change;
			const { statesNoScope = false } = registration.options;
			const said = withOptions(withStatedScope(client.options), registrableOptions, registration.options);
			const { demands } = client.options.ceiling ?? {};
			const options = { ...said, ...demands, ...redirectsSince(client, registration.redirectUris, now) };
			const scope = effectiveScope(registration.scope, client.options.ceiling?.scope ?? null) ?? [];
			const changed: Client = inProfile({ ...client, ...registration, scope, options });
			// FAPI 2.0 §5.3.2.1, §5.4.1: what an administrator chose for it, it does not fall behind.
			const isBehind =
				changed.authMethods.join() !== "private_key_jwt" ||
				options.accessTokenAlg === "RS256" ||
				asksOnDevices(changed);
			if (isFapi(changed) && isBehind) return { kind: "refused", reason: "above_ceiling" };
			if ((scope.length === 0 && !statesNoScope) || isAboveCeiling(client, changed)) {
				return { kind: "refused", reason: "above_ceiling" };
			}
			// Whoever registered it vouched for what it might do alone, and is not here now.
			if (actsAlone(changed) && !actsAlone(client)) return { kind: "refused", reason: "beyond" };
			if (isBeyond(changed, client.scope)) return { kind: "refused", reason: "beyond" };
			const live = liveSecrets(client, now);
			const secrets = hasSecret(changed) ? (live.length > 0 ? live : [secret]) : [];
			// RFC 9700 §4.14.2: a public client's refresh tokens rotate.
			return {
				kind: "changed",
				client: { ...changed, secrets, rotation: isPublic(changed) ? "rotate" : changed.rotation },
			};
		}
		case "end_registration": {
			const { registration, ...options } = client.options;
			if (!registration) return { kind: "refused", reason: "no_registration" };
			return { kind: "changed", client: { ...client, options } };
		}
		case "end_previous_secret": {
			const [current, ...previous] = liveSecrets(client, now);
			if (!current || previous.length === 0) return { kind: "refused", reason: "no_previous_secret" };
			return { kind: "changed", client: { ...client, secrets: [current] } };
		}
		case "end_tokens":
			return { kind: "changed", client: { ...client, notBefore: now + 1 } };
		case "end":
			// What was granted in this very second counts no more either.
			return { kind: "changed", client: { ...client, state: "ended", notBefore: now + 1 } };
	}
}

/** Whoever says what a client may ask for, says what it gets by default. */
function withStatedScope(options: Client["options"]): Client["options"] {
	const { statesNoScope, ...others } = options;
	return statesNoScope ? others : options;
}

/** People agreed to an answer that goes where it could go then. Those of this very second may not have known yet. */
function redirectsSince(
	{ redirectUris, options }: Client,
	next: readonly string[],
	now: Seconds,
): Pick<Client["options"], "redirectsSince"> {
	const since = next.every((uri) => redirectUris.includes(uri)) ? options.redirectsSince : now + 1;
	return since === undefined ? {} : { redirectsSince: since };
}

/** Newest first. */
export function liveSecrets({ secrets }: Pick<Client, "secrets">, now: Seconds): readonly ClientSecret[] {
	return secrets.filter(({ expiresAt }) => expiresAt === null || now < expiresAt);
}

export function isBeyond(client: Pick<Client, "grantTypes" | "scope">, permitted: Scope): boolean {
	// Who somebody is, a client without a person cannot ask.
	return actsAlone(client) && !isWithin(splitScope(client.scope).access, permitted);
}

/** What whoever makes or changes it has to be permitted: one that acts alone may do what its scope says. */
export function neededFor(client: Pick<Client, "grantTypes" | "scope">): readonly string[] {
	return ["integrations:write" satisfies Permission, ...(actsAlone(client) ? splitScope(client.scope).access : [])];
}

/** Whether it authenticates by a secret, and not by a key or not at all. */
export function hasSecret({ authMethods }: Pick<Client, "authMethods">): boolean {
	return authMethods.some(isBySecret);
}
