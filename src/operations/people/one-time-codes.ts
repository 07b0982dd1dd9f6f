import { enrolmentOf, oneTimeSecretBytes, stepOfCode } from "../../crypto/one-time-code.ts";
import type { Bytes } from "../../crypto/encoding.ts";
import { base64url, fromBase64url } from "../../crypto/encoding.ts";
import { isSameBytes } from "../../crypto/digest.ts";
import { sealBytes, unsealBytes } from "../../crypto/sealing.ts";
import type { Clear, Sealed } from "../../domain/brands.ts";
import type { Person } from "../../domain/person.ts";
import { personalEntries } from "../audit-person.ts";
import { oneTimeSeal, verifyOneTimeCode } from "../checks/verify-one-time-code.ts";
import { type Proof, provePerson, type Unproved } from "../checks/prove-person.ts";
import { bytesFor } from "../form-nonce.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import { noticeCodes } from "./notice-recovery.ts";
import { replaceRecoveryCodes } from "./recovery-codes.ts";

/** Whoever changes their own second factor, and what tells their attempts from a stranger's. */
interface Me {
	readonly person: Person;
	readonly knownAs: string;
}

/**
 * The secret that a form offers. It follows from the form's nonce, so that nothing is kept of those that nobody confirms, and that the
 * same form sent again has the same one.
 */
export async function offerOneTimeCodes(
	{ id, username }: Person,
	nonce: string,
	services: Services,
): Promise<{ readonly secret: string; readonly uri: string }> {
	// Neither part of a label may have a colon.
	const { hostname: issuer } = new URL(services.config.issuer);
	return enrolmentOf(await secretOf(id, nonce, services), { issuer, username });
}

/** A code that is not good is of the app, not of the proof. */
export type NotTurned = { readonly kind: "wrong_code" } | Unproved;

export type CodesTurnedOn =
	/** With ten recovery codes, this once, where they were asked for. */
	| { readonly kind: "on"; readonly person: Person; readonly codes: readonly Clear[] | null }
	/** They are on already, by another secret. */
	| { readonly kind: "overtaken" }
	| NotTurned;

/**
 * From now on a password alone does not sign them in, and what it opened before ends. A code shows first that their app has the secret:
 * whoever had none that works could not come in again.
 */
export async function turnOnOneTimeCodes(
	me: Me,
	given: {
		readonly nonce: string;
		readonly code: string;
		readonly proof: Proof;
		readonly makeCodes: boolean;
		readonly address: string | null;
	},
	services: Services,
): Promise<CodesTurnedOn> {
	const { nonce, code, proof, makeCodes, address } = given;
	const secret = await secretOf(me.person.id, nonce, services);
	const step = await stepOfCode(code.replaceAll(/\s/g, ""), secret, services.now());
	if (step === null) return { kind: "wrong_code" };
	const proved = await provePerson(me.person, { proof, address, knownAs: me.knownAs }, services);
	if (proved.kind !== "proved") return proved;
	const { person } = proved;
	const { id, passwordHash } = person;
	const { ledgers, oneTimeCodes } = portsOf(services);
	// RFC 6238 §5.1: what the codes are made of is kept sealed, and opened only to check one.
	const sealedSecret = base64url(await sealBytes(services.serverKeys, oneTimeSeal, id, secret)) as Sealed;
	const act = { action: "one_time_codes.on", target: id, address, detail: {} };
	const codes = { sealedSecret, lastStep: step, at: services.now(), password: passwordHash };
	const on = await oneTimeCodes.turnOn(id, codes, await personalEntries(person, act, services));
	if (on === "overtaken") return { kind: "overtaken" };
	// A sign-in under way looks at the register once more when it was opened (isPasswordOf).
	await signInsEnded(id, await ledgers.of(id).endEverything({ signIn: me.knownAs, sessionsOf: "password" }), services);
	// Sent twice: those who need to know know already.
	if (!person.oneTimeCodes) tell(person, "on", services);
	const made = makeCodes ? await replaceRecoveryCodes(person, { nonce, address }, services) : null;
	return { kind: "on", person, codes: made?.kind === "made" ? made.codes : null };
}

