import { visibleCode } from "../../crypto/access-code.ts";
import { parseSubject } from "../../domain/subject.ts";
import type { CodeState } from "../../domain/code-state.ts";
import type { Clear } from "../../domain/brands.ts";
import { type Actor, lackedPermission } from "../actor.ts";
import { audit, entryOf } from "../audit.ts";
import { ownPermissions, unsealSecret } from "./create-code.ts";
import { findOwnKey, type ManagedKey } from "./find-managed-key.ts";
import type { Services } from "../services.ts";
import { type Proof, provePerson, type Unproved } from "../checks/prove-person.ts";
import { portsOf } from "../ports-of.ts";

export type Revealed =
	| { kind: "revealed"; secret: Clear; key: ManagedKey; code: CodeState; description: string }
	/** A program proves no password: it keeps its secrets itself. */
	| { kind: "not_a_person" }
	| { kind: "unknown" }
	/** Only a key of type integration has a key file. */
	| { kind: "no_file" }
	/** The account forbids it, or did when the code was made. */
	| { kind: "not_kept" }
	| { kind: "beyond"; permission: string }
	| Unproved;

/** Shows an access code's secret again to a person who shows once more who they are (DESIGN §1). Always audited. */
export async function revealCode(
	{ keyId, codeId, proof, forFile = false }: { keyId: string; codeId: string; proof: Proof; forFile?: boolean },
	actor: Actor,
	services: Services,
): Promise<Revealed> {
	const { accountId, subject, address } = actor;
	if (parseSubject(subject)?.kind !== "person") return { kind: "not_a_person" };
	const key = await findOwnKey(keyId, accountId, services);
	const code = key?.verdict.codes.find((each) => each.id === codeId);
	if (key && forFile && key.row.type !== "integration") return { kind: "no_file" };
	if (!key || !code) return { kind: "unknown" };
	const permission = await lackedPermission(actor, await ownPermissions(key, services), services);
	if (permission) return { kind: "beyond", permission };
	const [rows, isAllowed] = await Promise.all([
		portsOf(services).keyRegister.codes(key.row.id),
		portsOf(services).keyRegister.revealAllowed(accountId),
	]);
	const row = rows.find((each) => each.id === codeId);
	const place = { accountId, keyId: key.row.id, codeId };
	const secret = isAllowed && row?.sealedSecret ? await unsealSecret(row.sealedSecret, place, services) : null;
	if (!row || secret === null) return { kind: "not_kept" };

	// Last of all, so that an attempt is only counted where it could have succeeded.
	const person = await portsOf(services).register.person(subject);
	if (!person) return { kind: "unknown" };
	const verdict = await provePerson(person, { proof, address, knownAs: subject }, services);
	const visible = visibleCode(secret);
	const noted = (action: string) =>
		entryOf(actor, { action, target: codeId, detail: { key: key.row.id, code: visible } }, services);
	if (verdict.kind !== "proved") {
		if (verdict.kind === "wrong") await audit(noted("access_code.reveal_refused"), services);
		return verdict;
	}
	// Before the secret is given out, and failing with it: no reveal goes unnoted.
	await portsOf(services).register.addAudit(noted("access_code.reveal"));
	if (row.visible === undefined)
		await portsOf(services).keyRegister.noteVisible({ id: codeId, keyId: key.row.id, visible });
	return { kind: "revealed", secret, key, code, description: row.description };
}
