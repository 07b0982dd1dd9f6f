import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Limited } from "../../domain/limit.ts";
import type { PasswordProblem } from "../../domain/new-password.ts";
import type { Person } from "../../domain/person.ts";
import type { NewPassword, Used } from "../../domain/ports/recovery.ts";
import type { RecoveryKind } from "../../domain/recovery.ts";
import { personalEntries } from "../audit-person.ts";
import { takeRecoveryTurns, verifyRepeated } from "../checks/verify-password.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { choosePassword, namesOf } from "./choose-password.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import { knownBrowser } from "./known-browser.ts";
import { noticeRecovery } from "./notice-recovery.ts";
import { hashRecoveryCode } from "./recovery-codes.ts";
import { findLink, passwordDigest } from "./recovery-links.ts";

export type Recovered =
	| { readonly kind: "recovered"; readonly username: string }
	/** A name and a code that do not belong together, whoever of them there is; a link that is not good. */
	| { readonly kind: "wrong" }
	| { readonly kind: "refused"; readonly problem: PasswordProblem }
	| { readonly kind: "busy" };

interface Given {
	readonly password: string;
	readonly address: string | null;
}

/**
 * A new password for whoever has one of the person's recovery codes. Unknown names cost what known ones do: one query, and no
 * hash before the code was found.
 */
export async function recoverByCode(
	given: Given & {
		readonly username: string;
		readonly code: string;
		/** What the browser kept of earlier sign-ins. */
		readonly kept: readonly string[];
	},
	services: Services,
): Promise<Recovered | Limited> {
	const { username, address, kept } = given;
	const { recovery } = portsOf(services);
	const knownAs = await knownBrowser(kept, username, services);
	const taken = await takeRecoveryTurns({ username, address, knownAs }, services);
	if (taken.kind === "limited") return taken;
	const hash = await hashRecoveryCode(given.code);
	const found = await recovery.byCode(username, hash);
	if (!found) return { kind: "wrong" };
	const { person, usedAt } = found;
	const use = (password: NewPassword, entries: readonly AuditEntry[]) =>
		recovery.useCode({ personId: person.id, hash, at: services.now() }, password, entries);
	const means: Means = { person, by: "code", isUsed: usedAt !== null, name: hash, use };
	const recovered = await setAnew(means, given, services);
	if (recovered.kind !== "wrong") await taken.giveBack();
	return recovered;
}

/** A new password for whoever has a link to it. Nobody is signed in by it: they do that with what they chose. */
export async function recoverByLink(sealed: string, given: Given, services: Services): Promise<Recovered> {
	const link = await findLink(sealed, services);
	if (!link) return { kind: "wrong" };
	const { id, person, kind } = link;
	const of = { id, password: await passwordDigest(person), at: services.now() };
	const use = (password: NewPassword, entries: readonly AuditEntry[]) =>
		portsOf(services).recovery.useLink(of, password, entries);
	return setAnew({ person, by: kind, isUsed: link.state === "used", name: id, use }, given, services);
}

/** What stands in the place of the old password. */
interface Means {
	readonly person: Person;
	readonly by: RecoveryKind | "code";
	readonly isUsed: boolean;
	/** Of this one code or link. */
	readonly name: string;
	readonly use: (password: NewPassword, entries: readonly AuditEntry[]) => Promise<Used>;
}

/**
 * Ends every sign-in and login session of theirs, all that any password opened; what they allowed others stays, as with a
 * password that is changed. Both before it is stored and after it (DESIGN §3.10), and the same request once more does what is
 * left.
 */
async function setAnew(
	{ person, by, isUsed, name, use }: Means,
	{ password, address }: Given,
	services: Services,
): Promise<Recovered> {
	const { id, username } = person;
	const endAll = async () => signInsEnded(id, await portsOf(services).ledgers.of(id).endEverything(null), services);
	if (isUsed) {
		const repeated = await verifyRepeated({ username, password, knownAs: `recovered ${name}` }, services);
		if (repeated.kind !== "right") return repeated;
		await endAll();
		return { kind: "recovered", username };
	}
	const chosen = await choosePassword(password, await namesOf(person, services), services);
	if (chosen.kind !== "hashed") return chosen;
	const act = { action: "password.recover", target: id, address, detail: { by } };
	const entries = await personalEntries(person, act, services);
	await endAll();
	const used = await use({ from: person.passwordHash, to: chosen.hash }, entries);
	if (used === "unchanged") return { kind: "wrong" };
	noticeRecovery("password_recovered", person, by, services);
	await endAll();
	services.later(mailPerson(person, "password_recovered", services));
	return { kind: "recovered", username };
}
