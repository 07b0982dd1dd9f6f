import type { ClientOption, OptionOfPeople } from "./client-option.ts";
import { clientOptions, type StatedOptions } from "./client-options.ts";
import { defined } from "./defined.ts";

interface Keyed extends Omit<ClientOption, "people" | "metadata"> {
	/** The name that it is stored by. */
	readonly key: keyof StatedOptions;
}
export type EditableOption = Keyed & OptionOfPeople;
export type RegistrableOption = Keyed & { readonly metadata: string; readonly says: string };

const options = Object.entries<ClientOption>(clientOptions).map(([name, option]) => ({
	...option,
	key: name as keyof StatedOptions,
}));

/** Those that people set. */
export const editableOptions: readonly EditableOption[] = options.flatMap(({ people, ...option }) =>
	people ? [{ ...option, ...people }] : [],
);

/** Those that a client may say of itself. */
export const registrableOptions: readonly RegistrableOption[] = options.flatMap(({ metadata, people, ...option }) =>
	metadata === undefined ? [] : [{ ...option, metadata, says: option.says ?? `${people?.label ?? ""}.` }],
);

/** Of these options those that have a value. */
export function gather<Option extends Keyed>(
	among: readonly Option[],
	valueOf: (option: Option) => unknown,
): StatedOptions {
	return defined(Object.fromEntries(among.map((option) => [option.key, valueOf(option) ?? undefined])));
}

/** What people may change of what a client has. */
export function editableOf(stated: StatedOptions): StatedOptions {
	return gather(editableOptions, ({ key }) => stated[key]);
}

/** Those options are as they are said now, and not there where they are not said; everything else is as it was. */
export function withOptions<Options extends StatedOptions>(
	before: Options,
	among: readonly Keyed[],
	said: StatedOptions,
): Options {
	const kept = Object.entries(before).filter(([name]) => !among.some(({ key }) => key === name));
	return { ...Object.fromEntries(kept), ...said } as Options;
}

/** Trimmed, and without what says no more than that it is left out. */
export function tidyOptions(stated: StatedOptions): StatedOptions {
	return gather(editableOptions, ({ key, preset }) => {
		const value = trimmed(stated[key]);
		const isEmpty = value === "" || (Array.isArray(value) && value.length === 0);
		return isEmpty || value === preset ? undefined : value;
	});
}

function trimmed(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(trimmed);
	return typeof value === "string" ? value.trim() : value;
}
