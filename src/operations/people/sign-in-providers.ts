import { base64url } from "../../crypto/encoding.ts";
import { sealText, unsealText } from "../../crypto/sealing.ts";
import type { Sealed } from "../../domain/brands.ts";
import type { FieldProblem } from "../../domain/client-option-problems.ts";
import type { ApiWriter } from "../../domain/ports/apis.ts";
import {
	type ProviderDraft,
	providerProblems,
	type SignInProvider,
	tidyProvider,
} from "../../domain/sign-in-provider.ts";
import { changedMembers, type Stored } from "../../domain/stored.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { bytesFor } from "../form-nonce.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

/** Whoever manages providers: an administrator those of an account, or (null) an operator those of the deployment. */
export interface ProviderManager {
	readonly subject: SubjectId;
	readonly accountId: string | null;
	readonly address: string | null;
}

export type ProviderWritten =
	| { readonly kind: "written"; readonly provider: Stored<SignInProvider> }
	| { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] }
	| { readonly kind: "full" | "not_permitted" | "unknown" | "stale" | "overtaken" };

/** What of it can be changed. */
export type ProviderEdit = Omit<ProviderDraft, "kind" | "issuer" | "clientId">;

/** All of one owner's, by name. */
export function listProviders(
	{ accountId }: Pick<ProviderManager, "accountId">,
	services: Services,
): Promise<readonly Stored<SignInProvider>[]> {
	return portsOf(services).signInProviders.list(accountId);
}

export async function findProvider(
	id: string,
	{ accountId }: Pick<ProviderManager, "accountId">,
	services: Services,
): Promise<Stored<SignInProvider> | null> {
	const found = await portsOf(services).signInProviders.provider(id);
	return found?.accountId === accountId ? found : null;
}

/** What it is registered with at the provider. */
export function callbackOf({ id }: Pick<SignInProvider, "id">, { config }: Pick<Services, "config">): string {
	return `${config.issuer}/sign-in/with/${id}/callback`;
}

/** The same nonce again finds the same one. */
export async function addProvider(
	given: ProviderDraft,
	nonce: string,
	manager: ProviderManager,
	services: Services,
): Promise<ProviderWritten> {
	const { accountId, subject } = manager;
	const { clientSecret, ...draft } = tidyProvider(given, accountId);
	const problems = [
		...providerProblems({ ...draft, clientSecret }, services.config),
		...(clientSecret === null
			? [{ field: "client_secret", detail: "Give the secret that the provider gave you." }]
			: []),
	];
	if (problems.length > 0) return { kind: "invalid", problems };
	const bytes = await bytesFor(`sign-in provider ${accountId ?? ""} ${subject}`, nonce, services.serverKeys);
	const id = base64url(bytes.subarray(0, 16));
	const sealedSecret = await sealed(clientSecret ?? "", { id, accountId }, services);
	const provider: SignInProvider = { ...draft, id, accountId, sealedSecret };
	const detail = { name: provider.name, issuer: provider.issuer };
	const entry = entryOf(manager, { action: "sign_in_provider.create", target: id, detail }, services);
	const added = await portsOf(services).signInProviders.add(provider, writerFor(manager), entry);
	if (added !== "added" && added !== "same") return { kind: added };
	services.lookups.signInProviders.clear();
	const there = added === "same" ? await findProvider(id, manager, services) : null;
	return { kind: "written", provider: there ?? { ...provider, rev: 0 } };
}

/** What is not named stays as it is then, whoever changes it at the same time. */
export function editProvider(
	id: string,
	edit: Edit<Stored<SignInProvider>, ProviderEdit>,
	manager: ProviderManager,
	services: Services,
): Promise<ProviderWritten> {
	return untilWritten<ProviderWritten>(async () => {
		const provider = await findProvider(id, manager, services);
		if (!provider) return { kind: "unknown" };
		const edits = await edit(provider);
		if (edits === "stale") return { kind: "stale" };
		const { kind, issuer, clientId, accountId, rev } = provider;
		const { clientSecret, ...draft } = tidyProvider({ ...edits, kind, issuer, clientId }, accountId);
		const problems = providerProblems({ ...draft, clientSecret }, services.config);
		if (problems.length > 0) return { kind: "invalid", problems };
		const sealedSecret =
			clientSecret === null ? provider.sealedSecret : await sealed(clientSecret, { id, accountId }, services);
		const edited: Stored<SignInProvider> = { ...draft, id, accountId, sealedSecret, rev };
		const changed = changedMembers(provider, edited);
		if (changed.length === 0) return { kind: "written", provider };
		// As whoever changed it calls it.
		const said = changed.map((each) => (each === "sealed_secret" ? "client_secret" : each)).join(" ");
		const detail = { name: edited.name, issuer, changed: said };
		const entry = entryOf(manager, { action: "sign_in_provider.edit", target: id, detail }, services);
		const written = await portsOf(services).signInProviders.edit(edited, writerFor(manager), entry);
		if (written === "overtaken") return written;
		services.lookups.signInProviders.clear();
		return written === "written" ? { kind: written, provider: { ...edited, rev: rev + 1 } } : { kind: written };
	});
}

/**
 * Whoever removes one wants that whatever others change meanwhile, unless they say what they saw (`rev`). Nobody comes in through it
 * from then on, and whom it let in is out (see sign-in.ts).
 */
export function removeProvider(
	id: string,
	edit: Edit<Stored<SignInProvider>, { readonly rev: number | null }>,
	manager: ProviderManager,
	services: Services,
): Promise<{ readonly kind: "deleted" | "unknown" | "stale" | "not_permitted" | "overtaken" }> {
	type Deleted = { readonly kind: "deleted" | "unknown" | "stale" | "not_permitted" };
	return untilWritten<Deleted>(async () => {
		const provider = await findProvider(id, manager, services);
		if (!provider) return { kind: "unknown" };
		const said = await edit(provider);
		if (said === "stale") return { kind: "stale" };
		const detail = { name: provider.name, issuer: provider.issuer };
		const entry = entryOf(manager, { action: "sign_in_provider.delete", target: id, detail }, services);
		const row = { id, accountId: provider.accountId, ...said };
		const deleted = await portsOf(services).signInProviders.delete(row, writerFor(manager), entry);
		if (deleted === "overtaken") return deleted;
		services.lookups.signInProviders.clear();
		return { kind: deleted === "written" ? "deleted" : deleted };
	});
}

/** What we show at its token endpoint; null where the key that it was sealed by is no more. */
export function providerSecret(
	{ id, accountId, sealedSecret }: SignInProvider,
	{ serverKeys }: Pick<Services, "serverKeys">,
): Promise<string | null> {
	return unsealText(serverKeys, secretPurpose, contextOf({ id, accountId }), sealedSecret);
}

const secretPurpose = "sign-in provider";

function sealed(
	secret: string,
	of: Pick<SignInProvider, "id" | "accountId">,
	{ serverKeys }: Pick<Services, "serverKeys">,
): Promise<Sealed> {
	return sealText(serverKeys, secretPurpose, contextOf(of), secret);
}

/** So that no secret opens under another provider's row. */
function contextOf({ id, accountId }: Pick<SignInProvider, "id" | "accountId">): string {
	return `${accountId ?? ""} ${id}`;
}

/** Looked at once more in the statement that writes. */
export function writerFor({ subject, accountId }: ProviderManager): ApiWriter {
	if (accountId === null) return { kind: "operator", id: subject };
	return { kind: "role", role: { personId: subject, accountId, roles: ["admin"] } };
}
