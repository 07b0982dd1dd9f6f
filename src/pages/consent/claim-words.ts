import type { IdentityClaim } from "../../domain/identity.ts";

/** What a client learns by a claim that it asks for by its name (OIDC Core §5.1, §5.5). */
export const claimWords: Readonly<Record<IdentityClaim, string>> = {
	name: "See your full name",
	family_name: "See your family name",
	given_name: "See your given name",
	middle_name: "See your middle name",
	nickname: "See your nickname",
	preferred_username: "See your user name",
	profile: "See the address of your profile page",
	picture: "See your picture",
	website: "See the address of your web site",
	gender: "See your gender",
	birthdate: "See your date of birth",
	zoneinfo: "See your time zone",
	locale: "See your language",
	updated_at: "See when you last changed your profile",
	email: "See your e-mail address",
	email_verified: "See whether your e-mail address was confirmed",
	address: "See your postal address",
	phone_number: "See your phone number",
	groups: "See the account that you choose, and your role in it",
	phone_number_verified: "See whether your phone number was confirmed",
};
