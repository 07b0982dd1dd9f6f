import * as v from "valibot";
import { readText } from "./body.ts";
import { repeatedKey } from "./json-keys.ts";
import { problem } from "./problem.ts";

/** The largest body of a management request. */
const maxJsonBytes = 64 * 1024;

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
	let sent: unknown;
	try {
		sent = JSON.parse(body.text);
	} catch {
		return refused(400, "The body is not valid JSON.");
	}
	const twice = repeatedKey(body.text);
	if (twice !== null) return refused(400, "The body has a member twice.");
	const parsed = v.safeParse(schema, sent);
	if (parsed.success) return { ok: true, value: parsed.output };
	const errors = parsed.issues.map((issue) => ({ field: v.getDotPath(issue) ?? "", detail: issue.message }));
	return refused(
		400,
		errors.map(({ field, detail }) => (field === "" ? detail : `${field}: ${detail}`)).join("; "),
		errors,
	);
}

function refused(
	status: number,
	detail: string,
	errors?: readonly { field: string; detail: string }[],
): { ok: false; response: Response } {
	return {
		ok: false,
		response: problem({ status, title: "Malformed request", detail, ...(errors && { more: { errors } }) }),
	};
}
