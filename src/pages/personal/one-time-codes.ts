import { randomId } from "../../crypto/random.ts";
import { browserName } from "../../http/browser-name.ts";
import { readSessionCookie } from "../../http/cookies.ts";
import { type Headers, page } from "../../http/reply.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import type { Proof } from "../../operations/checks/prove-person.ts";
import {
	changeOneTimeCodes,
	isSecretInUse,
	type NotTurned,
	offerOneTimeCodes,
	turnOffOneTimeCodes,
	turnOnOneTimeCodes,
} from "../../operations/people/one-time-codes.ts";
import { recoveryCodesOf } from "../../operations/people/recovery-codes.ts";
import { countAsTwoFactors } from "../../operations/people/second-factor.ts";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { doneAt } from "../frame/address.ts";
import { noProof, proofIn, unproved, waysToProve } from "../frame/proof.ts";
import { notThere, sentAlready } from "../frame/refusal.ts";
import { forWaysIn, type OwnVisit } from "../frame/visit.ts";
import { newCodesView } from "./recovery-codes.tsx";
import {
	type CodeField,
	OneTimeCodesSection,
	saidOfCodes,
	changeCodesView,
	turnOffCodesView,
	turnOnCodesView,
} from "./one-time-codes.tsx";

const section = "security";

export async function oneTimeCodesSection({ frame, signedIn }: OwnVisit) {
	const { passwordHash, oneTimeCodes } = signedIn.person;
	return OneTimeCodesSection({ frame, since: oneTimeCodes?.since ?? null, hasPassword: passwordHash !== null });
}

/** `GET …/security/one-time-codes`; `POST` with `change`, which is `on` or `off`. */
export const oneTimeCodesPage = forWaysIn(section, async (visit) => {
	const { services, signedIn, form } = visit;
	const { person } = signedIn;
	if (visit.isPost) return form.get("change") === "off" ? takeOff(visit) : takeOn(visit);
	if (person.oneTimeCodes) return askOff(visit, 200, {});
	if (person.passwordHash === null) return notThere(visit);
	const { left } = await recoveryCodesOf(person, services);
	return offer(visit, 200, { nonce: randomId(services.random), makeCodes: left === 0 }, {});
});

/** With `nonce`, `code` and `password`. */
async function takeOn(visit: OwnVisit): Promise<Response> {
	const { request, services, signedIn, actor, form, frame } = visit;
	const { person, id: knownAs } = signedIn;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const drawn = { nonce, makeCodes: form.get("recovery") === "make" };
	const code = form.get("code") ?? "";
	const proof = proofIn(visit);
	// Once they are on, what they are made of is shown to nobody, whichever form is sent again.
	const again: Again = async (status, errors, headers) =>
		person.oneTimeCodes ? sentAlready(visit) : offer(visit, status, drawn, errors, headers);
	if (code === "" || !proof) return again(400, missing(code, proof !== null));
	const given = { ...drawn, code, proof, address: actor.address };
	const outcome = await turnOnOneTimeCodes({ person, knownAs }, given, services);
	switch (outcome.kind) {
		case "on": {
			// A passkey has shown more than both, whenever it did.
			const { codes, person: proven } = outcome;
			if (proof.kind === "password" && asksCode(visit)) {
				const from = { ...actor, browser: browserName(request) };
				await countAsTwoFactors(readSessionCookie(request), proven, from, services);
			}
			if (codes === null) return doneAt(baseOf(visit), "codes_on");
			const { issuer } = services.config;
			return page(
				200,
				newCodesView({
					frame,
					issuer,
					codes,
					lead: `${saidOfCodes.codes_on} These recovery codes are the way in without your app.`,
				}),
			);
		}
		case "overtaken":
			return sentAlready(visit);
		default:
			return again(...refused(outcome, proof));
	}
}

