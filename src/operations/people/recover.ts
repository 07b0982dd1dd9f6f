import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Hash } from "../../domain/brands.ts";
import type { Limited } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import type { NewWayIn, Used } from "../../domain/ports/recovery.ts";
import type { RecoveryKind } from "../../domain/recovery.ts";
import { personalEntries } from "../audit-person.ts";
import { takeRecoveryTurns, verifyRepeated } from "../checks/verify-password.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { namesOf } from "./choose-password.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import { makeWayIn, type WayIn, type WayInMade } from "./first-way-in.ts";
import { knownBrowser } from "./known-browser.ts";
import { noticeRecovery } from "./notice-recovery.ts";
import { hashRecoveryCode } from "./recovery-codes.ts";
import { isHeld } from "./recover-by-passkey.ts";
import { findLink, passwordDigest } from "./recovery-links.ts";

export type Recovered =
	| { readonly kind: "recovered"; readonly username: string }
	/** A name and a code that do not belong together, whoever of them there is; a link that is not good. */
	| { readonly kind: "wrong" }
	| Exclude<WayInMade, { kind: "made" }>;

interface Given {
	readonly wayIn: WayIn;
	/** Of who makes a passkey: that the code or the link was good, and whatever else is asked for (recover-by-passkey.ts). */
	readonly held: string;
	readonly address: string | null;
}

/** A code as it was typed, or the hash of one that this browser has shown. */
type CodeShown = { readonly code: string } | { readonly hash: Hash };

/**
 * A new way in for whoever has one of the person's recovery codes. Unknown names cost what known ones do: one query, and no
 * hash before the code was found.
 */
export async function recoverByCode(
	given: Given & {
		readonly username: string;
		readonly shown: CodeShown;
		/** What the browser kept of earlier sign-ins. */
		readonly kept: readonly string[];
	},
	services: Services,
): Promise<Recovered | Limited> {
	const { username, shown, address, kept } = given;
	const { recovery } = portsOf(services);
	const knownAs = await knownBrowser(kept, username, services);
	const taken = await takeRecoveryTurns({ username, address, knownAs }, services);
	if (taken.kind === "limited") return taken;
	const hash = "code" in shown ? await hashRecoveryCode(shown.code) : shown.hash;
	const found = await recovery.byCode(username, hash);
	if (!found) return { kind: "wrong" };
	const { person, usedAt } = found;
	const use = (to: NewWayIn, entries: readonly AuditEntry[]) =>
		recovery.useCode({ personId: person.id, hash, at: services.now() }, to, entries);
	const means: Means = { person, by: "code", isUsed: usedAt !== null, name: hash, use };
	const recovered = await setAnew(means, given, services);
	if (recovered.kind !== "wrong") await taken.giveBack();
	return recovered;
}

/** A new way in for whoever has a link to it. Nobody is signed in by it: they do that with what they chose. */
export async function recoverByLink(sealed: string, given: Given, services: Services): Promise<Recovered> {
	const link = await findLink(sealed, services);
	if (!link) return { kind: "wrong" };
	const { id, person, kind } = link;
	const of = { id, password: await passwordDigest(person), at: services.now() };
	const use = (to: NewWayIn, entries: readonly AuditEntry[]) => portsOf(services).recovery.useLink(of, to, entries);
	return setAnew({ person, by: kind, isUsed: link.state === "used", name: id, use }, given, services);
}

/** What stands in the place of the old way in. */
interface Means {
	readonly person: Person;
	readonly by: RecoveryKind | "code";
	readonly isUsed: boolean;
	/** Of this one code or link. */
	readonly name: string;
	readonly use: (to: NewWayIn, entries: readonly AuditEntry[]) => Promise<Used>;
}

/**
 * Ends every sign-in and login session of theirs, all that any password opened; what they allowed others stays, as with a
 * password that is changed. Both before it is stored and after it (DESIGN §3.10), and the same request once more does what is
 * left. Who makes a passkey has no password from then on: the one of before is what they lost, or somebody else has.
 */
async function setAnew(
	{ person, by, isUsed, name, use }: Means,
	{ wayIn, held, address }: Given,
	services: Services,
): Promise<Recovered> {
	const { id, username } = person;
	const endAll = async () => signInsEnded(id, await portsOf(services).ledgers.of(id).endEverything(null), services);
	if (wayIn.kind === "passkey") {
		const isTheirs = wayIn.person === id && (await isHeld(held, { name, by, person }, wayIn.browser, services));
		if (isUsed || !isTheirs) return { kind: "wrong" };
	} else if (isUsed) {
		const { password } = wayIn;
		const repeated = await verifyRepeated({ username, password, knownAs: `recovered ${name}` }, services);
		if (repeated.kind !== "right") return repeated;
		await endAll();
		return { kind: "recovered", username };
	}
	const made = await makeWayIn(wayIn, await namesOf(person, services), services);
	if (made.kind !== "made") return made;
	const { passwordHash, passkey } = made;
	const action = passkey ? "passkey.recover" : "password.recover";
	const entries = await personalEntries(person, { action, target: id, address, detail: { by } }, services);
	await endAll();
	const used = await use({ from: person.passwordHash, to: passwordHash, ...(passkey && { passkey }) }, entries);
	if (used === "unchanged") return { kind: "wrong" };
	noticeRecovery(passkey ? "passkey_recovered" : "password_recovered", person, by, services);
	await endAll();
	services.later(mailPerson(person, passkey ? "passkey_recovered" : "password_recovered", services));
	return { kind: "recovered", username };
}
