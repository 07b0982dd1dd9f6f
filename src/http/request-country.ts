/** ISO 3166-1 alpha-2, of what the platform says and no header, which anybody may write; null where it says nothing. */
export function requestCountry(request: Request): string | null {
	const country: unknown = Object(Reflect.get(request, "cf")).country;
	return typeof country === "string" && /^[A-Z]{2}$/.test(country) && country !== "XX" ? country : null;
}
