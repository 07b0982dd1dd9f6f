import type { Ledgers } from "../../domain/ports/ledgers.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import { remoteLedgers } from "../remote-ledger.ts";
import type { LedgerObject } from "./ledger-object.ts";
import { repeatOnce } from "./repeat-once.ts";
import { mayRepeat, verbs } from "./repeatable-verbs.ts";

export function ledgers(namespace: DurableObjectNamespace<LedgerObject>): Ledgers {
	return {
		of: remoteLedgers(verbs, (subject, verb, args) => {
			const call = () => at(namespace, subject).run(verb, args);
			return mayRepeat(verb, args) ? repeatOnce(call) : call();
		}),
	};
}

/** The same placement for ever: an object stays where it was first touched, and another jurisdiction is another object. */
function at(namespace: DurableObjectNamespace<LedgerObject>, subject: SubjectId): Pick<LedgerObject, "run"> {
	const parsed = parseSubject(subject);
	if (!parsed) throw new TypeError("not a subject's id");
	const { home } = parsed;
	if (home === "any") return namespace.getByName(subject);
	// Never elsewhere instead: `wrangler dev` has no jurisdictions, and so no ledgers for these homes.
	if (home === "eu") return namespace.jurisdiction("eu").getByName(subject);
	if (home === "fed") return namespace.jurisdiction("fedramp").getByName(subject);
	return namespace.getByName(subject, { locationHint: home });
}
