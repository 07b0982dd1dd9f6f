import * as v from "valibot";
import { type RegistrableOption, registrableOptions } from "./client-option-values.ts";
import type { Own } from "./public-host.ts";
import { isDangerous } from "./redirect.ts";

type Metadata = Readonly<Record<string, unknown>>;

/**
 * What a client says of itself, as far as it is heeded (RFC 7591 §3.2.1: the answer shows it). Empty is left out, as null is (§2).
 * A choice that is not known here makes room for what holds where nothing is said; or for another that the client can do as
 * well, where it says so (OpenID Connect RP Metadata Choices 1.0 §2). What is still wrong after that is refused.
 */
export function heeded(sent: Metadata, own: Own): Metadata {
	const there = Object.entries(sent).flatMap(([name, value]) => (isEmpty(value) ? [] : [[name, withoutEmpty(value)]]));
	const stated: Metadata = Object.fromEntries(there);
	const chosen = registrableOptions.flatMap((option) => {
		const value = option.isInPart ? goodPart(option, stated[option.metadata], own) : choiceOf(option, stated);
		return value === stated[option.metadata] ? [] : [[option.metadata, value]];
	});
	// OIDC Core §8: everybody is the same subject to every client here.
	const subject = typeof stated.subject_type === "string" ? { subject_type: "public" } : {};
	return { ...stated, ...Object.fromEntries(chosen), ...subject };
}

function isEmpty(value: unknown): boolean {
	return value === null || value === "";
}

function withoutEmpty(value: unknown): unknown {
	return Array.isArray(value) ? value.filter((each) => each !== "") : value;
}

function choiceOf({ schema, metadata, choices, preset }: RegistrableOption, stated: Metadata): unknown {
	const value = stated[metadata];
	const isKnown = (choice: unknown) => v.safeParse(schema, choice).success;
	if (schema.type !== "picklist" || !(value === undefined || typeof value === "string") || isKnown(value)) return value;
	const list: unknown = choices === undefined ? undefined : stated[choices];
	if (!Array.isArray(list)) return undefined;
	const both = list.filter(isKnown);
	// Nothing that both have: that the client would not understand its answers is better known now.
	if (both.length === 0) return value ?? list[0];
	return preset === undefined || both.includes(preset) ? undefined : both[0];
}

/** Of a list those that are good here; but for one that is dangerous, which refuses it. */
function goodPart({ rule }: RegistrableOption, value: unknown, own: Own): unknown {
	if (!Array.isArray(value)) return value;
	return value.filter((each) => typeof each !== "string" || isDangerous(each) || !rule?.(each, own));
}
