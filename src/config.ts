import { type Brand, type BrandLinks, brandLinks, isBrandLink, isLogo, noBrand } from "./domain/brand.ts";
import { colorProblem, isColor } from "./domain/brand-color.ts";
import { type MasterSecrets, parseMasterSecrets } from "./crypto/server-keys.ts";
import { repeatWindows } from "./domain/refresh.ts";
import { fetchProblem, isLoopback, type Own } from "./domain/public-host.ts";
import { readName } from "./domain/display-name.ts";
import type { Mail, Sender } from "./domain/mail.ts";
import { readEmail } from "./domain/profile.ts";
import { type Home, homes } from "./domain/subject.ts";
import type { Seconds } from "./domain/brands.ts";

/** What a deployment decides. README "Configuration" says the same to people. */
export interface Config {
	/** The issuer identifier (RFC 8414 §2): an origin, and perhaps a path. Never taken from a request. */
	readonly issuer: string;
	/** The issuer's origin. */
	readonly origin: string;
	/** The issuer's path, under which everything here lies: `/base`, or empty for an issuer that is an origin. */
	readonly basePath: string;
	/** Whether the issuer is this machine: what is published for development is good there and nowhere else. */
	readonly isLocal: boolean;
	readonly masterSecrets: MasterSecrets;
	/** Lets one person, once, make the first account. Null forbids it. */
	readonly setupSecret: string | null;
	/** Whether to fill an empty register with the demonstration data. On a loopback issuer only. */
	readonly demoData: boolean;
	/** Where the ledgers of new subjects live. */
	readonly home: Home;
	/** Whether replicas answer checks near their callers. On one machine there is nothing to be far from. */
	readonly replicas: boolean;
	/** How long a refresh token family may live, whatever its use. */
	readonly grantTtl: Seconds;
	/** How long a rotating family lives without use. */
	readonly grantIdleTtl: Seconds;
	/** How long a replaced refresh token gives its successor again, where no client proves itself (DESIGN §4.3). */
	readonly refreshRepeatWindow: Seconds;
	readonly rotateKeysEvery: Seconds;
	readonly auditTtl: Seconds;
	readonly eventsTtl: Seconds;
	/** What the ids in key files begin with (contract 004: `BLU`). */
	readonly keyFilePrefix: string;
	/** How long an access token of a token pair is good (contract 002). */
	readonly pairTokenTtl: Seconds;
	/** What one environment may store in an hour: events, of which each KiB that is begun counts as one. */
	readonly eventsPerHour: number;
	/** Who may make an account: operators, or whoever has signed in. */
	readonly accounts: "operator" | "open";
	/** Who may register a client by RFC 7591: everybody, whoever has `integrations:write` somewhere, or nobody. */
	readonly registration: "open" | "token" | "off";
	/** How many clients one network address may register in an hour. */
	readonly registrationsPerHour: number;
	/** How many clients that registered themselves may wait for somebody's first consent. */
	readonly unusedClients: number;
	/** How long they may, from when they were last used. */
	readonly unusedClientTtl: Seconds;
	/** Whether the URL of a Client ID Metadata Document is a client id. */
	readonly clientMetadataDocuments: boolean;
	/** Whether a DPoP proof has to have a nonce of ours (RFC 9449 §8, §9). */
	readonly dpopNonce: boolean;
	/** Whether authorization requests have to be pushed (RFC 9126 §5), whoever makes them. */
	readonly requirePushedRequests: boolean;
	/** RFC 9116: whom to tell of a weakness, as URIs, the preferred one first. */
	readonly securityContacts: readonly string[];
	/** Until when that holds; null for half a year from each day on. */
	readonly securityExpires: Date | null;
	/** Where DNS is asked over HTTPS (RFC 8484); null asks nobody. */
	readonly dnsResolver: string | null;
	/** Whom mail comes from. Null sends none. */
	readonly mailFrom: Sender | null;
	/** Whose pages they are. */
	readonly brand: Brand;
}

/**
 * The master secret that `wrangler dev` and the tests run with. It is published, so it is refused for any issuer but a
 * loopback one.
 */
