import { readName } from "./display-name.ts";
import type { PostalAddress, Profile } from "./identity.ts";
import type { Seconds } from "./brands.ts";

/** The members of a {@link Profile} that people write, by the claims that they become (OIDC Core §5.1, §5.1.1). */
export const profileFields = [
	"given_name",
	"middle_name",
	"family_name",
	"nickname",
	"gender",
	"birthdate",
	"profile",
	"picture",
	"website",
	"email",
	"phone_number",
	"locale",
	"zoneinfo",
] as const;
export type ProfileField = (typeof profileFields)[number];

export const addressFields = ["street_address", "locality", "region", "postal_code", "country"] as const;
export type AddressField = (typeof addressFields)[number];

/** What somebody typed. Empty, or left out: they say nothing of it. */
export type ProfileDraft = Readonly<Partial<Record<ProfileField, string>>> & {
	readonly address?: Readonly<Partial<Record<AddressField, string>>>;
};

export interface ProfileProblem {
	/** A claim, or a part of the address: `address.country`. */
	readonly field: ProfileField | `address.${AddressField}`;
	/** A sentence for whoever typed it. */
	readonly detail: string;
}

/** The profile that a draft makes, tidied; or everything that is wrong with it, so that it can be mended at once. */
export function readProfile(
	draft: ProfileDraft,
	now: Seconds,
):
	| { readonly ok: true; readonly profile: Profile }
	| { readonly ok: false; readonly problems: readonly ProfileProblem[] } {
	const problems: ProfileProblem[] = [];
	const read = (field: ProfileProblem["field"], typed: string | undefined, rule: Rule) => {
		const text = typed?.trim() ?? "";
		if (text === "") return {};
		const value = rule.read(text);
		if (value === null) problems.push({ field, detail: rule.detail });
		return value === null ? {} : { [field.replace("address.", "")]: value };
	};
	const said: Profile = Object.assign({}, ...profileFields.map((field) => read(field, draft[field], rules[field])));
	const address: PostalAddress = Object.assign(
		{},
		...addressFields.map((field) => {
			const rule = field === "street_address" ? lines : name;
			return read(`address.${field}`, draft.address?.[field], rule);
		}),
	);
	if (problems.length > 0) return { ok: false, problems };
	const isAddress = Object.keys(address).length > 0;
	return { ok: true, profile: { ...said, ...(isAddress && { address }), updated_at: now } };
}

/** The claims in which two profiles differ; `updated_at` is none that people write. */
export function changedFields(before: Profile, after: Profile): readonly string[] {
	return [...profileFields, "address" as const].filter(
		(field) => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null),
	);
}

interface Rule {
	/** Null for what does not hold. */
	readonly read: (text: string) => string | null;
	readonly detail: string;
}

const name: Rule = { read: readName, detail: "Use at most 100 printable characters." };

/** An address on an envelope has more than one line. */
const lines: Rule = {
	read: (text) => {
		const parts = text.split(/\r?\n/).map((line) => line.trim());
		const isFine = parts.length <= 5 && parts.every((line) => line === "" || readName(line) !== null);
		return isFine ? parts.filter((line) => line !== "").join("\n") : null;
	},
	detail: "Use at most 5 lines of 100 printable characters.",
};

const url: Rule = {
	read: (text) => {
		if (text.length > 2048 || !/^https?:\/\/[\x21-\x7e]+$/i.test(text) || !URL.canParse(text)) return null;
		const { username, password } = new URL(text);
		return username === "" && password === "" ? text : null;
	},
	detail: "Enter a whole URL that begins with https:// or http://, at most 2048 characters.",
};

const rules: Readonly<Record<ProfileField, Rule>> = {
	given_name: name,
	middle_name: name,
	family_name: name,
	nickname: name,
	gender: name,
	profile: url,
	picture: url,
	website: url,
	birthdate: { read: readBirthdate, detail: "Enter YYYY-MM-DD, YYYY for the year alone, or 0000-MM-DD without it." },
	email: { read: readEmail, detail: "Enter an e-mail address such as ada@example.com." },
	phone_number: { read: readPhone, detail: "Enter the number with its country code, such as +44 20 7946 0000." },
	locale: { read: readLocale, detail: "Enter a language tag such as en-GB (BCP 47)." },
	zoneinfo: { read: readZone, detail: "Enter a time zone by its IANA name, such as Europe/London." },
};

/** OIDC Core §5.1: ISO 8601-1 `YYYY-MM-DD`, with the year 0000 where it is left out, or the year alone. */
function readBirthdate(text: string): string | null {
	if (/^(?!0000)\d{4}$/.test(text)) return text;
	const [, year = "", month = "", day = ""] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
	// The 29th of February may be without its year.
	const date = new Date(`${year === "0000" ? "2000" : year}-${month}-${day}T00:00:00Z`);
	return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day) ? text : null;
}

/** RFC 5321 §2.4: the domain is one in either case, and what stands before it is for its host to know. */
export function isSameAddress(one: string, other: string): boolean {
	const [a, b] = [one, other].map((text) => {
		const at = text.lastIndexOf("@");
		return text.slice(0, at) + text.slice(at).toLowerCase();
	});
	return a === b;
}

/** RFC 5322 `addr-spec` as HTML narrows it down, at a domain with a dot in it; null for what is none. */
export function readEmail(text: string): string | null {
	const [, local = "", domain = ""] = /^([\w.!#$%&'*+/=?^`{|}~-]+)@(.+)$/.exec(text) ?? [];
	const label = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
	const labels = domain.split(".");
	const isFine = local !== "" && local.length <= 64 && text.length <= 254 && labels.length > 1;
	return isFine && labels.every((each) => label.test(each)) ? text : null;
}

/** E.164 with an optional extension (RFC 3966), as OIDC Core §5.1 asks; what people put between the digits is dropped. */
function readPhone(text: string): string | null {
	const number = text.replaceAll(/[\s().-]/g, "");
	return /^\+[1-9]\d{6,14}(?:;ext=\d{1,10})?$/.test(number) ? number : null;
}

/** BCP 47, in its canonical form. */
function readLocale(text: string): string | null {
	try {
		return text.length <= 35 ? (Intl.getCanonicalLocales(text)[0] ?? null) : null;
	} catch {
		return null;
	}
}

function readZone(text: string): string | null {
	// An offset such as +01:00 is a time zone for Intl, but none of the database.
	if (text.length > 64 || !/^[A-Za-z]\w*(?:\/[\w+-]+)*$/.test(text)) return null;
	try {
		Intl.DateTimeFormat("en", { timeZone: text });
		return text;
	} catch {
		return null;
	}
}