export type CodesChanged =
	/** `overtaken`: they are off, or the app was changed meanwhile. */
	{ readonly kind: "changed" | "overtaken" } | NotTurned;

/**
 * Another app in the place of the one that there is, which a code shows to have the new secret before the old one ends: nobody is
 * without a second factor meanwhile. Recovery codes stay. Whoever has the old app may have been signed in by it, and is out.
 */
export async function changeOneTimeCodes(
	me: Me,
	given: { readonly nonce: string; readonly code: string; readonly proof: Proof; readonly address: string | null },
	services: Services,
): Promise<CodesChanged> {
	const { nonce, code, proof, address } = given;
	const secret = await secretOf(me.person.id, nonce, services);
	const lastStep = await stepOfCode(code.replaceAll(/\s/g, ""), secret, services.now());
	if (lastStep === null) return { kind: "wrong_code" };
	const proved = await provePerson(me.person, { proof, address, knownAs: me.knownAs }, services);
	if (proved.kind !== "proved") return proved;
	const { person } = proved;
	const { id, oneTimeCodes: old } = person;
	if (!old) return { kind: "overtaken" };
	const { ledgers, oneTimeCodes } = portsOf(services);
	const sealedSecret = base64url(await sealBytes(services.serverKeys, oneTimeSeal, id, secret)) as Sealed;
	const act = { action: "one_time_codes.change", target: id, address, detail: {} };
	const entries = await personalEntries(person, act, services);
	const codes = { sealedSecret, lastStep, at: services.now() };
	if (!(await oneTimeCodes.change(id, old.sealedSecret, codes, entries))) return { kind: "overtaken" };
	// A sign-in under way by a code of the old one: its secret was there no more to be used up.
	await signInsEnded(id, await ledgers.of(id).endEverything({ signIn: me.knownAs, sessionsOf: "password" }), services);
	noticeCodes(person, "changed", services);
	services.later(mailPerson(person, "one_time_codes_changed", services));
	return { kind: "changed" };
}

/** Whether a form's secret is the one that is on: it is shown to nobody any more. */
export async function isSecretInUse({ id, oneTimeCodes }: Person, nonce: string, services: Services): Promise<boolean> {
	const box = oneTimeCodes && fromBase64url(oneTimeCodes.sealedSecret);
	const opened = box && (await unsealBytes(services.serverKeys, oneTimeSeal, id, box));
	return opened != null && isSameBytes(opened.plain, await secretOf(id, nonce, services));
}

export type CodesTurnedOff = { readonly kind: "off" } | NotTurned;

/** `code` is null where they signed in by a second factor: whoever did not, and has a password of theirs, is not to take it away. */
export async function turnOffOneTimeCodes(
	me: Me,
	given: { readonly proof: Proof; readonly code: string | null; readonly address: string | null },
	services: Services,
): Promise<CodesTurnedOff> {
	const { proof, code, address } = given;
	const { knownAs } = me;
	const proved = await provePerson(me.person, { proof, address, knownAs }, services);
	if (proved.kind !== "proved") return proved;
	const { person } = proved;
	const { id, oneTimeCodes } = person;
	if (!oneTimeCodes) return { kind: "off" };
	if (code !== null) {
		const shown = await verifyOneTimeCode({ ...person, oneTimeCodes }, { code, address, knownAs }, services);
		if (shown.kind === "limited") return shown;
		if (shown.kind === "wrong") return { kind: "wrong_code" };
	}
	const act = { action: "one_time_codes.off", target: id, address, detail: {} };
	const entries = await personalEntries(person, act, services);
	if (await portsOf(services).oneTimeCodes.turnOff(id, oneTimeCodes.sealedSecret, entries))
		tell(person, "off", services);
	return { kind: "off" };
}

function tell(person: Person, now: "on" | "off", services: Services): void {
	noticeCodes(person, now, services);
	services.later(mailPerson(person, `one_time_codes_${now}`, services));
}

async function secretOf(id: Person["id"], nonce: string, { serverKeys }: Services): Promise<Bytes> {
	const bytes = await bytesFor(`one-time code secret of ${id}`, nonce, serverKeys);
	return bytes.slice(0, oneTimeSecretBytes);
}
