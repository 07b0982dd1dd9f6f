import { isNarrowed, type ListAsked, type ListShape, mostCounted } from "../../domain/list-query.ts";
import type { Params } from "../../http/body.ts";
import { type ListErrors, readListQuery } from "../../http/list-query.ts";
import { secretIn } from "../../domain/secret-in-text.ts";
import type { Permission } from "../../domain/permission.ts";
import type { Handler } from "../../endpoint/call.ts";
import { seeOther } from "../../http/reply.ts";
import type { ConsoleSection } from "./frame.ts";
import { inConsole } from "./visit.ts";
import type { ListedPage } from "../../operations/list.ts";
import type { ListControlsProps } from "../../ui/list-controls.tsx";

/** What a page's address asks of its list. */
export interface AskedList<Shape extends ListShape> {
	/** As it was typed, by parameter; what was left empty is not in it. */
	readonly typed: Readonly<Record<string, string>>;
	readonly errors: ListErrors;
	/** Null where some of it is wrong. */
	readonly asked: ListAsked<Shape> | null;
	readonly cursor: string | null;
}

/** The parameters of a page's list, which are those of the API; whatever else stands in the address is not the list's. */
export function readList<Shape extends ListShape>(shape: Shape, { searchParams }: URL): AskedList<Shape> {
	const typed = typedOf(shape, new Map(searchParams));
	// What people choose is a day, which stands for its first second.
	const times = Object.entries(typed).map(
		([name, text]) =>
			[
				name,
				/^\d{4}-\d\d-\d\d$/.test(text) && shape.filters[name]?.kind === "time" ? `${text}T00:00:00Z` : text,
			] as const,
	);
	const read = readListQuery(shape, new Map(times));
	const cursor = searchParams.get("cursor");
	return read.ok
		? { typed, errors: {}, asked: read.asked, cursor }
		: { typed, errors: read.errors, asked: null, cursor };
}

/** What stands around a list: its form above, and where the pages before and after it are. Without a page, what was typed is wrong. */
export function around<Shape extends ListShape>(
	shape: Shape,
	{ pathname }: URL,
	{ typed, errors, asked }: AskedList<Shape>,
	page: Pick<ListedPage<unknown>, "previous" | "next" | "total"> | null,
): {
	readonly controls: Pick<ListControlsProps, "shape" | "url" | "typed" | "errors" | "total">;
	readonly previousUrl: string | null;
	readonly nextUrl: string | null;
	/** Whether it is the list from its beginning, whole: where that is empty there is nothing yet. */
	readonly isWhole: boolean;
} {
	const at = (cursor: string | null = null) => cursor && listUrl(pathname, { ...typed, cursor });
	const isMatch = asked !== null && isNarrowed(asked);
	const total = page && totalInWords(page.total, shape.rows, isMatch);
	return {
		controls: { shape, url: pathname, typed, errors, total },
		previousUrl: at(page?.previous),
		nextUrl: at(page?.next),
		isWhole: asked !== null && !isMatch && page?.total === 0,
	};
}

/** `512 API keys`, `1 API key matches`, `More than 1,000 API keys match`. */
function totalInWords(total: number | null, [one, several]: ListShape["rows"], isMatch: boolean): string {
	if (total === null) return `More than ${inDigits(mostCounted)} ${several}${isMatch ? " match" : ""}`;
	const counted = total === 1 ? `1 ${one}` : `${total === 0 ? "No" : inDigits(total)} ${several}`;
	return isMatch ? `${counted} ${total === 1 ? "matches" : "match"}` : counted;
}

function inDigits(count: number): string {
	return count.toLocaleString("en");
}

/** What was typed without a secret that was searched for: it comes into no address. Where it begins, people see what became of it. */
function withoutSecret(typed: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
	const secret = secretIn(typed.q ?? "");
	return secret === null ? typed : { ...typed, q: `${secret.slice(0, secret.indexOf("_") + 1)}…` };
}

/** A search that was sent by a form, to where the list is narrowed so. */
export function searchPage(section: ConsoleSection, needs: Permission, shape: ListShape): Handler {
	return inConsole(section, needs, async ({ form, url }) =>
		seeOther(listUrl(url.pathname, withoutSecret(typedOf(shape, form)))),
	);
}

/** For an address that has a secret all the same: the one without; else null. */
export function cleanAddress({ pathname }: URL, { typed }: AskedList<ListShape>): Response | null {
	const clean = withoutSecret(typed);
	return clean === typed ? null : seeOther(listUrl(pathname, clean));
}

/** A list as it is narrowed. */
export function listUrl(path: string, typed: Readonly<Record<string, string>>): string {
	const query = new URLSearchParams(typed).toString();
	return query === "" ? path : `${path}?${query}`;
}

/** What a form that narrows a list sent, or an address has. */
export function typedOf({ search, filters, sorts }: ListShape, params: Params): Readonly<Record<string, string>> {
	const [preset] = Object.keys(sorts);
	const names = [...(search === null ? [] : ["q"]), ...Object.keys(filters), "sort"];
	const typed = names.map((name) => [name, (params.get(name) ?? "").trim()] as const);
	return Object.fromEntries(typed.filter(([name, text]) => text !== "" && !(name === "sort" && text === preset)));
}
