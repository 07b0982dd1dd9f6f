import { type Api, builtInApiId } from "./api.ts";
import { pairScopes, verbOf } from "./permission.ts";

type SpokenApi = Pick<Api, "id" | "name" | "permissions">;

/**
 * What whoever has these permissions may do, in words that come after "may": `read orders and invoices at Orders API, and write
 * events`. What latchkey itself permits goes without its name, and last. Empty where none of them is any API's.
 */
export function deedsOf(permitted: readonly string[], apis: readonly SpokenApi[]): string {
	const isOwn = ({ id }: SpokenApi) => id === builtInApiId;
	const inOrder = [...apis.filter((api) => !isOwn(api)), ...apis.filter(isOwn)];
	const clauses = inOrder.flatMap((api) => {
		const deeds = deedsAt(api, permitted);
		return deeds === "" ? [] : `${deeds}${isOwn(api) ? "" : ` at ${api.name}`}`;
	});
	const last = clauses.at(-1) ?? "";
	return clauses.length > 1 ? `${clauses.slice(0, -1).join(", ")}, and ${last}` : last;
}

/** By their names where those have a subject and a verb, which is shorter than what people wrote of them; else as they wrote. */
function deedsAt({ permissions }: SpokenApi, permitted: readonly string[]): string {
	const given = permissions.filter(({ name }) => permitted.includes(name));
	if (given.length > 1 && given.length === permissions.length) return "do everything";
	const named = given.map(({ name, title }) => ({ title, ...verbOf(name) }));
	const byVerb = pairScopes.flatMap((verb) => {
		const subjects = named.flatMap((each) => (each.verb === verb ? spoken(each.subject ?? "") : []));
		return subjects.length > 0 ? `${verb} ${inARow(subjects)}` : [];
	});
	const others = named.flatMap(({ verb, title }) => (verb === undefined ? inSentence(title) : []));
	return inARow([...byVerb, ...others]);
}

function inARow(words: readonly string[]): string {
	const last = words.at(-1) ?? "";
	return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${last}` : last;
}

/** `change_events` as "change events", and `apis` as the abbreviation that it is. */
function spoken(subject: string): string {
	const words = subject.replaceAll(/[_:.-]+/g, " ").trim() || subject;
	return words.replaceAll(/\bapi(s?)\b/g, "API$1");
}

/** No full stop within a sentence, and no capital but of a name or an abbreviation. */
function inSentence(title: string): string {
	const text = title.replace(/\.$/, "");
	return /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
