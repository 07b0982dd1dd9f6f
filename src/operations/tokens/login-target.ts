import { type Api, isOpenTo, scopeOfApi } from "../../domain/api.ts";
import { permissions } from "../../domain/permission.ts";
import type { Scope } from "../../domain/scope.ts";
import { latchkeyAlone, type Targets } from "../../domain/targets.ts";
import type { Services } from "../services.ts";
import { findTargets } from "../targets.ts";

/** What a login token is to be for: latchkey itself, or the registered API that the login names. */
export interface LoginTarget {
	readonly targets: Targets;
	/** Null for latchkey. */
	readonly api: Api | null;
	/** All that such a token can say. */
	readonly offered: Scope;
}

const latchkey: LoginTarget = { targets: latchkeyAlone, api: null, offered: Object.keys(permissions) };

/** Null for what nobody registered: a login token is for what latchkey knows. */
export async function findLoginTarget(resource: string | null, services: Services): Promise<LoginTarget | null> {
	if (resource === null) return latchkey;
	const targets = await findTargets([resource], services);
	if (targets.own) return latchkey;
	const [api] = targets.apis;
	return api ? { targets, api, offered: scopeOfApi(api) } : null;
}

export function isTargetOf({ api }: LoginTarget, accountId: string): boolean {
	return api === null || isOpenTo(api, accountId);
}
