import { describe, expect, test } from "vitest";
import { checkMail, ConfigError, developmentSealKey, readConfig } from "../../src/config.ts";
import { noBrand } from "../../src/domain/brand.ts";
import { base64url } from "../../src/crypto/encoding.ts";

const sealKeys = `1:${base64url(new Uint8Array(32).fill(7))}`;
const good = { ISSUER: "https://keys.example", SEAL_KEYS: sealKeys };

/** The variable that stops the start, and why. */
function problemOf(variables: Record<string, unknown>): [string, string] {
	try {
		readConfig({ ...good, ...variables });
	} catch (error) {
		if (error instanceof ConfigError) return [error.variable, error.message];
		throw error;
	}
	throw new Error("It was taken");
}

describe("configuration", () => {
	test("what need not be said", () => {
		const day = 86_400;
		expect(readConfig(good)).toEqual({
			issuer: "https://keys.example",
			origin: "https://keys.example",
			basePath: "",
			isLocal: false,
			masterSecrets: [{ version: 1, secret: new Uint8Array(32).fill(7) }],
			setupSecret: null,
			demoData: false,
			home: "any",
			replicas: true,
			grantTtl: 180 * day,
			grantIdleTtl: 30 * day,
			refreshRepeatWindow: 60,
			rotateKeysEvery: 30 * day,
			auditTtl: 365 * day,
			eventsTtl: 30 * day,
			keyFilePrefix: "BLU",
			pairTokenTtl: day,
			eventsPerHour: 10_000,
			accounts: "operator",
			registration: "off",
			registrationsPerHour: 100,
			unusedClients: 10_000,
			unusedClientTtl: 90 * day,
			clientMetadataDocuments: true,
			dpopNonce: false,
			requirePushedRequests: false,
			securityContacts: [],
			securityExpires: null,
			dnsResolver: null,
			mailFrom: null,
			brand: noBrand,
		});
	});

	test("contract 004: the prefix of key files is 2 to 8 capitals", () => {
		expect(readConfig({ ...good, KEY_FILE_PREFIX: "ACME" }).keyFilePrefix).toBe("ACME");
		for (const wrong of ["A", "NINELONGX", "blu", "A-B", "A1", "=A"]) {
			expect(problemOf({ KEY_FILE_PREFIX: wrong })[0]).toBe("KEY_FILE_PREFIX");
		}
	});

	test("RFC 9116: whom to tell of a weakness, and until when that holds", () => {
		const contacts = ["mailto:security@keys.example", "https://keys.example/report", "tel:+1-201-555-0123"];
		const said = { SECURITY_CONTACT: contacts.join(" "), SECURITY_EXPIRES: "2027-01-02T03:04:05+01:00" };
		expect(readConfig({ ...good, ...said })).toMatchObject({
			securityContacts: contacts,
			securityExpires: new Date("2027-01-02T02:04:05Z"),
		});
		// A deployment that starts after it is over starts all the same.
		expect(readConfig({ ...good, SECURITY_EXPIRES: "2001-01-01T00:00:00Z" }).securityExpires).not.toBeNull();
		for (const wrong of [
			"security@keys.example",
			"http://keys.example",
			"https://keys.example\nX: y",
			"mailto:",
			"javascript:x",
			" \u00e4",
		]) {
			expect([wrong, problemOf({ SECURITY_CONTACT: wrong })[0]]).toEqual([wrong, "SECURITY_CONTACT"]);
		}
		for (const wrong of ["2027-06-30", "2027-13-01T00:00:00Z", "2027-06-30T00:00:00", "tomorrow", "1800000000"]) {
			expect([wrong, problemOf({ SECURITY_EXPIRES: wrong })[0]]).toEqual([wrong, "SECURITY_EXPIRES"]);
		}
	});

	test("DNS is asked of a public https URL, or not at all", () => {
		const url = "https://dns.example.com/dns-query";
		expect(readConfig({ ...good, DNS_RESOLVER: url }).dnsResolver).toBe(url);
		expect(readConfig({ ...good, DNS_RESOLVER: "off" }).dnsResolver).toBeNull();
		for (const wrong of ["http://dns.example.com", "on", "https://10.0.0.1/dns-query", "https://dns.local"]) {
			expect([wrong, problemOf({ DNS_RESOLVER: wrong })[0]]).toEqual([wrong, "DNS_RESOLVER"]);
		}
	});

	test("whom mail comes from, and that somebody sends it", () => {
		for (const [said, meant] of [
			["no-reply@keys.example", { name: null, address: "no-reply@keys.example" }],
			["Keys of Acme <no-reply@keys.example>", { name: "Keys of Acme", address: "no-reply@keys.example" }],
			["<no-reply@keys.example>", { name: null, address: "no-reply@keys.example" }],
		] as const) {
			expect(readConfig({ ...good, MAIL_FROM: said }).mailFrom).toEqual(meant);
		}
		for (const wrong of [
			"keys.example",
			"a@b",
			"a@keys.example, b@keys.example",
			"Keys <a@keys.example> <b@keys.example>",
			"Keys\r\nBcc: b@keys.example <a@keys.example>",
			'"Keys" <a@keys.example>',
			"Keys a@keys.example",
		]) {
			expect([wrong, problemOf({ MAIL_FROM: wrong })[0]]).toEqual([wrong, "MAIL_FROM"]);
		}
		const mail = { send: async () => {} };
		const deployed = readConfig({ ...good, MAIL_FROM: "no-reply@keys.example" });
		expect(checkMail(mail, "SMTP_URL", deployed)).toBe(mail);
		expect(() => checkMail(null, "SMTP_URL", deployed)).toThrow("MAIL_FROM needs SMTP_URL to send mail by");
		expect(checkMail(null, "SMTP_URL", readConfig(good))).toBeNull();
		expect(checkMail(null, "SMTP_URL", { ...deployed, isLocal: true })).toBeNull();
	});

	test("what can be said", () => {
		const said = readConfig({
			...good,
			SETUP_SECRET: "x".repeat(32),
			SUBJECT_HOME: "eu",
			GRANT_DAYS: "1",
			GRANT_IDLE_DAYS: "2",
			KEY_ROTATION_DAYS: "3",
			AUDIT_DAYS: "3650",
			EVENTS_DAYS: "5",
		});
		expect(said).toMatchObject({ setupSecret: "x".repeat(32), home: "eu", grantTtl: 86_400, grantIdleTtl: 172_800 });
		expect(said).toMatchObject({ rotateKeysEvery: 259_200, auditTtl: 3650 * 86_400, eventsTtl: 432_000 });
	});

	test("replicas are there unless somebody switches them off", () => {
		for (const [said, meant] of [
			["on", true],
			["off", false],
		] as const) {
			expect(readConfig({ ...good, REPLICAS: said }).replicas).toBe(meant);
		}
	});

	test("RFC 9449 §8: whether a DPoP proof needs a nonce", () => {
		expect(readConfig(good).dpopNonce).toBe(false);
		for (const [said, meant] of [
			["on", true],
			["off", false],
		] as const) {
			expect(readConfig({ ...good, DPOP_NONCE: said }).dpopNonce).toBe(meant);
		}
	});

	test("who may make accounts", () => {
		for (const accounts of ["operator", "open"])
			expect(readConfig({ ...good, ACCOUNTS: accounts }).accounts).toBe(accounts);
	});

	test("who may register clients, and whether a document is one", () => {
		for (const registration of ["open", "token", "off"]) {
			expect(readConfig({ ...good, REGISTRATION: registration }).registration).toBe(registration);
		}
		for (const [said, meant] of [
			["on", true],
			["off", false],
		] as const) {
			expect(readConfig({ ...good, CLIENT_METADATA_DOCUMENTS: said }).clientMetadataDocuments).toBe(meant);
			const { requirePushedRequests } = readConfig({ ...good, REQUIRE_PUSHED_AUTHORIZATION_REQUESTS: said });
			expect(requirePushedRequests).toBe(meant);
		}
		expect(readConfig(good).requirePushedRequests).toBe(false);
	});

	test("how many clients register themselves, and how long they wait for somebody", () => {
		const said = { REGISTRATIONS_PER_HOUR: "5", UNUSED_CLIENTS: "100", UNUSED_CLIENT_DAYS: "1" };
		expect(readConfig({ ...good, ...said })).toMatchObject({
			registrationsPerHour: 5,
			unusedClients: 100,
			unusedClientTtl: 86_400,
		});
	});

	test.each(["http://localhost:8787", "http://127.0.0.1", "http://[::1]:1", "https://a.example:8443"])(
		"%s is an issuer",
		(issuer) => {
			expect(readConfig({ ...good, ISSUER: issuer })).toMatchObject({ issuer, origin: issuer, basePath: "" });
		},
	);

	test.each([
		["https://keys.example", "/path"],
		["http://localhost:8787", "/tenants/acme"],
		["https://keys.example", "/A~b_c-d.e/1"],
	])("RFC 8414 §2: an issuer may have a path: %s%s", (origin, basePath) => {
		expect(readConfig({ ...good, ISSUER: origin + basePath })).toMatchObject({
			issuer: origin + basePath,
			origin,
			basePath,
		});
	});
});

