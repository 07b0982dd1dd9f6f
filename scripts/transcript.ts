import type { Send } from "../test/support/person.ts";

/** Secrets are recognised by what they look like: long, and of one piece. */
const secretLike = /[A-Za-z0-9_~-]{24,}(?:[.:+/=][A-Za-z0-9_~+/=-]+)*/g;

/** Prints what is sent and what is answered, and hands the answer on. */
export function transcribe(print: (line: string) => void): Send {
	return async (url, init) => {
		print(`→ ${init.method ?? "GET"} ${shorten(url)}`);
		for (const [name, value] of new Headers(init.headers)) {
			if (shownHeaders.has(name)) print(`    ${name}: ${shorten(value)}`);
		}
		if (init.body !== undefined && init.body !== null) print(`    ${shownBody(init.body)}`);

		const response = await fetch(url, { redirect: "manual", ...init });
		const text = await response.clone().text();
		const type = response.headers.get("content-type") ?? "";
		print(`← ${response.status} ${response.statusText}`);
		const location = response.headers.get("location");
		if (location !== null) print(`    location: ${shorten(location)}`);
		if (response.headers.has("set-cookie")) print("    set-cookie: (a session)");
		if (type.startsWith("text/html"))
			print(`    page: ${/<title>(.*?)<\/title>/s.exec(text)?.[1] ?? "without a title"}`);
		else if (text !== "") print(`    ${shorten(text)}`);
		return response;
	};
}

const shownHeaders = new Set(["authorization", "x-api-key", "content-type"]);

function shownBody(body: NonNullable<RequestInit["body"]>): string {
	if (typeof body === "string") return shorten(body);
	if (!(body instanceof URLSearchParams)) return "(something else)";
	return [...body].map(([name, value]) => `${name}=${name === "password" ? "…" : shorten(value)}`).join(" & ");
}

function shorten(text: string): string {
	return text.replaceAll(secretLike, (secret) => `${secret.slice(0, 8)}…${secret.slice(-4)}`);
}
