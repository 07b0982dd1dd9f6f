/**
 * What opens something and stands in a text: codes, tokens, secrets, cookies. Whole words alone, for a random id holds any
 * three or four characters sooner or later.
 */
export function credentialsIn(text: string): string[] {
	return text.match(/(?<![\w-])(?:lk(?:b|c|r|s|cs|rt)?_[\w-]{8,}|eyJ[\w-]+\.[\w-]+)/g) ?? [];
}
