import type { Ledgers } from "../../domain/ports/ledgers.ts";
import { remoteLedgers } from "../remote-ledger.ts";
import type { LedgerObject } from "./ledger-object.ts";
import { type Ask, nearFirst, type Replicas } from "./near-ledgers.ts";
import { homeOf } from "./placement.ts";
import { repeatOnce } from "./repeat-once.ts";
import { mayRepeat, verbs } from "./repeatable-verbs.ts";

/** `replicas` is null where there are none: each verb goes to the subject's home. */
export function ledgers(namespace: DurableObjectNamespace<LedgerObject>, replicas: Replicas | null): Ledgers {
	const atHome: Ask = (subject, verb, args) => {
		const call = () => homeOf<Pick<LedgerObject, "run">>(namespace, subject).run(verb, args);
		return mayRepeat(verb, args) ? repeatOnce(call) : call();
	};
	return { of: remoteLedgers(verbs, replicas ? nearFirst(atHome, replicas) : atHome) };
}