describe("a variable that is wrong stops the start, and is named", () => {
	const days = "must be whole days, 1 to 3650";
	test.each([
		["ISSUER", undefined, "is missing"],
		["ISSUER", "", "is missing"],
		["ISSUER", 5, "must be a string"],
		["ISSUER", "keys.example", "is not an absolute URL"],
		["ISSUER", "http://keys.example", "must use https"],
		["ISSUER", "ftp://localhost", "must use https"],
		["ISSUER", "http://localhost.evil.example", "must use https"],
		["ISSUER", "https://keys.example/", "must be an origin, such as https://keys.example, or"],
		["ISSUER", "https://keys.example?x", "must be an origin"],
		["ISSUER", "https://keys.example#x", "must be an origin"],
		["ISSUER", "https://KEYS.example", "must be an origin"],
		["ISSUER", "https://user@keys.example", "must be an origin"],
		["ISSUER", "https://keys.example:443", "must be an origin"],
		["ISSUER", "https://keys.example/path/", "must be an origin"],
		["ISSUER", "https://keys.example//path", "must be an origin"],
		["ISSUER", "https://keys.example/path?", "must be an origin"],
		["ISSUER", "https://keys.example/path#", "must be an origin"],
		["ISSUER", "https://keys.example/a/../b", "must be an origin"],
		["ISSUER", "https://keys.example/a/./b", "must be an origin"],
		["ISSUER", "https://keys.example/a/%2e%2e/b", "must be an origin"],
		["ISSUER", "https://keys.example/a%20b", "must be an origin"],
		["ISSUER", "https://keys.example/ä", "must be an origin"],
		["ISSUER", "https://keys.example/a;b", "must be an origin"],
		["ISSUER", "https://keys.example\\path", "must be an origin"],
		["ISSUER", " https://keys.example", "must be an origin"],
		["ISSUER", "https://keys.example/.well-known", "must be an origin"],
		["ISSUER", "https://keys.example/.well-known/oauth-authorization-server", "must be an origin"],
		["SEAL_KEYS", undefined, "is missing"],
		["SEAL_KEYS", "x", "is malformed"],
		["SEAL_KEYS", `${sealKeys},${sealKeys}`, "is malformed: version 1 stands there twice"],
		["SEAL_KEYS", `1:${developmentSealKey}`, "holds the published development key"],
		["SEAL_KEYS", `${sealKeys},2:${developmentSealKey}`, "holds the published development key"],
		["SETUP_SECRET", "x".repeat(31), "is shorter than 32 characters"],
		["DEMO_DATA", "on", "is for a loopback ISSUER only"],
		["DEMO_DATA", "true", "must be `on` or `off`"],
		["SUBJECT_HOME", "mars", "must be one of any, eu"],
		["SUBJECT_HOME", "constructor", "must be one of any, eu"],
		["GRANT_DAYS", "0", days],
		["GRANT_DAYS", "1.5", days],
		["GRANT_IDLE_DAYS", "3651", days],
		["KEY_ROTATION_DAYS", "soon", days],
		["AUDIT_DAYS", "-1", days],
		["EVENTS_DAYS", "NaN", days],
		["ACCOUNTS", "everybody", "must be one of operator, open"],
		["REGISTRATION", "on", "must be one of off, token, open"],
		["REGISTRATION", "Open", "must be one of"],
		["CLIENT_METADATA_DOCUMENTS", "true", "must be one of on, off"],
		["DPOP_NONCE", "true", "must be one of off, on"],
		["REQUIRE_PUSHED_AUTHORIZATION_REQUESTS", "true", "must be one of off, on"],
		["REFRESH_REPEAT_SECONDS", "9", "must be a whole number, 10 to 3600"],
		["REFRESH_REPEAT_SECONDS", "3601", "must be a whole number, 10 to 3600"],
		["REFRESH_REPEAT_SECONDS", "1m", "must be a whole number, 10 to 3600"],
		["REGISTRATIONS_PER_HOUR", "0", "must be a whole number, 1 to 100000"],
		["REGISTRATIONS_PER_HOUR", "many", "must be a whole number"],
		["UNUSED_CLIENTS", "99", "must be a whole number, 100 to 100000"],
		["UNUSED_CLIENTS", "100001", "must be a whole number, 100 to 100000"],
		["UNUSED_CLIENT_DAYS", "0", days],
		["BRAND_NAME", "A\u202eB", "must be 1 to 40 printable characters"],
		["BRAND_NAME", "A".repeat(41), "must be 1 to 40 printable characters"],
		["BRAND_LOGO", "https://cdn.example/logo.svg", "must be a file below /static/"],
		["BRAND_LOGO", "/static/../logo.svg", "must be a file below /static/"],
		["BRAND_LOGO", "//evil.example/static/a.svg", "must be a file below /static/"],
		["BRAND_LOGO", "data:text/html;base64,PGI+", "must be a file below /static/"],
		["BRAND_COLOR", "blue", "must be six hexadecimal digits"],
		["BRAND_COLOR", "#ffcc00", "has a contrast of 1.39 to the page"],
		["SUPPORT_URL", "javascript:alert(1)", "must be an https: or mailto: URL"],
		["PRIVACY_URL", "mailto:a@b.example", "must be an https: URL"],
		["TERMS_URL", "http://acme.example/", "must be an https: URL"],
		["LEGAL_NOTICE_URL", "//acme.example", "must be an https: URL"],
	])("%s: %j %s", (variable, value, problem) => {
		const [named, message] = problemOf({ [variable]: value });
		expect(named).toBe(variable);
		expect(message.startsWith(`${variable} ${problem}`)).toBe(true);
	});

	test("what might be a secret is not in the message", () => {
		for (const variables of [{ SEAL_KEYS: "1:my-own-secret" }, { SETUP_SECRET: "my-own-secret" }]) {
			expect(problemOf(variables)[1]).not.toContain("my-own-secret");
		}
	});

	test("the development key and the demonstration data are for this machine alone", () => {
		const local = { ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" };
		expect(readConfig(local)).toMatchObject({ isLocal: true, demoData: true });
		expect(problemOf({ ...local, ISSUER: "https://localhost.example" })[0]).toBe("SEAL_KEYS");
		expect(problemOf({ ...local, ISSUER: "https://keys.example", SEAL_KEYS: sealKeys })[0]).toBe("DEMO_DATA");
	});
});
