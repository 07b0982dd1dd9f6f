import { isSameResource, normalResource } from "../../domain/audience.ts";
import type { Client } from "../../domain/client.ts";
import type { Services } from "../services.ts";
import { mayBeClient } from "./authenticate-client.ts";

/**
 * Whether one of these resources (absolute URIs) is the id of a client: of whoever asks, which may not be in the register yet,
 * or of any that is. RFC 9068 §5: where a client's id is a URL, an access token for that URL could be taken for the client's
 * id_token. Strangers name what they like, so that all of them are one look-up, and none where none can be a client's.
 */
export async function namesClient(resources: readonly string[], { id }: Client, services: Services): Promise<boolean> {
	if (resources.some((each) => isSameResource(each, id))) return true;
	// As it is spelled, and as most would spell it.
	const spellings = [...new Set(resources.flatMap((each) => [each, normalResource(each)]))];
	const mayBe = await Promise.all(spellings.map(async (each) => mayBeClient(each, services)));
	const ids = spellings.filter((_, index) => mayBe[index]);
	return ids.length > 0 && (await services.lookups.hasClient(ids.join(" "))) === true;
}
