import type { Call } from "./call.ts";
import type { Shell } from "../words/shell.ts";

/** What stands around a page that answers this request. */
export async function shellOf({ services }: Pick<Call, "services">): Promise<Shell> {
	return { brand: services.config.brand };
}
