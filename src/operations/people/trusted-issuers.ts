import { base64url } from "../../crypto/encoding.ts";
import type { FieldProblem } from "../../domain/client-option-problems.ts";
import { type Client, isPublic } from "../../domain/client.ts";
import { actsAlone } from "../../domain/client-grant-types.ts";
import { documentIdProblem, isUrlId } from "../../domain/client-document.ts";
import { changedMembers, type Stored } from "../../domain/stored.ts";
import { type IssuerDraft, issuerProblems, tidyIssuer, type TrustedIssuer } from "../../domain/trusted-issuer.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { bytesFor } from "../form-nonce.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { adminOf } from "./invitations.ts";

export type IssuerWritten =
	| { readonly kind: "written"; readonly issuer: Stored<TrustedIssuer> }
	| { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] }
	| { readonly kind: "taken" | "full" | "not_permitted" | "unknown" | "stale" | "overtaken" };

/** What of it can be changed: what it vouches for stays. */
export type IssuerEdit = Omit<IssuerDraft, "kind">;

/** All of the account's, by name. */
export function listIssuers({ accountId }: Actor, services: Services): Promise<readonly Stored<TrustedIssuer>[]> {
	return portsOf(services).trustedIssuers.list(accountId);
}

export async function findIssuer(id: string, actor: Actor, services: Services): Promise<Stored<TrustedIssuer> | null> {
	return (await listIssuers(actor, services)).find((each) => each.id === id) ?? null;
}

/** The same nonce again finds the same one. */
export async function trustIssuer(
	given: IssuerDraft,
	nonce: string,
	actor: Actor,
	services: Services,
): Promise<IssuerWritten> {
	const { accountId, subject } = actor;
	const draft = tidyIssuer(given);
	const problems = await problemsOf(draft, accountId, services);
	if (problems.length > 0) return { kind: "invalid", problems };
	const bytes = await bytesFor(`trusted issuer ${accountId} ${subject}`, nonce, services.serverKeys);
	const issuer: TrustedIssuer = { ...draft, id: base64url(bytes.subarray(0, 16)), accountId };
	const detail = { name: issuer.name, issuer: issuer.issuer, kind: issuer.kind };
	const entry = entryOf(actor, { action: "trusted_issuer.create", target: issuer.id, detail }, services);
	const added = await portsOf(services).trustedIssuers.add(issuer, adminOf(actor), entry);
	if (added !== "added" && added !== "same") return { kind: added };
	services.lookups.trustedIssuers.clear();
	const there = added === "same" ? await findIssuer(issuer.id, actor, services) : null;
	return { kind: "written", issuer: there ?? { ...issuer, rev: 0 } };
}

/** What is not named stays as it is then, whoever changes it at the same time. */
export function editIssuer(
	id: string,
	edit: Edit<Stored<TrustedIssuer>, IssuerEdit>,
	actor: Actor,
	services: Services,
): Promise<IssuerWritten> {
	const { accountId } = actor;
	return untilWritten<IssuerWritten>(async () => {
		const issuer = await findIssuer(id, actor, services);
		if (!issuer) return { kind: "unknown" };
		const said = await edit(issuer);
		if (said === "stale") return { kind: "stale" };
		const draft = tidyIssuer({ ...said, kind: issuer.kind });
		const { rev } = issuer;
		const edited: Stored<TrustedIssuer> = { ...draft, id, accountId, rev };
		const changed = changedMembers(issuer, edited);
		if (changed.length === 0) return { kind: "written", issuer };
		const problems = await problemsOf(draft, accountId, services);
		if (problems.length > 0) return { kind: "invalid", problems };
		const detail = { name: edited.name, issuer: edited.issuer, changed: changed.join(" ") };
		const entry = entryOf(actor, { action: "trusted_issuer.edit", target: id, detail }, services);
		const written = await portsOf(services).trustedIssuers.edit(edited, adminOf(actor), entry);
		if (written === "overtaken") return written;
		services.lookups.trustedIssuers.clear();
		return written === "written" ? { kind: written, issuer: { ...edited, rev: rev + 1 } } : { kind: written };
	});
}

/**
 * Whoever trusts it no more wants that whatever others change meanwhile, unless they say what they saw (`rev`). From then on its
 * assertions are worth nothing here; what was got for them goes on to its own end, unless that is ended as well.
 */
export function distrustIssuer(
	id: string,
	edit: Edit<Stored<TrustedIssuer>, { readonly rev: number | null }>,
	actor: Actor,
	services: Services,
): Promise<{ readonly kind: "deleted" | "unknown" | "stale" | "not_permitted" | "overtaken" }> {
	type Deleted = { readonly kind: "deleted" | "unknown" | "stale" | "not_permitted" };
	return untilWritten<Deleted>(async () => {
		const issuer = await findIssuer(id, actor, services);
		if (!issuer) return { kind: "unknown" };
		const said = await edit(issuer);
		if (said === "stale") return { kind: "stale" };
		const detail = { name: issuer.name, issuer: issuer.issuer };
		const entry = entryOf(actor, { action: "trusted_issuer.delete", target: id, detail }, services);
		const deleted = await portsOf(services).trustedIssuers.delete({ ...issuer, ...said }, adminOf(actor), entry);
		if (deleted === "overtaken") return deleted;
		services.lookups.trustedIssuers.clear();
		return { kind: deleted === "written" ? "deleted" : deleted };
	});
}

async function problemsOf(draft: IssuerDraft, accountId: string, services: Services): Promise<readonly FieldProblem[]> {
	const { config } = services;
	const problems = issuerProblems(draft, config);
	if (problems.length > 0) return problems;
	const clients = await Promise.all(draft.clients.map((id) => isPresenter(id, accountId, services)));
	const rules = await Promise.all(draft.rules.map(({ client }) => isMachine(client, accountId, services)));
	return [
		...(clients.every(Boolean)
			? []
			: [
					{
						field: "clients",
						detail: "Name confidential clients of this account, or some that registered themselves.",
					},
				]),
		...rules.flatMap((isOne, index) =>
			isOne ? [] : [{ field: `rules.${index}`, detail: "Name an application of this account that acts for itself." }],
		),
	];
}

async function isPresenter(id: string, accountId: string, services: Services): Promise<boolean> {
	if (isUrlId(id)) return documentIdProblem(id, services.config) === null;
	const client = await activeClient(id, services);
	return client !== null && !isPublic(client) && (client.accountId === null || client.accountId === accountId);
}

async function isMachine(id: string, accountId: string, services: Services): Promise<boolean> {
	const client = await activeClient(id, services);
	return client !== null && client.accountId === accountId && actsAlone(client);
}

async function activeClient(id: string, services: Services): Promise<Client | null> {
	const client = await portsOf(services).register.client(id);
	return client?.state === "active" ? client : null;
}
