import { deedsOf } from "../../domain/permission-sentence.ts";
import type { Services } from "../services.ts";
import { ownPermissions } from "./create-code.ts";
import type { ManagedKey } from "./find-managed-key.ts";
import { choosableApis } from "./policies.ts";

/** What a key may do by the policies of the account that looks at it, in words that come after "may"; empty for nothing. */
export async function deedsOfKey(key: ManagedKey, services: Services): Promise<string> {
	const [permitted, apis] = await Promise.all([ownPermissions(key, services), choosableApis(key.accountId, services)]);
	return deedsOf(permitted, apis);
}
