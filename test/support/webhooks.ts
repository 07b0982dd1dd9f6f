import { bounds } from "../../src/domain/bounds.ts";
import { eventually } from "./eventually.ts";
import { call, type Credential, good } from "./keys-api.ts";

export interface ShownWebhook {
	readonly id: string;
	readonly url: string;
	readonly description: string;
	readonly event_types: readonly string[] | null;
	readonly enabled: boolean;
	readonly disabled_for: string | null;
	readonly previous_secret_expires_at: string | null;
}

export interface ShownDelivery {
	readonly id: string;
	readonly type: string;
	readonly state: string;
	readonly tries: number;
	readonly next_try_at: string | null;
	readonly last_try: { readonly status: number | null; readonly reason: string; readonly answer: string } | null;
	readonly payload: string;
}

/** Where nobody is: a port of this machine that refuses. It is told of what happens seldom, so that no test waits for it. */
const nowhere = { url: "http://127.0.0.1:9/", event_types: ["second_factor.changed"] };

export async function newWebhook(more: object = {}, credential?: Credential) {
	await roomForWebhook(credential);
	const answer = await call("POST", "/v1/webhooks", { ...nowhere, ...more }, credential);
	return good<ShownWebhook & { readonly secret: string }>(answer, 201);
}

/** An account has ten: one that nobody describes goes where there is no more room. */
export async function roomForWebhook(credential?: Credential): Promise<object> {
	const there = await webhooksOf(credential);
	const spare = there.find(({ description }) => description === "");
	if (spare && there.length >= bounds.webhooks.most) {
		await call("DELETE", `/v1/webhooks/${spare.id}`, undefined, credential);
	}
	return {};
}

export async function webhooksOf(credential?: Credential): Promise<readonly ShownWebhook[]> {
	const answer = await call("GET", "/v1/webhooks", undefined, credential);
	return good<{ webhooks: ShownWebhook[] }>(answer).webhooks;
}

/** Acme's of this description: made where there is none. */
export async function sharedWebhook(description = "Shared"): Promise<ShownWebhook> {
	const there = (await webhooksOf()).find((each) => each.description === description);
	return there ?? newWebhook({ description });
}

export async function disabledWebhook(): Promise<ShownWebhook> {
	const webhook = await sharedWebhook("Disabled");
	return good<ShownWebhook>(await call("PATCH", `/v1/webhooks/${webhook.id}`, { enabled: false }));
}

export async function deliveriesOf({ id }: Pick<ShownWebhook, "id">, credential?: Credential, query = "") {
	return good<{ deliveries: readonly ShownDelivery[]; next: string | null; previous: string | null }>(
		await call("GET", `/v1/webhooks/${id}/deliveries${query}`, undefined, credential),
	);
}

/** What an endpoint did not get, since it was disabled meanwhile. It is enabled again. */
export async function failedDelivery(description: string) {
	return failedAt(await sharedWebhook(description));
}

export async function failedAt(webhook: ShownWebhook) {
	const path = `/v1/webhooks/${webhook.id}`;
	good(await call("PATCH", path, { enabled: true }));
	const { id } = good<ShownDelivery>(await call("POST", `${path}/test`), 202);
	good(await call("PATCH", path, { enabled: false }));
	good(await call("PATCH", path, { enabled: true }));
	const delivery = await eventually(async () => {
		const found = good<ShownDelivery>(await call("GET", `${path}/deliveries/${id}`));
		if (found.state !== "failed") throw new Error("It has not failed");
		return found;
	});
	return { webhook, delivery };
}
