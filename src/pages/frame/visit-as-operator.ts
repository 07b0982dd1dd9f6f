import type { Params } from "../../http/body.ts";
import type { FormReader } from "../../http/own-form.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import type { AnySignedIn } from "../../operations/people/sign-in.ts";
import type { OperatorActor } from "../../operations/actor.ts";
import { asOperator } from "../../operations/people/operators.ts";
import { nothingHere } from "./wrong-address.ts";
import { arrive, readVisit } from "./arrival.ts";
import type { OperatorFrame, OperatorSection } from "./frame.ts";
import { shownOnce } from "./kept-form.ts";
import { notThereAtAll } from "./refusal.ts";

/** An operator of the deployment, on a page under `/operator`. */
export interface OperatorVisit extends Call {
	readonly signedIn: AnySignedIn;
	readonly operator: OperatorActor;
	readonly isPost: boolean;
	/** The fields of the form, once its token was found good; empty for a GET. */
	readonly form: Params;
	readonly frame: OperatorFrame;
}

/** A route under `/operator`. For whoever is no operator there is no such page, as there is none for strangers. */
export function visitAsOperator(
	section: OperatorSection | null,
	handle: (visit: OperatorVisit) => Promise<Response>,
	read?: FormReader,
): Handler {
	return async (call) => {
		const arrival = await arrive(call, read);
		if (arrival.kind === "turned_away") return arrival.to;
		const { signedIn, isPost, common } = arrival;
		const operator = signedIn.within === null ? asOperator(signedIn.person, call.address) : null;
		if (!operator) return nothingHere(call);
		const frame: OperatorFrame = { ...common, section, account: null, base: "/operator" };
		const form = await readVisit(call, arrival, frame, read);
		if (form instanceof Response) return form;
		return shownOnce(frame.kept, await handle({ ...call, signedIn, operator, isPost, form, frame }));
	};
}

/** Any other address under `/operator/`. */
export const nothingForOperatorsPage = visitAsOperator(null, async (visit) => notThereAtAll(visit, "page"));
