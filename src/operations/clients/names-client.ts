import type { Client } from "../../domain/client.ts";
import type { Services } from "../services.ts";

/**
 * Whether one of these resources is the id of a client: of whoever asks, which may not be in the register yet, or of any that
 * is. RFC 9068 §5: where a client's id is a URL, an access token for that URL could be taken for the client's id_token.
 */
export async function namesClient(
	resources: readonly string[],
	{ id }: Client,
	{ lookups }: Services,
): Promise<boolean> {
	if (resources.includes(id)) return true;
	const found = await Promise.all(resources.map((each) => lookups.isClientId(each)));
	return found.includes(true);
}
