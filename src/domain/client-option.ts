import * as v from "valibot";
import type { Own } from "./public-host.ts";

/** All that is known of one option of a client. */
export interface ClientOption {
	/** Of its value, as JSON has it. A message is the rest of a sentence that begins with the option's name. */
	readonly schema: v.GenericSchema;
	/** What JSON Schema has no words for. */
	readonly rule?: OptionRule;
	/** What holds where it is left out, and is then in answers; null is for an option that people take away by null. */
	readonly preset?: unknown;
	/** RFC 7591 §2: its name in client metadata, where a client may say it of itself. */
	readonly metadata?: string;
	/** The name of the list of all that the client can do (OpenID Connect RP Metadata Choices 1.0 §2). */
	readonly choices?: string;
	/** Whether of a list in client metadata the good members are kept. */
	readonly isInPart?: true;
	/** For the documentation, where {@link people} does not say what it is. */
	readonly says?: string;
	readonly people?: OptionOfPeople;
}

/** Null, or what is wrong with the text, or with one of a list of them, as the rest of a sentence. */
export type OptionRule = (text: string, own: Own) => string | null;

/** An option that people set, by the JSON API and in the console. */
export interface OptionOfPeople {
	/** In JSON, in the form, and in what is said of errors. */
	readonly name: string;
	/** Where people are held to more than software is. */
	readonly schema?: v.GenericSchema;
	readonly rule?: OptionRule;
	/** For the documentation: the rest of a sentence that begins with its name. */
	readonly doc: string;
	/** Who has it: every client, or an application: any, one with a server, one that authenticates by its keys. */
	readonly of: "client" | "application" | "server" | "keys";
	/** Beside which others it stands in the console's form: of people who sign in, how safe it is, what it gets tokens for. */
	readonly group: "people" | "security" | "access";
	readonly label: string;
	readonly hint: string | null;
	readonly control: OptionControl;
}

export type OptionControl =
	| { readonly kind: "box"; readonly legend: string }
	| { readonly kind: "choice"; readonly options: readonly { readonly value: string; readonly label: string }[] }
	/** One a line. `each` is what one is called. */
	| { readonly kind: "lines"; readonly each: string }
	| { readonly kind: "url" }
	| { readonly kind: "jwks" };

export function texts(most: number) {
	const members = v.array(v.string("must be strings"), "must be a list of strings");
	return v.pipe(members, v.maxLength(most, `may have at most ${most} members`), v.readonly());
}

export function oneOf<const Choices extends readonly string[]>(choices: Choices) {
	return v.picklist(choices, `must be one of ${choices.join(", ")}`);
}
