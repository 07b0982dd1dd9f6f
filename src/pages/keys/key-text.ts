import { atMost, bounds } from "../../domain/bounds.ts";
import { mostPolicies, readTags } from "../../domain/api-key-text.ts";
import { nameRule, readName } from "../../domain/display-name.ts";
import type { PolicyRefusal } from "../../operations/keys/check-policies.ts";

/** A key's name and tags as they were typed: what is wrong with them, or what they say. */
export function readKeyText(
	name: string,
	tags: string,
): {
	errors: { name?: string; tags?: string };
	text: { name: string; tags: readonly string[] } | null;
} {
	const goodName = readName(name);
	const goodTags = readTags(tags.split(",").filter((tag) => tag.trim() !== ""));
	const errors = {
		...(goodName === null && { name: nameRule }),
		...(goodTags === null && { tags: `Use ${atMost(bounds.tags)} of at most 50 characters each.` }),
	};
	return { errors, text: goodName !== null && goodTags !== null ? { name: goodName, tags: goodTags } : null };
}

export const keyNameTaken = "There is an API key of this name already.";
export const descriptionRule = "Describe it in 1 to 200 printable characters.";
export const tooManyPolicies = `Choose at most ${mostPolicies}.`;

/** Why policies cannot be given, with the status of the page that says so. */
export function whyNotGiven(refusal: PolicyRefusal): [status: number, why: string] {
	return refusal.kind === "beyond"
		? [403, `You cannot give what you may not do yourself: ${refusal.permission}.`]
		: [400, "A policy that you chose is gone. Choose again."];
}
