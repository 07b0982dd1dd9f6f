import { expect, test } from "vitest";
import { domainOfAddress, readDomain } from "../../../src/domain/account-domain.ts";

test.each([
	["Acme.Example", "acme.example"],
	[" acme.example. ", "acme.example"],
	["bücher.example", "xn--bcher-kva.example"],
	["a-b.co.uk", "a-b.co.uk"],
])("%j is the domain %j", (text, domain) => {
	expect(readDomain(text)).toBe(domain);
});

test.each([
	"acme",
	"",
	"ada@acme.example",
	"acme.example/x",
	"acme.example:8443",
	"https://acme.example",
	"192.0.2.1",
	"0x7f.1",
	"[::1]",
	"acme..example",
	"-a.example",
	"a b.example",
	"acme.example?x",
	`${"a".repeat(64)}.example`,
	`${"a.".repeat(130)}example`,
	"%61cme.example",
	"a_b.example",
])("%j is no domain", (text) => {
	expect(readDomain(text)).toBeNull();
});

test("the domain of an address is what stands behind its last @", () => {
	expect(domainOfAddress("ada@Acme.Example")).toBe("acme.example");
	expect(domainOfAddress('"a@globex.example"@acme.example')).toBe("acme.example");
	expect(domainOfAddress("@acme.example")).toBeNull();
	expect(domainOfAddress("ada")).toBeNull();
});
