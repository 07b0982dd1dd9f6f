import { sha256 } from "../../crypto/digest.ts";
import type { Params } from "../../http/body.ts";

// A form that changes what stands there already says what it was drawn from, field by field. So what comes back tells what
// the person changed: that is written, and the rest stays as it is by then. Where somebody else changed the same field
// meanwhile, the form comes back with both.

/** The fields of a form as its view has them: text, a box, chosen values, or fields that are named by the data. */
export type FormValues<Values> = { readonly [Name in keyof Values]: FormValue };
type FormValue = string | boolean | readonly string[] | Readonly<Record<string, string>>;

/** The hidden field in which a form carries it. */
const drawnField = "drawn";
type Drawn = Readonly<Record<typeof drawnField, string>>;

export async function drawnFrom<Values extends FormValues<Values>>(values: Values): Promise<Drawn> {
	const prints = await Promise.all(fieldsOf(values).map(({ path, value }) => printOf(path, value)));
	return { [drawnField]: prints.join(" ") };
}

/** As the form brought it, for one that comes back for another reason. */
export function drawnOf(form: Params): Drawn {
	return { [drawnField]: form.get(drawnField) ?? "" };
}

/** Whether a form was drawn from just this: for one that changes none of it, and means it. */
export async function isDrawnFrom<Values extends FormValues<Values>>(form: Params, values: Values): Promise<boolean> {
	return form.get(drawnField) === (await drawnFrom(values))[drawnField];
}

export interface Settled<Values> {
	/** What the person changed as they typed it, and the rest as it is now. */
	readonly values: Values;
	/** What both changed, each to something else: its name, and what is there now in words. */
	readonly conflicts: Readonly<Record<string, string>>;
	/** Whether the person changed this field of the form. */
	readonly isChanged: (field: keyof Values) => boolean;
}

/** A form that does not say what it was drawn from was drawn from something else. */
export async function settle<Values extends FormValues<Values>>(
	form: Params,
	typed: Values,
	now: Values,
): Promise<Settled<Values>> {
	const drawn = new Set((form.get(drawnField) ?? "").split(" "));
	const values: Record<string, FormValue> = { ...now };
	const conflicts: Record<string, string> = {};
	const changed = new Set<string>();
	const current = new Map(fieldsOf(now).map(({ path, value }) => [path.join("."), value]));
	for (const { path, value } of fieldsOf(typed)) {
		const there = current.get(path.join(".")) ?? "";
		if (textOf(value) === textOf(there) || drawn.has(await printOf(path, value))) continue;
		const [name = "", inner] = path;
		changed.add(name);
		values[name] =
			inner === undefined ? value : { ...(values[name] as Record<string, string>), [inner]: textOf(value) };
		if (!drawn.has(await printOf(path, there))) conflicts[inner ?? name] = inWords(there);
	}
	return { values: values as Values, conflicts, isChanged: (field) => changed.has(String(field)) };
}

/** Of what the form says, as it was read, what the person changed; `stale` where somebody else changed the same. */
export function changesOf<Said extends object>(
	{ conflicts, isChanged }: Settled<Record<keyof Said, unknown>>,
	said: Said,
): Partial<Said> | "stale" {
	if (isConflict(conflicts)) return "stale";
	const changed = Object.entries(said).filter(([name]) => isChanged(name as keyof Said));
	return Object.fromEntries(changed) as Partial<Said>;
}

export function isConflict(conflicts: Settled<unknown>["conflicts"]): boolean {
	return Object.keys(conflicts).length > 0;
}

/** Above such a form. */
export const savedMeanwhile =
	"Somebody else saved this while you had it open. Nothing of yours was written yet: what you typed is kept, the rest stands here as they saved it, and each field that you both changed says what is there now. Save again to put yours in its place.";

export const changedAllTheTime =
	"Others save this all the time, so that nothing was written. Please save it once more.";

function fieldsOf(values: object): readonly { readonly path: readonly string[]; readonly value: FormValue }[] {
	return Object.entries(values as Readonly<Record<string, FormValue>>).flatMap(([name, value]) =>
		typeof value === "object" && !isList(value)
			? Object.entries(value).map(([inner, text]) => ({ path: [name, inner], value: text }))
			: [{ path: [name], value }],
	);
}

function isList(value: FormValue): value is readonly string[] {
	return Array.isArray(value);
}

/** As it was typed or as it was kept: browsers end lines by CRLF, and a list of boxes has no order. */
function textOf(value: FormValue): string {
	if (isList(value)) return value.toSorted().join("\n");
	return typeof value === "string" ? value.replaceAll("\r\n", "\n").trim() : JSON.stringify(value);
}

async function printOf(path: readonly string[], value: FormValue): Promise<string> {
	return (await sha256(`${path.join(".")}\n${textOf(value)}`)).slice(0, 22);
}

export function inWords(there: FormValue): string {
	const text = isList(there) ? there.join(", ") : textOf(there);
	const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
	return short === "" ? "Somebody else has emptied it meanwhile." : `Somebody else has saved meanwhile: ${short}`;
}
