import { csvLine } from "../domain/csv.ts";

/** A key file as contract 004 has it: what it says, and as which file it is saved. */
export interface KeyFileText {
	readonly media: string;
	readonly text: string;
	readonly fileName: string;
}

export const keyFileFormats = ["json", "csv"] as const;
export type KeyFileFormat = (typeof keyFileFormats)[number];

interface KeyFileFields {
	readonly url: string;
	readonly id: string;
	readonly key: string;
	readonly token: string;
}

/** Contract 004, step 6. */
export function keyFileJson({ url, ...key }: KeyFileFields) {
	return { api_keys: { [url]: { id: key.id, key: key.key, token: key.token } } };
}

/** `name` is the key's, for the name of the file. */
export function writeKeyFile(file: KeyFileFields, name: string, format: KeyFileFormat): KeyFileText {
	const fileName = `${fileNameOf(name)}.${format}`;
	if (format === "json") {
		return { media: "application/json", text: `${JSON.stringify(keyFileJson(file), null, 2)}\n`, fileName };
	}
	const columns = ["url", "id", "key", "token"] as const;
	const text = [columns, columns.map((column) => file[column])].map(csvLine).join("");
	return { media: "text/csv; charset=utf-8", text, fileName };
}

/** A name that people chose, as part of a file's name: ASCII letters and digits, and nothing that a header or a path knows. */
export function fileNameOf(name: string): string {
	const slug = name
		.normalize("NFKD")
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, "-")
		.replaceAll(/^-+|-+$/g, "")
		.slice(0, 40);
	return slug === "" ? "api-key" : slug;
}
