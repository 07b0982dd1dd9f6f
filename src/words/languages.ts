/** The languages that people who are not in the console yet are spoken to in, by their tags (BCP 47). The first is for everybody else. */
export const languages = ["en", "de", "es", "fr", "pt", "ja"] as const;
export type Language = (typeof languages)[number];

export function isLanguage(text: string): text is Language {
	return languages.some((each) => each === text);
}

/** As those call them who read them. */
export const languageNames: Readonly<Record<Language, string>> = {
	en: "English",
	de: "Deutsch",
	es: "Español",
	fr: "Français",
	pt: "Português",
	ja: "日本語",
};
