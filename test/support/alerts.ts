import { expect } from "vitest";
import { eventually } from "./eventually.ts";
import { call, good, tokenOf } from "./keys-api.ts";
import { aKey, anAccount, aPerson, slugOf } from "./registered.ts";
import { postJson, times } from "./requests.ts";

export interface ListedAlert {
	readonly id: string;
	readonly kind: string;
	readonly acknowledged_at: string | null;
	readonly acknowledged_by: string | null;
}

export interface ListedAlerts {
	readonly alerts: readonly ListedAlert[];
	readonly new: number;
	readonly next: string | null;
}

/** A key of the account that is off and still in use: an alert, a moment later. */
export async function useDeadKey(account: string): Promise<void> {
	const key = await aKey(account, []);
	await key.change({ kind: "set_state", state: "disabled" });
	await postJson("/auth/login", { api_key: key.secret });
}

/** An account with an administrator, their token, and so many alerts. */
export async function anAlertedAccount(alerts: number) {
	const account = await anAccount();
	const slug = slugOf(account);
	const admin = await aPerson({ [account]: "admin" });
	const token = await tokenOf(admin, slug);
	const list = async (query = "") => good<ListedAlerts>(await call("GET", `/v1/alerts${query}`, undefined, token));
	await Promise.all(times(alerts, () => useDeadKey(account)));
	await eventually(async () => expect((await list()).new).toBe(alerts));
	return { account, slug, admin, token, list };
}
