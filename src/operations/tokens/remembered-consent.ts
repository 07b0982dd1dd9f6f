import { type Asked, covers, mayBeRemembered } from "../../domain/consent.ts";
import type { Client } from "../../domain/client.ts";
import type { Agreeable } from "../../domain/effective-scope.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Targets } from "../../domain/targets.ts";
import { agreedIn } from "./agreed-in.ts";
import { standingOf } from "../standing.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export type RememberedConsent =
	/** In the account that was chosen then; what of the scope the person's role there still permits. */
	| { readonly kind: "covered"; readonly accountId: string; readonly agreed: Agreeable }
	/** The account, or the person's place in it, has ended. */
	| { readonly kind: "account_ended" }
	| { readonly kind: "none" };

/** Whether a person agreed to this before, so that they need not be asked (OIDC Core §3.1.2.4). */
export async function rememberedConsent(
	asked: Asked & { readonly client: Client; readonly redirectUri: string; readonly targets: Targets },
	subject: SubjectId,
	services: Services,
): Promise<RememberedConsent> {
	const { client, redirectUri } = asked;
	if (!mayBeRemembered(client, redirectUri)) return { kind: "none" };
	const consent = await portsOf(services).ledgers.of(subject).consentTo(client.id);
	if (!consent) return { kind: "none" };
	const { accountId } = consent;
	const standing = await standingOf(subject, accountId, client, services);
	if (!standing) return { kind: "account_ended" };
	// Nobody can allow what their own role does not, so it is neither asked nor remembered; nor is what leaves nothing.
	const agreed = await agreedIn(standing, asked.scope, asked.targets, services);
	if (!agreed) return { kind: "none" };
	// What leads somewhere new was not agreed to, whoever added it: its owner, or the client itself (RFC 7592 §2.2).
	const since = Math.max(standing.notBefore, client.options.redirectsSince ?? 0);
	const isCovered = covers(consent, { ...asked, ...agreed }, since, services.now());
	return isCovered ? { kind: "covered", accountId, agreed } : { kind: "none" };
}

/**
 * Whether what somebody agrees to now may stand for the next time. One consent is remembered for a client: whoever came in by the
 * provider of one account does not put that account in the place of another, where the person would be led unasked from then on.
 */
export async function mayStand(
	client: Client,
	{ subject, within }: { readonly subject: SubjectId; readonly within: string | null },
	services: Services,
): Promise<boolean> {
	if (within === null) return true;
	const earlier = await portsOf(services).ledgers.of(subject).consentTo(client.id);
	if (!earlier || earlier.accountId === within) return true;
	return (await standingOf(subject, earlier.accountId, client, services)) === null;
}