async function offer(
	visit: OwnVisit,
	status: number,
	drawn: { readonly nonce: string; readonly makeCodes: boolean },
	errors: FieldErrors<CodeField>,
	headers?: Headers,
): Promise<Response> {
	const { frame, signedIn, services } = visit;
	const [offered, ways] = await Promise.all([
		offerOneTimeCodes(signedIn.person, drawn.nonce, services),
		waysToProve(visit),
	]);
	return page(status, turnOnCodesView({ frame, ...drawn, ...offered, ways, errors }), headers);
}

/** `GET`, `POST …/security/one-time-codes/change`: another app, with `nonce`, `code` and a proof. */
export const changeCodesPage = forWaysIn(section, async (visit) => {
	const { services, signedIn, actor, form } = visit;
	const { person, id: knownAs } = signedIn;
	if (!person.oneTimeCodes) return notThere(visit);
	if (!visit.isPost) return offerAnother(visit, randomId(services.random), 200, {});
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce) || (await isSecretInUse(person, nonce, services))) return sentAlready(visit);
	const code = form.get("code") ?? "";
	const proof = proofIn(visit);
	if (code === "" || !proof) return offerAnother(visit, nonce, 400, missing(code, proof !== null));
	const given = { nonce, code, proof, address: actor.address };
	const outcome = await changeOneTimeCodes({ person, knownAs }, given, services);
	switch (outcome.kind) {
		case "changed":
			return doneAt(baseOf(visit), "codes_changed");
		case "overtaken":
			return sentAlready(visit);
		default:
			return offerAnother(visit, nonce, ...refused(outcome, proof));
	}
});

async function offerAnother(
	visit: OwnVisit,
	nonce: string,
	status: number,
	errors: FieldErrors<CodeField>,
	headers?: Headers,
): Promise<Response> {
	const { frame, signedIn, services } = visit;
	const [offered, ways] = await Promise.all([offerOneTimeCodes(signedIn.person, nonce, services), waysToProve(visit)]);
	return page(status, changeCodesView({ frame, nonce, ...offered, ways, errors }), headers);
}

/** With `password`, and `code` where they signed in without one. */
async function takeOff(visit: OwnVisit): Promise<Response> {
	const { services, signedIn, actor, form } = visit;
	const { person, id: knownAs } = signedIn;
	// The same form once more.
	if (!person.oneTimeCodes) return doneAt(baseOf(visit), "codes_off");
	const code = asksCode(visit) ? (form.get("code") ?? "") : null;
	const proof = proofIn(visit);
	if (code === "" || !proof) return askOff(visit, 400, missing(code, proof !== null));
	const outcome = await turnOffOneTimeCodes({ person, knownAs }, { proof, code, address: actor.address }, services);
	return outcome.kind === "off" ? doneAt(baseOf(visit), "codes_off") : askOff(visit, ...refused(outcome, proof));
}

async function askOff(
	visit: OwnVisit,
	status: number,
	errors: FieldErrors<CodeField>,
	headers?: Headers,
): Promise<Response> {
	const shown = { frame: visit.frame, asksCode: asksCode(visit), ways: await waysToProve(visit) };
	return page(status, turnOffCodesView({ ...shown, errors }), headers);
}

function asksCode({ signedIn }: OwnVisit): boolean {
	return !signedIn.amr.includes("mfa");
}

type Again = (status: number, errors: FieldErrors<CodeField>, headers?: Headers) => Promise<Response>;

function missing(code: string | null, isProved: boolean): FieldErrors<CodeField> {
	return {
		...(code === "" && { code: "Enter the code that your app shows." }),
		...(!isProved && { password: noProof }),
	};
}

function refused(outcome: NotTurned, proof: Proof): [number, FieldErrors<CodeField>, Headers?] {
	if (outcome.kind === "wrong_code") {
		return [403, { code: "This is not the code that your app should show now. Is the clock of its device right?" }];
	}
	const [status, password, headers = {}] = unproved(outcome, proof);
	return [status, { password }, headers];
}

function baseOf({ frame }: OwnVisit): string {
	return `${frame.base}/security`;
}
