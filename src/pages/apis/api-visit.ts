import type { Api } from "../../domain/api.ts";
import type { Permission } from "../../domain/permission.ts";
import type { Params } from "../../http/body.ts";
import type { Stored } from "../../domain/stored.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import type { Actor } from "../../operations/actor.ts";
import { type ApiManager, findApi, ownApi } from "../../operations/apis/apis.ts";
import type { Frame } from "../frame/frame.ts";
import { notForRole, notThere, notThereAtAll } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { visitAsOperator } from "../frame/visit-as-operator.ts";

/** Somebody at a page of APIs: of an account, or an operator at those of the whole deployment. */
export interface ApiVisit extends Call {
	readonly frame: Frame;
	readonly isPost: boolean;
	readonly form: Params;
	readonly manager: ApiManager;
	/** Null for an operator, who acts in no account. */
	readonly actor: Actor | null;
	/** Where the list is. */
	readonly base: string;
	readonly may: (permission: Permission) => boolean;
}

type ApiPermissionName = "apis:read" | "apis:write" | "apis:delete";

interface Pages {
	readonly inAccount: Handler;
	readonly forOperators: Handler;
}

/** One page at two places: `/console/:slug/apis…` and `/operator/apis…`. */
export function apiPages(needs: ApiPermissionName, handle: (visit: ApiVisit) => Promise<Response>): Pages {
	return {
		inAccount: inConsole("apis", needs, (visit) => {
			const { actor, frame } = visit;
			const may = (permission: Permission) => actor.permissions.includes(permission);
			return handle({ ...visit, manager: actor, base: `${frame.base}/apis`, may });
		}),
		forOperators: visitAsOperator("apis", (visit) => {
			const { operator, frame } = visit;
			return handle({ ...visit, manager: operator, actor: null, base: `${frame.base}/apis`, may: () => true });
		}),
	};
}

/** A page of an API that whoever visits can change. */
export function ownApiPages(
	needs: ApiPermissionName,
	handle: (visit: ApiVisit, api: Stored<Api>) => Promise<Response>,
): Pages {
	return apiPages(needs, async (visit) => {
		const api = await ownApi(visit.params.id ?? "", visit.manager.accountId, visit.services);
		return api ? handle(visit, api) : noApi(visit);
	});
}

/** The API of the address, where whoever visits sees it. */
export function visibleApi({ params, manager, services }: ApiVisit): Promise<Stored<Api> | null> {
	return findApi(params.id ?? "", manager.accountId, services);
}

export function noApi({ frame }: ApiVisit): Response {
	return frame.account ? notThere({ frame }, "API") : notThereAtAll({ frame }, "API");
}

/** Whoever was an administrator or an operator when the page was shown, and is none while it writes. */
export function mayNoMore(visit: ApiVisit): Response {
	return notForRole(visit, "You may not change this any more. Nothing was done.");
}
