import { issuer } from "./issuer.ts";
import type { Answer } from "./requests.ts";

/** Undefined for what has no content. Of a page its title stands for it. */
export function exampleOfAnswer(answer: Answer): unknown {
	if (answer.text === "") return undefined;
	if (/json/.test(answer.headers.get("content-type") ?? "")) return exampleOf(JSON.parse(answer.text));
	const [title] = /<title>[^<]*<\/title>/.exec(answer.text) ?? [];
	return title === undefined ? textOf(answer.text) : `<!doctype html>…${title}…`;
}

/**
 * An answer as the documentation shows it: what is another one each time (secrets, ids, instants, this deployment's address)
 * stands there as one that is the same each time. Of a list the first.
 */
function exampleOf(value: unknown, name = ""): unknown {
	if (Array.isArray(value)) {
		const isOfObjects = value.some((each) => typeof each === "object");
		return (isOfObjects ? value.slice(0, 1) : value).map((each) => exampleOf(each, name));
	}
	if (typeof value === "object" && value !== null) {
		return Object.fromEntries(Object.entries(value).map(([key, each]) => [textOf(key), exampleOf(each, key)]));
	}
	if (typeof value === "number") return value > 1_000_000_000 ? 1_767_225_600 : wholeMinutes(value, name);
	return typeof value === "string" ? textOf(value) : value;
}

/** Where the one has a member, or a type, that the other has not. What is null or empty in one of them says nothing. */
export function differences(one: unknown, other: unknown, at = ""): readonly string[] {
	if (one === null || other === null) return [];
	if (Array.isArray(one) && Array.isArray(other)) {
		return one.length > 0 && other.length > 0 ? differences(one[0], other[0], `${at}[]`) : [];
	}
	if (typeof one !== typeof other || Array.isArray(one) !== Array.isArray(other)) return [at];
	if (typeof one !== "object" || typeof other !== "object") return [];
	return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) => {
		const within = [one, other].map((each) => (each as Record<string, unknown>)[name]);
		return within.includes(undefined) ? [`${at}.${name}`] : differences(within[0], within[1], `${at}.${name}`);
	});
}

/** Of what remains, a second may be gone. */
function wholeMinutes(value: number, name: string): number {
	return name === "expires_in" ? Math.ceil(value / 60) * 60 : value;
}

function textOf(text: string): string {
	return (
		text
			.replaceAll(issuer, "https://id.example")
			.replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "eyJ…")
			.replaceAll(/\b(lk[a-z]*_)[\w-]{12,}/g, "$1…")
			.replaceAll(/\bkey_[\w-]{16,}/g, "key_…")
			.replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, "00000000-0000-4000-8000-000000000000")
			.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(?:Z|[+-]\d\d:\d\d)/g, "2026-01-31T08:00:00Z")
			.replaceAll(/(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{16,}(?![\w-])/g, "…")
			// One id in forty has no digit: known by its length, which is that of 16 or 32 bytes.
			.replaceAll(/(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?:(?:[a-z]{3}_)?[\w-]{22}|[\w-]{43})(?![\w-])/g, "…")
	);
}
