import type { Call } from "../../endpoint/call.ts";
import type { OpenapiDocument } from "../../http/openapi.ts";
import { type ProblemCode, problemCodes } from "../../http/problem-codes.ts";
import { page } from "../../http/reply.ts";
import type { DocsFrame } from "./docs-frame.tsx";
import { documents, type Documents, type ErrorWords } from "./documents.ts";
import { cached, kept } from "./kept.ts";
import { openapi } from "./openapi.ts";
import { overviewView } from "./overview.tsx";
import { type Subject, subjectsOf } from "./reference.ts";
import { type Entry, search } from "./search.ts";
import { subjectView } from "./subject.tsx";
import { errorsView, errorView, foundView, guideView, noSuchView } from "./texts.tsx";
import { englishShell } from "../../words/shell.ts";

/** All that there is to read, and what it is found by. */
const library = kept(async (call) => {
	const [document, { guides, errors }] = await Promise.all([openapi(call), documents(call)]);
	const subjects = subjectsOf(document, call.services.config.issuer);
	return { document, guides, errors, subjects, entries: entriesOf(guides, errors, subjects) };
});

/** `GET /docs`: what there is to read. */
export async function overviewPage(call: Call): Promise<Response> {
	const { document, guides, subjects } = await library(call);
	const { issuer } = call.services.config;
	const { description: introduction } = document.info;
	return shown(overviewView({ frame: await frameOf(call), issuer, introduction, guides, groups: subjects }));
}

/** `GET /docs/api/{subject}`: the operations of a subject. */
export async function subjectPage(call: Call): Promise<Response> {
	const { subjects } = await library(call);
	const subject = subjects.find(({ slug }) => slug === call.params.subject);
	return subject ? shown(subjectView({ frame: await frameOf(call), ...subject })) : noSuch(call);
}

/** `GET /docs/guides/{name}` */
export async function guidePage(call: Call): Promise<Response> {
	const { guides } = await library(call);
	const guide = guides.find(({ name }) => name === call.params.name);
	return guide ? shown(guideView({ frame: await frameOf(call), guide })) : noSuch(call);
}

/** `GET /docs/errors`: what each error means. */
export async function errorsPage(call: Call): Promise<Response> {
	const errors = (await library(call)).errors.map(withStatus);
	const problems = errors.filter(({ kind }) => kind === "problem");
	const oauth = errors.filter(({ kind }) => kind === "oauth");
	return shown(errorsView({ frame: await frameOf(call), problems, oauth }));
}

/** `GET /docs/errors/{code}`: where the `type` of a problem leads (RFC 9457 §3.1.1). */
export async function errorPage(call: Call): Promise<Response> {
	const { document, errors, subjects } = await library(call);
	const error = errors.find(({ code }) => code === call.params.code);
	if (!error) return noSuch(call);
	const seen = answersWith(error.code, document, subjects);
	const [first] = seen;
	return shown(
		errorView({
			frame: await frameOf(call),
			error: withStatus(error),
			example: first ? JSON.stringify(first.example, null, 2) : null,
			answeredBy: seen.slice(0, 10),
		}),
	);
}

/** `GET /docs/search?q=`: without a script. */
export async function searchPage(call: Call): Promise<Response> {
	const query = (call.url.searchParams.get("q") ?? "").trim().slice(0, 100);
	const { entries } = await library(call);
	return shown(foundView({ frame: await frameOf(call), query, found: search(entries, query) }));
}

function shown(html: string): Response {
	return page(200, html, cached);
}

async function noSuch(call: Call): Promise<Response> {
	return page(404, noSuchView(await frameOf(call)));
}

async function frameOf(call: Call): Promise<DocsFrame> {
	const { guides, subjects } = await library(call);
	return { shell: englishShell(call.services.config.brand), guides, subjects, here: call.url.pathname };
}

function withStatus(error: ErrorWords) {
	return { ...error, status: error.kind === "problem" ? problemCodes[error.code as ProblemCode] : null };
}

/** The operations whose examples have this code, one answer of each. */
function answersWith(code: string, document: OpenapiDocument, subjects: readonly Subject[]) {
	return subjects.flatMap(({ slug, operations }) =>
		operations.flatMap(({ id, method, path }) => {
			const answers = Object.values(document.paths[path]?.[method.toLowerCase()]?.responses ?? {});
			const examples = answers.flatMap(({ content = {} }) => Object.values(content).map(({ example }) => example));
			const example = examples.find((each) => isOf(code, each));
			return example === undefined ? [] : [{ url: `/docs/api/${slug}#${id}`, name: `${method} ${path}`, example }];
		}),
	);
}

function isOf(code: string, example: unknown): boolean {
	if (typeof example !== "object" || example === null) return false;
	return ("code" in example && example.code === code) || ("error" in example && example.error === code);
}

function entriesOf(
	guides: Documents["guides"],
	errors: Documents["errors"],
	subjects: readonly Subject[],
): readonly Entry[] {
	return [
		...guides.map(({ name, title, about, html }): Entry => ({
			kind: "Guide",
			title,
			url: `/docs/guides/${name}`,
			about,
			words: textOf(html),
		})),
		...subjects.flatMap(({ tag, slug, operations }) =>
			operations.map(({ id, method, path, summary, description, permission, fields, parameters }): Entry => ({
				kind: "Operation",
				title: `${method} ${path}`,
				url: `/docs/api/${slug}#${id}`,
				about: summary,
				words: [tag, description, permission, ...[...fields, ...parameters].map(({ name }) => name)].join(" "),
			})),
		),
		...errors.map(({ code, html }): Entry => {
			const [about = "", ...words] = textOf(html).split("\n");
			return { kind: "Error", title: code, url: `/docs/errors/${code}`, about, words: words.join(" ") };
		}),
	];
}

/** Of HTML that scripts/documents.ts made: entities stand there for what is looked for as it is typed. */
function textOf(html: string): string {
	return html
		.replaceAll(/<[^>]*>/g, "")
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&quot;", '"')
		.replaceAll("&#39;", "'")
		.replaceAll("&amp;", "&");
}
