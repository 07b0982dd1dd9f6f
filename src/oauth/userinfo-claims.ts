import * as v from "valibot";
import { described, epochSeconds, titled } from "../http/described.ts";
import type { IdentityClaim } from "../domain/identity.ts";
import { type AddressField, addressFields } from "../domain/profile.ts";

// What OIDC Core §5.1 has of each claim, for whoever reads the documentation or generates types of it.

const addressSchema = titled(
	"AddressClaim",
	v.object(
		Object.fromEntries(
			addressFields.map((field) => [field, text(`The part \`${field}\` (OIDC Core §5.1.1).`)]),
		) as Record<AddressField, ReturnType<typeof text>>,
	),
);

const claims = {
	name: text("The whole name, as it is shown."),
	family_name: text("The family name."),
	given_name: text("The given name."),
	middle_name: text("The middle name."),
	nickname: text("What friends call them."),
	preferred_username: text("The user name that they sign in with."),
	profile: text("The URL of a page about them."),
	picture: text("The URL of a picture of them."),
	website: text("The URL of their own site."),
	gender: text("In their own words."),
	birthdate: text("`YYYY-MM-DD`, `0000-MM-DD` or `YYYY`."),
	zoneinfo: text("A time zone by its IANA name, such as `Europe/London`."),
	locale: text("A language tag (BCP 47), such as `en-GB`."),
	updated_at: v.optional(epochSeconds("When they last changed their profile.")),
	email: text("The e-mail address that they entered."),
	email_verified: truth(
		"Whether they have shown by a mailed link that the address is theirs, or an administrator of an account whose word counts " +
			"for the application has said so.",
	),
	address: v.optional(described(addressSchema, "The postal address.")),
	phone_number: text("The phone number (E.164)."),
	phone_number_verified: truth("Always false: nobody makes sure of it here."),
	groups: v.optional(
		described(
			v.array(v.string()),
			"The slug of the account that was chosen, and `slug:role` with their role in it (`admin` or `member`).",
		),
	),
} satisfies Record<IdentityClaim, v.GenericSchema>;

export const userinfoSchema = titled(
	"UserInfo",
	v.looseObject({ sub: described(v.string(), "The person's subject identifier."), ...claims }),
);

function text(says: string) {
	return v.optional(described(v.string(), says));
}

function truth(says: string) {
	return v.optional(described(v.boolean(), says));
}
