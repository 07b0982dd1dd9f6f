import { en, type Words } from "./en.ts";
import type { Language } from "./languages.ts";

/** The catalogue of a language. An isolate evaluates one when somebody first needs it. */
export async function wordsIn(language: Language): Promise<Words> {
	switch (language) {
		case "en":
			return en;
		case "de":
			return (await import("./de.ts")).de;
		case "es":
			return (await import("./es.ts")).es;
		case "fr":
			return (await import("./fr.ts")).fr;
		case "pt":
			return (await import("./pt.ts")).pt;
		case "ja":
			return (await import("./ja.ts")).ja;
	}
}
