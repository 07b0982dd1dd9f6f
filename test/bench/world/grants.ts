import type { SubjectId } from "../../../src/domain/subject.ts";
import type { DemoData } from "../../../src/operations/upkeep/demo-data.ts";
import type { Request, Send } from "../load.ts";
import { basic, signIn } from "../people.ts";
import { form } from "../requests.ts";
import type { Asked } from "./holders.ts";

/** A grant that somebody just gave. */
export interface Grant {
	/** Whether it counts, as a ledger or a replica is asked. */
	readonly check: Omit<Asked, "replicas">;
	readonly revocation: Request;
}

/** Makes grants of one person to one integration. */
export async function makeGrants(send: Send, { people, integration }: DemoData): Promise<() => Promise<Grant>> {
	const [ada] = people;
	if (!ada) throw new Error("The demonstration data has no people");
	const browser = await signIn(send, ada);
	const client = basic(integration);
	return async () => {
		const [code = ""] = await browser.consent(`/integrations/${integration.client.id}`, 1);
		const redirectUri = integration.client.redirectUris[0] ?? "";
		const fields = { grant_type: "authorization_code", redirect_uri: redirectUri, code };
		const { body } = await send(form("/oauth/token", fields, client));
		const tokens: { access_token: string; refresh_token: string } = JSON.parse(body);
		const { sub, grant_id: grantId, jti } = claimsOf(tokens.access_token);
		return {
			check: { subject: sub as SubjectId, verb: "inspectGrant", args: [grantId, { jti, notBefore: 0 }] },
			revocation: form("/oauth/revoke", { token: tokens.refresh_token }, client),
		};
	};
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
	const [, payload = ""] = token.split(".");
	return JSON.parse(Buffer.from(payload, "base64url").toString());
}
