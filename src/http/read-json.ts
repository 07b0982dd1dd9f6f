import * as v from "valibot";
import { readJsonText, tooDeep } from "../json-text.ts";
import { readText } from "./body.ts";
import { repeatedKey } from "./json-keys.ts";
import { problem } from "./problem.ts";

/** The largest body of a management request. */
const maxJsonBytes = 64 * 1024;
/** So many of the things that are wrong are told at once. */
const mostProblems = 20;

/**
 * A JSON body that the schema accepts, or the problem to answer with: 400 with the fields that are wrong, 413. The content
 * type is not looked at, since cookies open none of these routes and curl's `--data` says form (contract 004).
 */
export async function readJson<Schema extends v.GenericSchema>(
	request: Request,
	schema: Schema,
	limit: number = maxJsonBytes,
): Promise<{ ok: true; value: v.InferOutput<Schema> } | { ok: false; response: Response }> {
	const body = await readText(request, limit);
	if (!body.ok) return refused(body.error.status, `${body.error.detail}.`);
	const parsed = parseJson(body.text, schema);
	return parsed.ok ? parsed : refused(400, parsed.detail, parsed.errors);
}

/** The same for a text that was read already, for routes with an error form of their own. `detail` is one sentence. */
export function parseJson<Schema extends v.GenericSchema>(
	text: string,
	schema: Schema,
):
	| { ok: true; value: v.InferOutput<Schema> }
	| { ok: false; detail: string; errors?: readonly { field: string; detail: string }[] } {
	const read = readJsonText(text);
	if (!read.ok) {
		return { ok: false, detail: read.reason === "too_deep" ? `The body ${tooDeep}.` : "The body is not valid JSON." };
	}
	const { value: sent } = read;
	if (repeatedKey(text) !== null) return { ok: false, detail: "The body has a member twice." };
	// valibot takes an array for an object, whose members are then all missing, or all left out.
	const isObject = typeof sent === "object" && sent !== null && !Array.isArray(sent);
	if (schema.type.endsWith("object") && !isObject) return { ok: false, detail: "The body must be a JSON object." };
	const parsed = v.safeParse(schema, sent);
	if (parsed.success) return { ok: true, value: parsed.output };
	const errors = parsed.issues
		.slice(0, mostProblems)
		.map((issue) => ({ field: v.getDotPath(issue) ?? "", detail: saidOf(issue) }));
	const detail = errors.map((each) => (each.field === "" ? each.detail : `${each.field}: ${each.detail}`)).join("; ");
	return { ok: false, detail, errors };
}

/** valibot's own words for a member that is missing, or too many, are those of a programmer. */
function saidOf(issue: v.BaseIssue<unknown>): string {
	const isOfKey = issue.message.startsWith("Invalid key");
	if (!isOfKey) return issue.message;
	return issue.expected === "never" ? "is not known here" : "is missing";
}

function refused(
	status: number,
	detail: string,
	errors?: readonly { field: string; detail: string }[],
): { ok: false; response: Response } {
	return {
		ok: false,
		response: problem(status, detail, {
			title: "Malformed request",
			...(errors && { code: "wrong_members", more: { errors } }),
		}),
	};
}
