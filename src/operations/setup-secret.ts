import { sha256 } from "../crypto/digest.ts";
import { isSameHash } from "../domain/brands.ts";
import type { Services } from "./services.ts";

/** It has 32 characters or more: no limit stands before it that strangers could use up. */
export async function isSetupSecret(given: string, { config }: Pick<Services, "config">): Promise<boolean> {
	const [theirs, wanted] = await Promise.all([sha256(given), sha256(config.setupSecret ?? "")]);
	return config.setupSecret !== null && isSameHash(theirs, wanted);
}
