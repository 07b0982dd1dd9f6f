import type { Params } from "../../http/body.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import type { ProviderManager } from "../../operations/people/sign-in-providers.ts";
import type { Frame } from "../frame/frame.ts";
import { notForRole, notThere, notThereAtAll } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { visitAsOperator } from "../frame/visit-as-operator.ts";

/** Somebody at a page of providers: of an account, or an operator at those of the whole deployment. */
export interface ProviderVisit extends Call {
	readonly frame: Frame;
	readonly isPost: boolean;
	readonly form: Params;
	readonly manager: ProviderManager;
	/** Where the list is. */
	readonly base: string;
}

/** One page at two places: `/console/:slug/settings/sign-in…` and `/operator/sign-in…`. */
export function providerPages(handle: (visit: ProviderVisit) => Promise<Response>): {
	readonly inAccount: Handler;
	readonly forOperators: Handler;
} {
	return {
		inAccount: inConsole("settings", "admin", (visit) =>
			handle({ ...visit, manager: visit.actor, base: `${visit.frame.base}/settings/sign-in` }),
		),
		forOperators: visitAsOperator("sign_in", (visit) =>
			handle({ ...visit, manager: visit.operator, base: `${visit.frame.base}/sign-in` }),
		),
	};
}

export function noProvider({ frame }: Pick<ProviderVisit, "frame">): Response {
	return frame.account ? notThere({ frame }, "provider") : notThereAtAll({ frame }, "provider");
}

/** Whoever was an administrator or an operator when the page was shown, and is none while it writes. */
export function mayNoMore({ frame }: Pick<ProviderVisit, "frame">): Response {
	return notForRole({ frame }, "You may not change this any more. Nothing was done.");
}
