import { writeInstant } from "../../domain/instant.ts";
import { makeAccessCode, visibleCode } from "../../crypto/access-code.ts";
import { base64url } from "../../crypto/encoding.ts";
import { sealText, unsealText } from "../../crypto/sealing.ts";
import type { AccessCode } from "../../domain/api-key.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { CodeState } from "../../domain/code-state.ts";
import type { Rotation } from "../../domain/code-rotation.ts";
import type { Clear, Sealed, Seconds } from "../../domain/brands.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import { type Actor, lackedPermission } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { changeKey } from "./change-key.ts";
import { permissionsOf } from "../checks/check-access-code.ts";
import { findOwnKey, type ManagedKey, policiesOf } from "./find-managed-key.ts";
import { bytesFor } from "../form-nonce.ts";
import { findApiKey, locatorOf } from "../checks/api-key-locator.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export type CodeCreated =
	| { kind: "created"; secret: Clear; code: CodeState; description: string; isKept: boolean; key: ManagedKey }
	/** Contract 003: at most two. These are they, the one to remove first. */
	| { kind: "full"; codes: readonly ListedCode[] }
	| { kind: "unknown_key" }
	/** The nonce made a code too long ago to show its secret again for the asking. */
	| { kind: "used" }
	| { kind: "beyond"; permission: string };

export type CodeRotated = CodeCreated | { kind: "unknown_code" };

/** An access code as people see it. */
export interface ListedCode {
	readonly code: CodeState;
	readonly description: string;
	/** What people tell it by; null of one that was made before that was kept. */
	readonly visible: string | null;
	/** Whether its secret can be shown again. */
	readonly isKept: boolean;
}

/** How long a form that is sent once more gets the same secret: a person's second click, or a broken connection. */
const resubmitTtl: Seconds = 600;

/** Contract 003, "Access Codes Tab". The ledger decides whether there is room; the register gets what people read. */
export async function createCode(
	{ keyId, description }: { keyId: string; description: string },
	nonce: string,
	actor: Actor,
	services: Services,
): Promise<CodeCreated> {
	const key = await findOwnKey(keyId, actor.accountId, services);
	if (!key) return { kind: "unknown_key" };
	const made = await addCode(key, { description, rotation: null }, nonce, actor, services);
	return made.kind === "unknown_code" ? { kind: "unknown_key" } : made;
}

/** What whoever rotates a code says of it; without a description the new one has that of the old. */
export type Rotate = Pick<Rotation, "of" | "keepFor" | "remove"> & {
	readonly keyId: string;
	readonly description?: string | undefined;
};

/** A new code in the place of an earlier one, which ends by itself: one change of the ledger (code-rotation.ts). */
export async function rotateCode(
	{ keyId, description, ...rotation }: Rotate,
	nonce: string,
	actor: Actor,
	services: Services,
): Promise<CodeRotated> {
	const key = await findOwnKey(keyId, actor.accountId, services);
	if (!key) return { kind: "unknown_key" };
	const codes = await listCodes(key, services);
	const old = codes.find(({ code }) => code.id === rotation.of);
	// Whoever may not delete codes does not have one go by the way. The same form again finds the one that went gone.
	const removed = codes.some(({ code }) => code.id === rotation.remove);
	if (removed && !actor.permissions.includes("keys:delete")) return { kind: "beyond", permission: "keys:delete" };
	const said = description ?? old?.description ?? "";
	return addCode(key, { description: said, rotation }, nonce, actor, services);
}

interface NewCode {
	readonly description: string;
	readonly rotation: Pick<Rotation, "of" | "keepFor" | "remove"> | null;
}

