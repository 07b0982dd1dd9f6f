import { wordsOf } from "./console.ts";
import { ask } from "./requests.ts";
import { issuer } from "./target.ts";

/** A letter that was mailed to this address, in words, and the path of the page that its link leads to. */
export interface Letter {
	readonly subject: string;
	readonly words: string;
	readonly path: string;
}

/** The last one first: as `/mail` shows them, where a developer's latchkey keeps what it would send. */
export async function lettersTo(address: string): Promise<readonly Letter[]> {
	const page = await ask("/mail");
	const sections = [...page.text.matchAll(/<section[^>]*>(.*?)<\/section>/gs)].map(([, inside = ""]) => inside);
	return sections
		.filter((inside) => inside.includes(`<code>${address}</code>`))
		.map((text) => ({
			subject: /<h2[^>]*>(.*?)<\/h2>/s.exec(text)?.[1] ?? "",
			words: wordsOf({ ...page, text }),
			path: (/<a href="([^"]*)"/.exec(text)?.[1] ?? "").slice(issuer.length),
		}));
}

/** The path of the link in the last letter to this address. */
export async function linkTo(address: string): Promise<string> {
	const [last] = await lettersTo(address);
	if (!last?.path) throw new Error(`No letter with a link to ${address}`);
	return last.path;
}
