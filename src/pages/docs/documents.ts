import { kept } from "./kept.ts";

/** What scripts/documents.ts makes of `docs/`. Its HTML is of ours. */
export interface Documents {
	readonly guides: readonly Guide[];
	readonly errors: readonly ErrorWords[];
}

interface Guide {
	readonly name: string;
	readonly title: string;
	readonly about: string;
	readonly html: string;
}

export interface ErrorWords {
	readonly code: string;
	/** A `code` of a problem, or an `error` of OAuth. */
	readonly kind: "problem" | "oauth";
	readonly html: string;
}

/** What a guide is written for, so that it runs as it stands in its file. */
const localIssuer = "http://localhost:8787";

export const documents = kept(async ({ services: { config, readStatic } }): Promise<Documents> => {
	return JSON.parse((await readStatic("documents.json")).replaceAll(localIssuer, config.issuer));
});
