import type { AlertKind } from "./alert.ts";
import type { Alert } from "./alert.ts";
import type { AuditEntry } from "./audit-entry.ts";
import type { Seconds } from "./brands.ts";
import { writeInstant } from "./instant.ts";

/**
 * What webhooks tell of: every type, once, with what it means. It follows from entries of the audit log or from a kind of alert, so
 * that whatever is told of is written down in the same transaction. Names are Standard Webhooks' (`noun.what_happened`), and for good.
 */
interface WebhookEvent {
	readonly says: string;
	/** The actions of the audit log that it follows from. */
	readonly actions?: readonly string[];
	/** The kind of alert, which is told of once in its hour, however often it is counted there. */
	readonly alert?: AlertKind;
}

const list = {
	"key.created": { says: "An API key was made.", actions: ["key.create"] },
	"key.changed": {
		says: "An API key was changed: its name, tags, policies or limits.",
		actions: ["key.edit", "key.edit_policies", "key.edit_limits"],
	},
	"key.enabled": { says: "An API key was enabled.", actions: ["key.enable"] },
	"key.disabled": { says: "An API key was disabled.", actions: ["key.disable"] },
	"key.deleted": { says: "An API key was deleted.", actions: ["key.delete"] },
	"key.expiring": { says: "An API key ends within 30 days.", alert: "api_key_expiring" },
	"key.dead_used": { says: "An API key is still used that is not good any more.", alert: "dead_key_used" },
	"access_code.expiring": { says: "An access code of an API key ends within 30 days.", alert: "access_code_expiring" },
	"access_code.created": { says: "An access code was made.", actions: ["access_code.create"] },
	"access_code.rotated": { says: "An access code was rotated.", actions: ["access_code.rotate"] },
	"access_code.revealed": { says: "Somebody looked at the secret of an access code.", actions: ["access_code.reveal"] },
	"access_code.enabled": { says: "An access code was enabled.", actions: ["access_code.enable"] },
	"access_code.disabled": { says: "An access code was disabled.", actions: ["access_code.disable"] },
	"access_code.deleted": { says: "An access code was deleted.", actions: ["access_code.delete"] },
	"link.created": { says: "An API key was linked to an account.", actions: ["link.create"] },
	"link.ended": { says: "The link of an API key to an account ended.", actions: ["link.delete", "link.ended"] },
	"integration.created": { says: "An integration was made.", actions: ["client.create", "client.register"] },
	"integration.changed": { says: "An integration was changed.", actions: ["client.edit"] },
	"integration.secret_rotated": {
		says: "The secret of an integration was replaced.",
		actions: ["client.rotate_secret"],
	},
	"integration.deleted": { says: "An integration was deleted.", actions: ["client.delete"] },
	"install.created": { says: "Somebody installed an integration, or allowed an application.", actions: ["grant.open"] },
	"install.ended": { says: "What somebody had allowed was revoked.", actions: ["grant.revoke"] },
	"code.replayed": {
		says: "An authorization code was used twice; its tokens were revoked.",
		alert: "code_replayed",
	},
	"refresh.reused": {
		says: "A refresh token came back after it had been replaced; its grant was revoked.",
		alert: "refresh_token_reused",
	},
	"policy.created": { says: "A policy was made.", actions: ["policy.create"] },
	"policy.changed": { says: "A policy was changed.", actions: ["policy.edit"] },
	"policy.deleted": { says: "A policy was deleted.", actions: ["policy.delete"] },
	"environment.created": { says: "An environment was made.", actions: ["environment.create"] },
	"environment.key_rotated": {
		says: "The public key of an environment was replaced.",
		actions: ["environment.rotate_key"],
	},
	"member.joined": { says: "Somebody became a member of the account.", actions: ["member.join", "member.add"] },
	"member.left": { says: "Somebody is no member of the account any more.", actions: ["member.leave", "member.remove"] },
	"member.role_changed": { says: "A member got another role.", actions: ["member.set_role"] },
	"sign_in.failures": { says: "Somebody tried too many passwords of a member.", alert: "failed_logins" },
	"sign_in.wrong_codes": { says: "Somebody tried too many one-time codes of a member.", alert: "failed_codes" },
	"recovery_link.created": { says: "A link by which a member gets back in was made.", alert: "recovery_link_made" },
	"password.recovered": { says: "A password was set without the old one.", alert: "password_recovered" },
	"passkey.recovered": { says: "A passkey was made by a way back in.", alert: "passkey_recovered" },
	"passkey.added": { says: "A passkey was added to the sign-in of a member.", alert: "passkey_added" },
	"passkey.copied": { says: "A passkey that may have been copied was refused.", alert: "passkey_copied" },
	"provider.linked": { says: "A provider was linked to the sign-in of a member.", alert: "provider_linked" },
	"one_time_codes.changed": {
		says: "The one-time codes of a member were turned on or off.",
		alert: "one_time_codes_changed",
	},
	"second_factor.changed": {
		says: "The account asks its members for a second factor, or does so no more.",
		alert: "second_factor_changed",
	},
	"webhook.disabled": {
		says: "An endpoint was disabled, since it said that it is gone or took nothing for days.",
		alert: "webhook_disabled",
	},
} as const satisfies Readonly<Record<string, WebhookEvent>>;

