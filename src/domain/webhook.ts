import type { Sealed, Seconds } from "./brands.ts";
import type { FieldProblem } from "./client-option-problems.ts";
import { fetchProblem, type Own } from "./public-host.ts";
import { isWebhookEventType, type testEventType, type WebhookEventType } from "./webhook-event.ts";

/** Where an account is told of what happens in it (Standard Webhooks). */
export interface WebhookEndpoint {
	readonly id: string;
	readonly accountId: string;
	readonly url: string;
	readonly description: string;
	/** Null: of all of them, those that come later too. */
	readonly eventTypes: readonly WebhookEventType[] | null;
	readonly state: "on" | "off";
	/** Why latchkey itself switched it off; null where a person did, or where it is on. */
	readonly disabledFor: DisabledFor | null;
	readonly sealedSecret: Sealed;
	/** The secret of before, which signs too until then. */
	readonly previous: { readonly sealedSecret: Sealed; readonly until: Seconds } | null;
	readonly createdAt: Seconds;
}

/** `gone`: it answered 410. `failing`: nothing came through for as long as one event is tried. */
export type DisabledFor = "gone" | "failing";

export type WebhookDraft = Pick<WebhookEndpoint, "url" | "description" | "state"> & {
	readonly eventTypes: readonly string[] | null;
};

/** For how long the secret of before signs beside the new one. */
export const secretOverlap: Seconds = 86_400;

export const longestDescription = 200;

export function webhookProblems({ url, description, eventTypes }: WebhookDraft, own: Own): readonly FieldProblem[] {
	const problem = fetchProblem(url, own);
	const unknown = eventTypes?.find((each) => !isWebhookEventType(each));
	return [
		...(problem === null ? [] : [{ field: "url", detail: `The URL ${problem}.` }]),
		...(description.length > longestDescription
			? [{ field: "description", detail: `Use at most ${longestDescription} characters.` }]
			: []),
		...(unknown === undefined
			? []
			: [{ field: "event_types", detail: `There is no event type ${unknown.slice(0, 50)}.` }]),
		...(eventTypes?.length === 0
			? [{ field: "event_types", detail: "Choose at least one event type, or all of them." }]
			: []),
	];
}

/** Without what surrounds it, and each type once, in the order of their list. */
export function tidyWebhook(draft: WebhookDraft): WebhookDraft {
	const { url, description, eventTypes, state } = draft;
	const chosen = eventTypes && [...new Set(eventTypes)].toSorted();
	return { url: url.trim(), description: description.trim(), eventTypes: chosen, state };
}

export function wants({ eventTypes, state }: WebhookEndpoint, type: WebhookEventType): boolean {
	return state === "on" && (eventTypes === null || eventTypes.includes(type));
}

/** One event on its way to one endpoint, and what became of it: the log of the endpoint has one line of each. */
export interface WebhookDelivery {
	readonly endpointId: string;
	/** That of its message. */
	readonly id: string;
	readonly accountId: string;
	readonly type: WebhookEventType | typeof testEventType;
	readonly body: string;
	readonly createdAt: Seconds;
	readonly state: DeliveryState;
	/** How often it was sent, since it was last asked for. */
	readonly tries: number;
	/** When it is tried (again); null where it is not. */
	readonly nextAt: Seconds | null;
	/** What became of the last try; null before the first. */
	readonly last: DeliveryTry | null;
}

export const deliveryStates = { waiting: "Waiting", delivered: "Delivered", failed: "Failed" } as const;
export type DeliveryState = keyof typeof deliveryStates;

export interface DeliveryTry {
	readonly at: Seconds;
	/** Null where there was no answer. */
	readonly status: number | null;
	/** In words, of ours. */
	readonly reason: string;
	/** The beginning of what the endpoint answered. */
	readonly excerpt: string;
}

/** How much of an answer is read, in bytes, and how much of that is kept, in characters. */
export const answerRead = 4096;
const excerptKept = 300;

/** Standard Webhooks, "Request timeouts": 15 to 30 s. Together with what comes before, it is within what goes on after an answer. */
export const webhookTimeoutMs = 15_000;

/** An event that waits longer than anybody repairs a server for is shown as failed at once: "send again" is still there. */
export const mostWaiting = 1000;

/** For how long the log of an endpoint goes back. */
export const deliveriesKept: Seconds = 30 * 86_400;

/** Standard Webhooks, "Deliverability and reliability": how long after the try before. */
const delays: readonly Seconds[] = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** When it is tried again that failed so often by now; null for no more. `chance` is from 0 to 1: not all of them come back at once. */
export function nextTry(tries: number, now: Seconds, retryAfter: Seconds | null, chance: number): Seconds | null {
	const delay = delays[tries];
	if (delay === undefined) return null;
	return now + Math.max(Math.ceil(delay * (1 + chance / 10)), retryAfter ?? 0);
}

/** What an answer, or none (null), means. `pause`: for so long the endpoint is sent nothing at all. */
export type Judged =
	| { readonly kind: "delivered" }
	| { readonly kind: "gone" }
	| { readonly kind: "failed"; readonly retryAfter: Seconds | null; readonly pause: Seconds };

/** Standard Webhooks, "Delivery success and failure". A redirect is a failure. */
export function judgeAnswer(status: number | null, retryAfterHeader: string | null, now: Seconds): Judged {
	if (status !== null && status >= 200 && status < 300) return { kind: "delivered" };
	if (status === 410) return { kind: "gone" };
	const retryAfter = readRetryAfter(retryAfterHeader, now);
	// No answer at all may be one request's own; these say that there is too much to do.
	const pause = status === null ? 5 : [429, 502, 503, 504].includes(status) ? 60 : 0;
	return { kind: "failed", retryAfter, pause: Math.max(pause, retryAfter ?? 0) };
}

/** RFC 9110 §10.2.3: seconds, or a date. A day at most: nobody's header puts an event off for good. */
function readRetryAfter(text: string | null, now: Seconds): Seconds | null {
	if (text === null) return null;
	const date = Date.parse(text);
	const seconds = /^\d{1,10}$/.test(text.trim()) ? Number(text) : Math.ceil(date / 1000) - now;
	return Number.isNaN(seconds) || seconds <= 0 ? null : Math.min(seconds, 86_400);
}

/** Of what an endpoint answered, what its log has: no control characters, and no secret that was sent to the wrong place and came back. */
export function excerptOf(text: string): string {
	return text
		.replaceAll(/whsec_[A-Za-z0-9+/=]*/g, "whsec_…")
		.replaceAll(/[^\P{C}\n]/gu, " ")
		.slice(0, excerptKept)
		.trim();
}
