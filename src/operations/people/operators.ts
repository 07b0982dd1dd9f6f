import type { DeploymentCounts, Operator } from "../../domain/ports/operators.ts";
import type { Person } from "../../domain/person.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { OperatorActor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Asked of the register each time: whoever is no operator any more is none at their next request. */
export async function operatorOf(
	personId: SubjectId,
	address: string | null,
	services: Services,
): Promise<OperatorActor | null> {
	return asOperator(await portsOf(services).register.person(personId), address);
}

/** The same for somebody whom the register has just told of. */
export function asOperator(person: Person | null, address: string | null): OperatorActor | null {
	if (person?.state !== "active" || !person.isOperator) return null;
	return { subject: person.id, accountId: null, address };
}

export function listOperators(services: Services): Promise<readonly Operator[]> {
	return portsOf(services).operators.list();
}

export function countDeployment(services: Services): Promise<DeploymentCounts> {
	return portsOf(services).operators.counts();
}

export type OperatorAdded =
	| { readonly kind: "added" | "same"; readonly person: Person }
	| { readonly kind: "unknown" | "full" | "not_permitted" };

/** By user name: whoever is made an operator has a name here already, and belongs to whichever account or to none. */
export async function addOperator(username: string, by: OperatorActor, services: Services): Promise<OperatorAdded> {
	const { register, operators } = portsOf(services);
	const person = await register.personByUsername(username);
	if (!person) return { kind: "unknown" };
	const entry = entryOf(by, { action: "operator.add", target: person.id }, services);
	const kind = await operators.add(person.id, by.subject, entry);
	if (kind === "added") services.later(mailPerson(person, "operator_added", services));
	return kind === "added" || kind === "same" ? { kind, person } : { kind };
}

export function removeOperator(personId: SubjectId, by: OperatorActor, services: Services) {
	const entry = entryOf(by, { action: "operator.remove", target: personId }, services);
	return portsOf(services).operators.remove(personId, by.subject, entry);
}