export const developmentSealKey = "bGF0Y2hrZXkgZGV2ZWxvcG1lbnQga2V5LCBwdWJsaWM";

/** A variable that stops the start, and why. Its value is not in the message: it may be a secret. */
export class ConfigError extends Error {
	readonly variable: string;

	constructor(variable: string, problem: string) {
		super(`${variable} ${problem}`);
		this.name = "ConfigError";
		this.variable = variable;
	}
}

/** Throws a {@link ConfigError} that names the first variable that is wrong. */
export function readConfig(variables: Readonly<Record<string, unknown>>): Config {
	const text = (name: string): string | null => {
		const value = variables[name];
		if (value === undefined || value === "") return null;
		if (typeof value !== "string") throw new ConfigError(name, "must be a string");
		return value;
	};
	const issuer = readIssuer(text("ISSUER"));
	const { origin } = new URL(issuer);
	const isLocal = isLoopback(new URL(issuer));
	return {
		issuer,
		origin,
		basePath: issuer.slice(origin.length),
		isLocal,
		masterSecrets: readSealKeys(text("SEAL_KEYS"), isLocal),
		setupSecret: readSetupSecret(text("SETUP_SECRET")),
		demoData: readDemoData(text("DEMO_DATA"), isLocal),
		home: readHome(text("SUBJECT_HOME")),
		replicas: readOneOf("REPLICAS", text("REPLICAS"), ["on", "off"]) === "on",
		grantTtl: readDays("GRANT_DAYS", text("GRANT_DAYS"), 180),
		grantIdleTtl: readDays("GRANT_IDLE_DAYS", text("GRANT_IDLE_DAYS"), 30),
		refreshRepeatWindow: readWhole("REFRESH_REPEAT_SECONDS", text("REFRESH_REPEAT_SECONDS"), repeatWindows.bearer, {
			least: 10,
			most: 3600,
		}),
		rotateKeysEvery: readDays("KEY_ROTATION_DAYS", text("KEY_ROTATION_DAYS"), 30),
		auditTtl: readDays("AUDIT_DAYS", text("AUDIT_DAYS"), 365),
		eventsTtl: readDays("EVENTS_DAYS", text("EVENTS_DAYS"), 30),
		keyFilePrefix: readKeyFilePrefix(text("KEY_FILE_PREFIX")),
		pairTokenTtl: 3600 * readWhole("PAIR_TOKEN_HOURS", text("PAIR_TOKEN_HOURS"), 24, { least: 1, most: 24 }),
		eventsPerHour: readWhole("EVENTS_PER_HOUR", text("EVENTS_PER_HOUR"), 10_000, { least: 1000, most: 10_000_000 }),
		accounts: readOneOf("ACCOUNTS", text("ACCOUNTS"), ["operator", "open"]),
		registration: readOneOf("REGISTRATION", text("REGISTRATION"), ["off", "token", "open"]),
		registrationsPerHour: readWhole("REGISTRATIONS_PER_HOUR", text("REGISTRATIONS_PER_HOUR"), 100, {
			least: 1,
			most: 100_000,
		}),
		unusedClients: readWhole("UNUSED_CLIENTS", text("UNUSED_CLIENTS"), 10_000, { least: 100, most: 100_000 }),
		unusedClientTtl: readDays("UNUSED_CLIENT_DAYS", text("UNUSED_CLIENT_DAYS"), 90),
		clientMetadataDocuments:
			readOneOf("CLIENT_METADATA_DOCUMENTS", text("CLIENT_METADATA_DOCUMENTS"), ["on", "off"]) === "on",
		dpopNonce: readOneOf("DPOP_NONCE", text("DPOP_NONCE"), ["off", "on"]) === "on",
		requirePushedRequests:
			readOneOf("REQUIRE_PUSHED_AUTHORIZATION_REQUESTS", text("REQUIRE_PUSHED_AUTHORIZATION_REQUESTS"), [
				"off",
				"on",
			]) === "on",
		securityContacts: readContacts(text("SECURITY_CONTACT")),
		securityExpires: readExpires(text("SECURITY_EXPIRES")),
		dnsResolver: readResolver(text("DNS_RESOLVER"), { issuer, isLocal }),
		mailFrom: readSender(text("MAIL_FROM")),
		brand: readBrand(text),
	};
}