async function addCode(
	key: ManagedKey,
	{ description, rotation }: NewCode,
	nonce: string,
	actor: Actor,
	services: Services,
): Promise<CodeRotated> {
	const { accountId, subject } = actor;
	const { serverKeys } = services;
	// Whoever holds a secret of the key may do what the key may do.
	const permission = await lackedPermission(actor, await ownPermissions(key, services), services);
	if (permission) return { kind: "beyond", permission };

	const keyId = key.row.id;
	const maker = `${keyId} ${subject}`;
	const [idBytes, secretBytes] = await Promise.all([
		bytesFor(`access code id ${maker}`, nonce, serverKeys),
		bytesFor(`access code secret ${maker}`, nonce, serverKeys),
	]);
	const id = base64url(idBytes.subarray(0, 16));
	const secret = await makeAccessCode(locatorOf(keyId), serverKeys, (length) => secretBytes.slice(0, length));
	const found = await findApiKey(secret, serverKeys);
	if (!found) throw new Error("An access code does not read back");
	const { hash } = found;
	const change = rotation
		? ({ kind: "rotate_code", id, hash, ...rotation } as const)
		: ({ kind: "add_code", id, hash } as const);
	const noted = (action: string, target: string, detail: AuditEntry["detail"]) =>
		entryOf(actor, { action, target, detail: { key: keyId, ...detail } }, services);
	const changed = await changeKey(keyId, change, services, ({ codes }) => {
		const gone = [rotation?.of, rotation?.remove].filter((each) => !codes.some((code) => code.id === each));
		const old = codes.find((code) => code.replaced?.by === id);
		return [
			...key.verdict.codes
				.filter((code) => gone.includes(code.id))
				.map((code) => noted("access_code.delete", code.id, {})),
			...(old
				? [noted("access_code.rotate", old.id, { replaced_by: id, expires_at: writeInstant(old.expiresAt) })]
				: []),
		];
	});
	if (changed.kind === "refused") {
		if (changed.reason === "unknown_code") return { kind: changed.reason };
		if (changed.reason !== "too_many_codes") return { kind: "unknown_key" };
		return { kind: "full", codes: await listCodes((await findOwnKey(keyId, accountId, services)) ?? key, services) };
	}
	const { verdict } = changed;
	const code = verdict.codes.find((each) => each.id === id);
	if (!code || code.hash !== hash || services.now() - code.createdAt > resubmitTtl) return { kind: "used" };
	const sealedSecret = await sealSecret(secret, { accountId, keyId, codeId: id }, services);
	const { isKept } = await portsOf(services).keyRegister.addCode(
		{ id, keyId, description, sealedSecret, visible: visibleCode(secret) },
		noted("access_code.create", id, { description, code: visibleCode(secret) }),
	);
	return { kind: "created", secret, code, description, isKept, key: { ...key, verdict } };
}

/** The codes of a key as its ledger has them, first the one that may go first: disabled, then the earliest to expire. */
export async function listCodes(
	{ row, verdict }: Pick<ManagedKey, "row" | "verdict">,
	services: Services,
): Promise<readonly ListedCode[]> {
	const rows = await portsOf(services).keyRegister.codes(row.id);
	return verdict.codes
		.map((code) => toListed(code, rows))
		.toSorted((a, b) => Number(a.code.enabled) - Number(b.code.enabled) || a.code.expiresAt - b.code.expiresAt);
}

function toListed(code: CodeState, rows: readonly AccessCode[]): ListedCode {
	const row = rows.find((each) => each.id === code.id);
	const isKept = row ? row.sealedSecret !== null : false;
	return { code, description: row?.description ?? "", visible: row?.visible ?? null, isKept };
}

/** What a secret of the key may do in the account that looks at it. */
export function ownPermissions(key: ManagedKey, services: Services): Promise<readonly string[]> {
	return permissionsOf(key.accountId, policiesOf(key), services, true);
}

interface Place {
	readonly accountId: string;
	readonly keyId: SubjectId;
	readonly codeId: string;
}

const purpose = "access code";

/** DESIGN §1: sealed beside its hash, with account, key and code as additional data. */
export function sealSecret(secret: Clear, place: Place, services: Pick<Services, "serverKeys">): Promise<Sealed> {
	return sealText(services.serverKeys, purpose, contextOf(place), secret);
}

/** Null where the key that sealed it is gone, or it was sealed for another place. */
export async function unsealSecret(sealed: Sealed, place: Place, services: Services): Promise<Clear | null> {
	return (await unsealText(services.serverKeys, purpose, contextOf(place), sealed)) as Clear | null;
}

function contextOf({ accountId, keyId, codeId }: Place): string {
	return `${accountId} ${keyId} ${codeId}`;
}
