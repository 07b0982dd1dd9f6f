import { bounds, isFull } from "../../domain/bounds.ts";
import { nameRule } from "../../domain/display-name.ts";
import type { Passkey } from "../../domain/passkey.ts";
import { browserName } from "../../http/browser-name.ts";
import { type Headers, page } from "../../http/reply.ts";
import { provePerson } from "../../operations/checks/prove-person.ts";
import * as operations from "../../operations/people/passkeys.ts";
import { doneAt } from "../frame/address.ts";
import { noProof, proofIn, unproved, waysToProve } from "../frame/proof.ts";
import { notThere, refuseVisit } from "../frame/refusal.ts";
import { forOneself, forWaysIn, type OwnVisit } from "../frame/visit.ts";
import {
	createPasskeyView,
	newPasskeyView,
	PasskeysSection,
	removePasskeyView,
	renamePasskeyView,
} from "./passkeys.tsx";

/** The part of the security page. */
export async function passkeysSection({ services, signedIn, frame }: OwnVisit) {
	const passkeys = await operations.listPasskeys(signedIn.person, services);
	return PasskeysSection({ frame, passkeys, isFull: passkeys.length >= bounds.passkeys.most });
}

/**
 * `GET`, `POST …/security/passkeys/new` with a proof and `name`: the page whose button makes one. Then with `name` and `new_passkey`, what
 * the browser made of that page's options, which were given for the proof.
 */
export const newPasskeyPage = forWaysIn("security", async (visit) => {
	const { request, services, signedIn, actor, form, frame } = visit;
	const name = form.get("name") ?? browserName(request);
	const ask = async (status: number, errors: { name?: string; password?: string }, headers?: Headers) =>
		page(status, newPasskeyView({ frame, name, ways: await waysToProve(visit), errors }), headers);
	if (!visit.isPost) return ask(200, {});
	if (form.get("new_passkey")) return addPasskey(visit, name);
	if (!operations.isPasskeyName(name)) return ask(400, { name: nameRule });
	const proof = proofIn(visit);
	if (!proof) return ask(400, { password: noProof });
	// Another way in is what nobody who only sits at their browser is to give themselves.
	const { person, id } = signedIn;
	const proved = await provePerson(person, { proof, address: actor.address, knownAs: id }, services);
	if (proved.kind !== "proved") {
		const [status, password, headers] = unproved(proved, proof);
		return ask(status, { password }, headers);
	}
	const options = JSON.stringify(await operations.creationOptions(person, id, services));
	return page(200, createPasskeyView({ frame, name, options }));
});

async function addPasskey(visit: OwnVisit, name: string): Promise<Response> {
	const { services, signedIn, actor, form, frame } = visit;
	const given = { response: form.get("new_passkey") ?? "", name, browser: signedIn.id, address: actor.address };
	const added = await operations.addPasskey(signedIn.person, given, services);
	switch (added.kind) {
		case "added":
			return doneAt(securityOf(visit), "passkey_added");
		case "taken":
			return refuseVisit(visit, 409, "Registered already", "This passkey is registered here already.");
		case "full":
			return refuseVisit(visit, 409, "As many as there may be", isFull(bounds.passkeys));
		case "late":
			return refuseVisit(visit, 403, "Too late", "That took more than five minutes. Please begin again.");
		case "name":
		case "wrong": {
			const errors = { password: "The passkey was not created as it should be. Please begin again." };
			return page(403, newPasskeyView({ frame, name, ways: await waysToProve(visit), errors }));
		}
	}
}

/** `GET`, `POST …/security/passkeys/:id` with `name` */
export const renamePasskeyPage = forPasskey(forOneself, async (visit, passkey) => {
	const { services, signedIn, actor, form, frame } = visit;
	const { id } = passkey;
	const name = form.get("name") ?? passkey.name;
	const ask = (status: number, error: string | null) => page(status, renamePasskeyView({ frame, id, name, error }));
	if (!visit.isPost) return ask(200, null);
	const given = { id, name, address: actor.address };
	const renamed = await operations.renamePasskey(signedIn.person, given, services);
	switch (renamed.kind) {
		case "renamed":
			return doneAt(securityOf(visit), "passkey_renamed");
		case "name":
			return ask(400, nameRule);
		case "unknown":
			return notThere(visit, "passkey");
	}
});

/** `GET`, `POST …/security/passkeys/:id/remove` with a proof */
export const removePasskeyPage = forPasskey(forWaysIn, async (visit, passkey) => {
	const { services, signedIn, actor, frame } = visit;
	const { person, id: signIn } = signedIn;
	const { address } = actor;
	const ask = async (status: number, error: string | null, headers?: Headers) =>
		page(status, removePasskeyView({ frame, passkey, ways: await waysToProve(visit), error }), headers);
	if (!visit.isPost) return ask(200, null);
	const proof = proofIn(visit);
	if (!proof) return ask(400, noProof);
	const proved = await provePerson(person, { proof, address, knownAs: signIn }, services);
	if (proved.kind !== "proved") return ask(...unproved(proved, proof));
	switch (await operations.removePasskey(person, { id: passkey.id, signIn, address }, services)) {
		case "removed":
			return doneAt(securityOf(visit), "passkey_removed");
		case "last":
			return refuseVisit(visit, 409, "Your last way in", lastWayIn);
		case "unknown":
			return notThere(visit, "passkey");
	}
});

const lastWayIn = "Without this passkey you could not sign in any more. Add another one first, and then remove it.";

function forPasskey(route: typeof forWaysIn, handle: (visit: OwnVisit, passkey: Passkey) => Promise<Response>) {
	return route("security", async (visit) => {
		const passkey = await operations.findPasskey(visit.params.id ?? "", visit.signedIn.person, visit.services);
		return passkey ? handle(visit, passkey) : notThere(visit, "passkey");
	});
}

function securityOf({ frame }: OwnVisit): string {
	return `${frame.base}/security`;
}
