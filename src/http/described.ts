import * as v from "valibot";
import { readInstant } from "../domain/instant.ts";

// What the description of the API says of a schema, said where the schema is.

/** Under a name of its own, which is what a client that is generated calls the type. One name is one schema. */
export function titled<const Schema extends v.GenericSchema>(name: string, schema: Schema) {
	return v.pipe(schema, v.title(name));
}

/** A member, with what it is. */
export function described<const Schema extends v.GenericSchema>(schema: Schema, says: string) {
	return v.pipe(schema, v.description(says));
}

/** JSON Schema of an instant: RFC 3339 (domain/instant.ts). */
export const dateTimeSchema = { type: "string", format: "date-time" } as const;

/** An instant as answers have it, in UTC. */
export function instant(says: string) {
	return v.pipe(v.string(), v.description(says), v.metadata(dateTimeSchema));
}

const instantRule = "is a date and time with Z or an offset, such as 2026-01-31T08:00:00Z";

/** An instant as a body has it, read to epoch seconds, rounded down. */
export function sentInstant(says: string) {
	return v.pipe(
		v.string(instantRule),
		v.check((text) => readInstant(text) !== null, instantRule),
		v.description(says),
		v.metadata(dateTimeSchema),
		v.transform((text) => Math.floor((readInstant(text) ?? 0) / 1000)),
	);
}

/** An instant where a contract or a standard fixes that it is a number (RFC 7519 §2). */
export function epochSeconds(says: string) {
	return described(v.number(), `${says} In epoch seconds.`);
}