export type WebhookEventType = keyof typeof list;

/** By type, as they are listed to choose from. */
export const webhookEvents: Readonly<Record<WebhookEventType, WebhookEvent>> = list;
export const webhookEventTypes = Object.keys(list).filter(isWebhookEventType);

/** What somebody sends to see whether an endpoint works. It cannot be chosen: it comes to the endpoint that it is asked for. */
export const testEventType = "webhook.test";

export function isWebhookEventType(text: string): text is WebhookEventType {
	return Object.hasOwn(list, text);
}

const byAction = new Map(
	webhookEventTypes.flatMap((type) => (webhookEvents[type].actions ?? []).map((each) => [each, type])),
);
const byAlert = new Map(
	webhookEventTypes.flatMap((type) => (webhookEvents[type].alert ? [[webhookEvents[type].alert, type]] : [])),
);

/** Null for an action that nobody is told of. */
export function eventOfAction(action: string): WebhookEventType | null {
	return byAction.get(action) ?? null;
}

/** Every kind of alert has one. Null for a kind of another version. */
export function eventOfAlert(kind: AlertKind): WebhookEventType | null {
	return byAlert.get(kind) ?? null;
}

/** What is sent, byte for byte, however often. */
export interface WebhookMessage {
	/** The header `webhook-id`: the same for each endpoint and at each try, so that a receiver knows it again. It has no full stop. */
	readonly id: string;
	readonly type: WebhookEventType | typeof testEventType;
	readonly at: Seconds;
	/** JSON: `type`, `timestamp`, `data`. */
	readonly body: string;
}

/** What an entry of the audit log is told as: not from where it was done. */
export function dataOfEntry({ accountId, actor, target, detail }: AuditEntry) {
	return { account_id: accountId, actor_id: actor, object_id: target, details: detail };
}

/** What an alert is told as. */
export function dataOfAlert({
	accountId,
	id,
	subject,
	target,
	detail,
}: Pick<Alert, "accountId" | "id" | "subject" | "target" | "detail">) {
	return {
		account_id: accountId,
		alert_id: id,
		subject_id: subject,
		target_id: target === "" ? null : target,
		details: detail,
	};
}

/** Standard Webhooks, "Payload structure": when it happened, not when it is sent. */
export function webhookBody(
	type: WebhookMessage["type"],
	at: Seconds,
	data: Readonly<Record<string, unknown>>,
): string {
	return JSON.stringify({ type, timestamp: writeInstant(at), data });
}
