import type { Brand } from "../domain/brand.ts";
import { en, type Words } from "./en.ts";

/** What stands around whatever a page says. */
export interface Shell {
	/** Whose page it is. */
	readonly brand: Brand;
	/** In which language. */
	readonly words: Words;
	/** Where this page is, for who chooses another language on it; null where it is said in one language, or at no address. */
	readonly here: string | null;
}

/** Of what is said in English to everybody: the console and the documents. */
export function englishShell(brand: Brand): Shell {
	return { brand, words: en, here: null };
}
