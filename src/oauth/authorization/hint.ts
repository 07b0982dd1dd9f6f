import type { Client } from "../../domain/client.ts";
import type { Params } from "../../http/body.ts";
import { readIdTokenHint } from "../../operations/tokens/id-token-hint.ts";
import type { Services } from "../../operations/services.ts";
import { checked, type Checked, refused } from "./refusal.ts";

/** OIDC Core §3.1.2.1, `id_token_hint`: the subject of an id_token that this client was given; null where there is none. */
export async function readHint(params: Params, client: Client, services: Services): Promise<Checked<string | null>> {
	const token = params.get("id_token_hint");
	if (token === undefined) return checked(null);
	const hint = await readIdTokenHint(token, services);
	return hint?.clientId === client.id
		? checked(hint.subject)
		: refused("invalid_request", "id_token_hint is not an id_token that this client was given");
}
