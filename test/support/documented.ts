import * as v from "valibot";
import { apiOperations } from "./route-table.ts";
import { resolved } from "../../src/http/named-schemas.ts";
import type { OpenapiDocument, OpenapiOperation } from "../../src/http/openapi.ts";
import { type Example, usualCredential } from "./example-states.ts";
import { type Answer, ask, given } from "./requests.ts";

/** `/openapi.json` as this deployment answers it. */
export const openapi: Answer = await ask("/openapi.json");
export const document: OpenapiDocument = JSON.parse(openapi.text);
export const described = Object.entries(document.paths).flatMap(([path, methods]) =>
	Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
);

export function operationOf(name: string): { operation: OpenapiOperation } {
	const found = described.find((each) => each.name === name);
	if (!found) throw new Error(`${name} is not documented`);
	return found;
}

/** The schema that a reference leads to. */
export function schemaAt(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	return resolved(schema, document.components.schemas);
}

/** What programs can call, as /openapi.json names it. */
export const documentedOperations = apiOperations().map((operation) => {
	const path = operation.path.replaceAll(/:(\w+)\+?/g, "{$1}");
	return { ...operation, path, name: `${operation.method} ${path}` };
});
export type DocumentedOperation = (typeof documentedOperations)[number];

/** The example of the documentation, made one of this deployment. */
export async function sendExample({ method, path, doc }: DocumentedOperation, example: Example): Promise<Answer> {
	const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(example.path?.[name] ?? "x"));
	const documented = Object.entries(doc.query ?? {}).map(([name, each]) => [name, each.example]);
	const query = new URLSearchParams(given({ ...Object.fromEntries(documented), ...example.query })).toString();
	const credential = example.headers ?? (await usualCredential());
	const url = query === "" ? filled : `${filled}?${query}`;
	if (!doc.body) return ask(url, { method, headers: credential });
	const { raw } = example;
	const media = raw?.media ?? doc.body.media[0] ?? "";
	const documentedBody: object = { ...(doc.body.example as object) };
	const body: Record<string, unknown> = { ...documentedBody, ...example.body };
	const isForm = media === "application/x-www-form-urlencoded";
	return ask(url, {
		method,
		headers: { ...credential, "content-type": media },
		body:
			raw?.text ??
			(isForm ? new URLSearchParams(given(body as Record<string, string>)).toString() : JSON.stringify(body)),
	});
}

/** What of these people are led to, and looks at their cookies: no page of another origin may call it. */
export const forPeople = ["/oauth/authorize", "/oauth/consent", "/oauth/logout", "/integrations/{client_id}"];

/** What of an answer is not as it is documented: its status, its content type, the members of its JSON, who may read it. */
export function undocumented(
	{ name, path, doc }: DocumentedOperation,
	{ status, headers, text }: Answer,
): readonly unknown[] {
	if (headers.has("access-control-allow-origin") === forPeople.includes(path))
		return [`${name}: who may read ${status}`];
	const response = operationOf(name).operation.responses[String(status)];
	if (!response) return [`${name} answers ${status}: ${text}`];
	const media = (headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
	const documented = Object.keys(response.content ?? {});
	if (documented.length > 0 && !documented.includes(media)) return [`${name} answers ${status} as ${media}`];
	const schema = doc.answers[status]?.schema;
	return schema && text !== "" ? (v.safeParse(schema, JSON.parse(text)).issues ?? []) : [];
}
