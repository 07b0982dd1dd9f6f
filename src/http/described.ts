import * as v from "valibot";

// What the description of the API says of a schema, said where the schema is.

/** Under a name of its own, which is what a client that is generated calls the type. One name is one schema. */
export function titled<const Schema extends v.GenericSchema>(name: string, schema: Schema) {
	return v.pipe(schema, v.title(name));
}

/** A member, with what it is. */
export function described<const Schema extends v.GenericSchema>(schema: Schema, says: string) {
	return v.pipe(schema, v.description(says));
}

/** An instant, as a number. */
export function epochSeconds(says: string) {
	return described(v.number(), `${says} In epoch seconds.`);
}