/**
 * What an entry sends mail by, once it is whole: an address and a way. Without a way it is a developer's, who reads it at
 * `/mail`; anywhere else whoever waits for it would wait in vain.
 */
export function checkMail(mail: Mail | null, by: string, { mailFrom, isLocal }: Config): Mail | null {
	if (mail === null && mailFrom !== null && !isLocal) throw new ConfigError("MAIL_FROM", `needs ${by} to send mail by`);
	return mail;
}

function readIssuer(value: string | null): string {
	const name = "ISSUER";
	if (value === null) throw new ConfigError(name, "is missing: the URL at which clients reach this deployment");
	if (!URL.canParse(value)) throw new ConfigError(name, "is not an absolute URL");
	const url = new URL(value);
	// RFC 8414 §2: https, without query or fragment.
	if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url)))
		throw new ConfigError(name, "must use https (http is for loopback only)");
	// A path as every client and proxy writes it: nothing to encode, to resolve or to fold, and no slash at its end.
	const path = url.pathname === "/" ? "" : url.pathname;
	if (url.origin + path !== value || !/^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/.test(path)) {
		const rule = "without a slash at its end, a dot before a name, encoded characters, a query or a fragment";
		throw new ConfigError(name, `must be an origin, such as ${url.origin}, or an origin and a path, ${rule}`);
	}
	return value;
}

function readSealKeys(value: string | null, isLocal: boolean): MasterSecrets {
	const name = "SEAL_KEYS";
	if (value === null) throw new ConfigError(name, "is missing: the server's master secrets, `1:<32 random bytes>`");
	if (value.includes(developmentSealKey) && !isLocal)
		throw new ConfigError(name, "holds the published development key, which is for a loopback ISSUER only");
	const secrets = parseMasterSecrets(value);
	if (typeof secrets === "string") throw new ConfigError(name, `is malformed: ${secrets}`);
	return secrets;
}

function readSetupSecret(value: string | null): string | null {
	if (value !== null && value.length < 32) throw new ConfigError("SETUP_SECRET", "is shorter than 32 characters");
	return value;
}

function readDemoData(value: string | null, isLocal: boolean): boolean {
	if (value === null || value === "off") return false;
	if (value !== "on") throw new ConfigError("DEMO_DATA", "must be `on` or `off`");
	if (!isLocal) throw new ConfigError("DEMO_DATA", "is for a loopback ISSUER only: its passwords are published");
	return true;
}

function readHome(value: string | null): Home {
	const home = homes.find((each) => each === (value ?? "any"));
	if (!home) throw new ConfigError("SUBJECT_HOME", `must be one of ${homes.join(", ")}`);
	return home;
}

function readKeyFilePrefix(value: string | null): string {
	if (value !== null && !/^[A-Z]{2,8}$/.test(value))
		throw new ConfigError("KEY_FILE_PREFIX", "must be 2 to 8 capitals");
	return value ?? "BLU";
}

/** RFC 9116 §2.5.3: URIs; those of the web begin with https. */
function readContacts(value: string | null): readonly string[] {
	const contacts = value?.split(" ").filter((each) => each !== "") ?? [];
	const good = /^(?:https:\/\/[\x21-\x7e]+|mailto:[\x21-\x7e]+@[\x21-\x7e]+|tel:\+?[\d.()-]+)$/;
	if (!contacts.every((each) => good.test(each) && URL.canParse(each))) {
		throw new ConfigError("SECURITY_CONTACT", "must be one or more URIs (https:, mailto:, tel:), with spaces between");
	}
	return contacts;
}

/**
 * RFC 9116 §2.5.5: an instant of RFC 3339. One that is over stops no start, since a deployment starts at any time: whoever
 * reads the file sees that it is stale.
 */
