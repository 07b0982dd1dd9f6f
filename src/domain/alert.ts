import type { Seconds } from "./brands.ts";

/** What latchkey itself notices (DESIGN §1), and for how long one row counts it. */
export const alertKinds = {
	code_replayed: 3600,
	refresh_token_reused: 3600,
	failed_logins: 3600,
	failed_codes: 3600,
	recovery_link_made: 3600,
	password_recovered: 3600,
	passkey_recovered: 3600,
	passkey_added: 3600,
	passkey_copied: 3600,
	provider_linked: 3600,
	one_time_codes_changed: 3600,
	second_factor_changed: 3600,
	dead_key_used: 3600,
	access_code_expiring: 86_400,
	api_key_expiring: 86_400,
	webhook_disabled: 3600,
} as const satisfies Record<string, Seconds>;

export type AlertKind = keyof typeof alertKinds;

export function isAlertKind(text: string): text is AlertKind {
	return Object.hasOwn(alertKinds, text);
}

/** One row for each kind, subject, target and hour (a day for what is told of once a day), with a count. */
export interface Alert {
	/** 22 characters of base64url. */
	readonly id: string;
	readonly accountId: string;
	readonly kind: AlertKind;
	/** The id of the person, API key or endpoint that it is about. */
	readonly subject: string;
	/** What of the subject: a client's or an access code's id; empty where that says nothing more. */
	readonly target: string;
	readonly count: number;
	readonly firstAt: Seconds;
	readonly lastAt: Seconds;
	/** Names and numbers for people, as they were the last time. Never a secret. */
	readonly detail: Readonly<Record<string, string | number>>;
	/** Null as long as nobody has said that they saw to it. It stands for its hour, whatever is counted there later. */
	readonly acknowledged: Acknowledgement | null;
}

/** Who said that they saw to an alert, for the whole account. */
export interface Acknowledgement {
	readonly at: Seconds;
	/** The id of a person, an API key or a client. */
	readonly by: string;
}

/** What is to be counted: the first makes the row. */
export type Sighting = Omit<Alert, "firstAt" | "lastAt" | "acknowledged"> & {
	readonly at: Seconds;
	/** Whether endpoints of the account wait to be told of it (webhook.ts). */
	readonly isAwaited?: boolean;
};

/** The beginning of the hour (or day) in which an alert of this kind is counted. */
export function slotOf(kind: AlertKind, at: Seconds): Seconds {
	return at - (at % alertKinds[kind]);
}

/** Whether more of the same in the same slot raise its count; what is told of once a day does not. */
export function isCounted(kind: AlertKind): boolean {
	return alertKinds[kind] === 3600;
}

/** How long before its end an access code, or a key, is warned of. */
export const expiryNotice: Seconds = 30 * 86_400;
