import { type Home, parseSubject, type SubjectId } from "../../domain/subject.ts";

/** A namespace of Durable Objects, and what of them is called. */
interface Namespace<Calls> {
	getByName(name: string, options?: { locationHint?: DurableObjectLocationHint }): Calls;
	jurisdiction(name: DurableObjectJurisdiction): Namespace<Calls>;
}

/**
 * A subject's ledger. The same placement for ever: an object stays where it was first touched, and another jurisdiction is another
 * object.
 */
export function homeOf<Calls>(namespace: Namespace<Calls>, subject: SubjectId): Calls {
	const home = homeNamed(subject);
	if (home === "any" || home === "eu" || home === "fed") return within(namespace, home).getByName(subject);
	return namespace.getByName(subject, { locationHint: home });
}

/** A replica that may hold what a subject's ledger says: in the same jurisdiction, and else wherever it was asked first. */
export function replicaOf<Calls>(namespace: Namespace<Calls>, subject: SubjectId, name: string): Calls {
	return within(namespace, homeNamed(subject)).getByName(name);
}

function homeNamed(subject: SubjectId): Home {
	const parsed = parseSubject(subject);
	if (!parsed) throw new TypeError("not a subject's id");
	return parsed.home;
}

/** Never elsewhere instead: `wrangler dev` has no jurisdictions, and so no ledgers for these homes. */
function within<Calls>(namespace: Namespace<Calls>, home: Home): Namespace<Calls> {
	if (home === "eu") return namespace.jurisdiction("eu");
	return home === "fed" ? namespace.jurisdiction("fedramp") : namespace;
}