function readExpires(value: string | null): Date | null {
	if (value === null) return null;
	const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value);
	const instant = new Date(value);
	if (!isInstant || Number.isNaN(instant.getTime())) {
		throw new ConfigError("SECURITY_EXPIRES", "must be an instant of RFC 3339, such as 2027-06-30T00:00:00Z");
	}
	return instant;
}

function readResolver(value: string | null, own: Own): string | null {
	if (value === null || value === "off") return null;
	const problem = fetchProblem(value, own);
	if (problem !== null) throw new ConfigError("DNS_RESOLVER", `${problem}: it must be a public https URL, or \`off\``);
	return value;
}

/** `no-reply@example.com`, or with a name before it: `Example <no-reply@example.com>`. */
function readSender(value: string | null): Sender | null {
	if (value === null) return null;
	const [, before = null, within] = /^(?:([^<>"@,;:\\]+) )?<([^<>]+)>$/.exec(value) ?? [];
	const address = readEmail(within ?? value);
	const name = before && readName(before);
	if (address === null || (before !== null && name === null)) {
		throw new ConfigError("MAIL_FROM", "must be an e-mail address, or `Name <address>`");
	}
	return { name, address };
}

function readBrand(text: (name: string) => string | null): Brand {
	const links = brandLinks.map((of) => [of, readLink(linkVariables[of], text(linkVariables[of]), of)]);
	return {
		name: readBrandName(text("BRAND_NAME")),
		logo: readLogo(text("BRAND_LOGO")),
		color: readColor(text("BRAND_COLOR")),
		links: Object.fromEntries(links) as BrandLinks,
	};
}

const linkVariables: Readonly<Record<keyof BrandLinks, string>> = {
	support: "SUPPORT_URL",
	privacy: "PRIVACY_URL",
	terms: "TERMS_URL",
	legalNotice: "LEGAL_NOTICE_URL",
};

function readBrandName(value: string | null): string {
	const name = value === null ? noBrand.name : readName(value);
	// It stands in the narrowest of headers.
	if (name === null || name.length > 40) throw new ConfigError("BRAND_NAME", "must be 1 to 40 printable characters");
	return name;
}

function readLogo(value: string | null): string {
	if (value !== null && !isLogo(value)) {
		const file = "a file below /static/ (.svg, .png, .webp)";
		throw new ConfigError("BRAND_LOGO", `must be ${file}, or such an image as a base64 data: URL`);
	}
	return value ?? noBrand.logo;
}

function readColor(value: string | null): string | null {
	if (value === null) return null;
	if (!isColor(value)) throw new ConfigError("BRAND_COLOR", "must be six hexadecimal digits, such as #3a47bf");
	const problem = colorProblem(value);
	if (problem !== null) throw new ConfigError("BRAND_COLOR", problem);
	return value.toLowerCase();
}

function readLink(name: string, value: string | null, of: keyof BrandLinks): string | null {
	if (value === null || isBrandLink(value, of)) return value;
	throw new ConfigError(name, of === "support" ? "must be an https: or mailto: URL" : "must be an https: URL");
}

/** The first is what it is where nothing is said. */
function readOneOf<Choice extends string>(
	name: string,
	value: string | null,
	choices: readonly [Choice, ...Choice[]],
): Choice {
	const chosen = value === null ? choices[0] : choices.find((each) => each === value);
	if (chosen === undefined) throw new ConfigError(name, `must be one of ${choices.join(", ")}`);
	return chosen;
}

function readDays(name: string, value: string | null, preset: number): Seconds {
	const days = value === null ? preset : Number(value);
	if (!Number.isInteger(days) || days < 1 || days > 3650) throw new ConfigError(name, "must be whole days, 1 to 3650");
	return days * 86_400;
}

function readWhole(
	name: string,
	value: string | null,
	preset: number,
	bounds: { least: number; most: number },
): number {
	const { least, most } = bounds;
	const whole = value === null ? preset : Number(value);
	if (!Number.isInteger(whole) || whole < least || whole > most) {
		throw new ConfigError(name, `must be a whole number, ${least} to ${most}`);
	}
	return whole;
}
