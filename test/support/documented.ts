import { apiOperations } from "../../src/app.ts";
import { type Example, usualCredential } from "./example-states.ts";
import { type Answer, ask, given } from "./requests.ts";

/** What programs can call, as /openapi.json names it. */
export const documentedOperations = apiOperations().map((operation) => {
	const path = operation.path.replaceAll(/:(\w+)\+?/g, "{$1}");
	return { ...operation, path, name: `${operation.method} ${path}` };
});
export type DocumentedOperation = (typeof documentedOperations)[number];

/** The example of the documentation, made one of this deployment; `text` is sent in the place of its body, as JSON. */
export async function sendExample(
	{ method, path, doc }: DocumentedOperation,
	example: Example & { readonly text?: string },
): Promise<Answer> {
	const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(example.path?.[name] ?? "x"));
	const documented = Object.entries(doc.query ?? {}).map(([name, each]) => [name, each.example]);
	const query = new URLSearchParams(given({ ...Object.fromEntries(documented), ...example.query })).toString();
	const credential = example.headers ?? (await usualCredential());
	const url = query === "" ? filled : `${filled}?${query}`;
	if (!doc.body) return ask(url, { method, headers: credential });
	const media = example.text === undefined ? (doc.body.media[0] ?? "") : "application/json";
	const documentedBody: object = { ...(doc.body.example as object) };
	const body: Record<string, unknown> = { ...documentedBody, ...example.body };
	const isForm = media === "application/x-www-form-urlencoded";
	return ask(url, {
		method,
		headers: { ...credential, "content-type": media },
		body:
			example.text ??
			(isForm ? new URLSearchParams(given(body as Record<string, string>)).toString() : JSON.stringify(body)),
	});
}
