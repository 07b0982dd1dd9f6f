import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

// DESIGN §4.6: of every secret that a run hands out or is told, nothing readable is stored or logged, in whatever spelling.

/** What a scan looked at, and where it found something. */
export interface Scan {
	readonly secrets: number;
	readonly files: number;
	readonly lines: number;
	readonly found: readonly string[];
}

/**
 * The secrets that an answer hands out, by their forms: our prefixes, signed tokens, the token of a key file, JSON or CSV. Whole
 * words alone, for a random id holds any three characters sooner or later.
 */
export function secretsIn(text: string): readonly string[] {
	return [
		...text.matchAll(/(?<![\w-])lk(?:cs|rt|[bcdeirsv])?_[\w-]{20,}/g),
		// Recovery codes, as people write them down; the documentation's own is none.
		...text.matchAll(/(?<![\w-])(?!abcd-efgh-)[a-hjkmnp-z02-9]{4}(?:-[a-hjkmnp-z02-9]{4}){5}(?![\w-])/g),
		...text.matchAll(/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]{20,}/g),
		...text.matchAll(/(?<="token":\s*")[\w+/]{60,}=*(?=")/g),
		// What stands before the last cell of a line is not asked: to look for it takes minutes in a megabyte without a line's end.
		...text.matchAll(/(?<=,")[\w+/]{60,}=*(?="\r?$)/gm),
	].map(([secret]) => secret);
}

/** The passwords that a request tells. Shorter ones than this are words that may stand anywhere. */
export function passwordsIn(body: string): readonly string[] {
	const members = body.matchAll(/"(?:\w+_)?password"\s*:\s*"([^"\\]{12,})"/g);
	const fields = [...new URLSearchParams(body.startsWith("{") ? "" : body)];
	return [
		...[...members].map(([, password = ""]) => password),
		...fields.filter(([name, value]) => /(?:^|_)password$/.test(name) && value.length >= 12).map(([, value]) => value),
	];
}

export async function scanFor(secrets: readonly string[], folder: string, lines: readonly string[]): Promise<Scan> {
	const search = searchFor(secrets);
	const found = new Set<string>();
	let files = 0;
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const path = join(entry.parentPath, entry.name);
		// A journal that was there a moment ago is in its file by now.
		const bytes = await readFile(path).catch(() => null);
		if (!bytes) continue;
		files += 1;
		for (const what of search(bytes.toString("latin1"))) found.add(`${entry.name}: ${what}`);
	}
	for (const line of lines) for (const what of search(line)) found.add(`log: ${what}`);
	return { secrets: secrets.length, files, lines: lines.length, found: [...found] };
}

/** For whoever reads the run's output. */
export function summaryOf(scans: readonly Scan[]): string {
	const sum = (count: (scan: Scan) => number) => scans.reduce((total, scan) => total + count(scan), 0);
	const looked = `${sum(({ files }) => files)} files and ${sum(({ lines }) => lines)} log lines scanned`;
	return `leak scan: ${sum(({ secrets }) => secrets)} secrets issued, ${looked}, found ${sum(({ found }) => found.length)}`;
}

/** As many characters as nothing else has in common with a secret. */
const short = 12;
const long = 24;

/** Finds each secret, as it is and as it may have been written; of a long one a part is enough. */
function searchFor(secrets: readonly string[]): (text: string) => Set<string> {
	const needles = new Map<string, { readonly needle: string; readonly what: string }[]>();
	const begins = new Uint8Array(0x1_00_00);
	for (const secret of secrets) {
		for (const [spelling, text] of Object.entries(spellingsOf(secret))) {
			for (const needle of partsOf(text)) {
				const key = needle.slice(0, short);
				const what = `${secret.slice(0, 9)}… ${spelling}`;
				needles.set(key, [...(needles.get(key) ?? []), { needle, what }]);
				begins[pair(needle, 0)] = 1;
			}
		}
	}
	return (text) => {
		const found = new Set<string>();
		for (let at = 0; at + short <= text.length; at += 1) {
			if (begins[pair(text, at)] === 0) continue;
			for (const { needle, what } of needles.get(text.slice(at, at + short)) ?? []) {
				if (text.startsWith(needle, at)) found.add(what);
			}
		}
		return found;
	};
}

function pair(text: string, at: number): number {
	return ((text.charCodeAt(at) & 0xff) << 8) | (text.charCodeAt(at + 1) & 0xff);
}

function spellingsOf(secret: string): Readonly<Record<string, string>> {
	// A signed token is opened by its signature: what it says beside that is said to whoever asks.
	const text = secret.startsWith("eyJ") ? secret.slice(secret.lastIndexOf(".") + 1) : secret;
	const hex = Buffer.from(text).toString("hex");
	const shifted = [0, 1, 2].map((before) => {
		const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString("base64");
		// The characters that what stands before and after it has a part in are left out.
		return encoded.slice(before === 0 ? 0 : 4).replace(/.{0,3}=*$/, "");
	});
	return {
		"in the clear": text,
		"in a URL": encodeURIComponent(text),
		"in a form": new URLSearchParams({ a: text }).toString().slice(2),
		"in JSON": JSON.stringify(text).slice(1, -1),
		"in hex": hex,
		"in HEX": hex.toUpperCase(),
		...Object.fromEntries(shifted.map((encoded, index) => [`in base64 (${index})`, encoded])),
		...Object.fromEntries(
			shifted.map((encoded, index) => [`in base64url (${index})`, encoded.replaceAll("+", "-").replaceAll("/", "_")]),
		),
	};
}

/** The beginning says only what kind it is, and whose key it is of; every other part is enough to find it by. */
function partsOf(text: string): readonly string[] {
	if (text.length < short) return [];
	if (text.length < 3 * long) return [text];
	const middle = Math.floor((text.length - long) / 2);
	return [text.slice(middle, middle + long), text.slice(-long)];
}
