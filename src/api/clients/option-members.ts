import * as v from "valibot";
import { described } from "../../http/described.ts";
import { editableOptions, gather } from "../../domain/client-option-values.ts";
import type { StatedOptions } from "../../domain/client-options.ts";

// The options of a client as the JSON API has them, each by its name in domain/client-options.ts.

/** Members of a schema. What type each has is for the schema to say: nobody here looks into them. */
export const optionMembers: object = Object.fromEntries(
	editableOptions.map(({ name, label, schema, preset }) => {
		const member = described(schema, `${label}.`);
		return [name, preset === null ? v.nullable(member) : member];
	}),
);

/** What is left out is as it was; null is nothing. */
export function readOptions(body: object, before: StatedOptions): StatedOptions {
	const sent: Readonly<Record<string, unknown>> = { ...body };
	return gather(editableOptions, ({ key, name }) => (sent[name] === undefined ? before[key] : sent[name]));
}

export function shownOptions(options: StatedOptions): object {
	return Object.fromEntries(editableOptions.map(({ key, name, preset }) => [name, options[key] ?? preset]));
}

/** For the documentation: a sentence on each. */
export const optionsInWords = editableOptions.map(({ name, doc }) => `\`${name}\` ${doc}.`).join(" ");

/** Those that are taken away by null. */
export const nullableOptions = editableOptions
	.filter(({ preset }) => preset === null)
	.map(({ name }) => `\`${name}\``)
	.join(" and ");
