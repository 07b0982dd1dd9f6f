import { describe, expect, test } from "vitest";
import { clientAddress, readAddressSource } from "../../../src/server/client-address.ts";

const proxy = "10.0.0.1";

function addressOf(source: string, headers: Record<string, string>, socket: string | null = proxy): string | null {
	return clientAddress(readAddressSource(source), new Headers(headers), socket);
}

describe("the client's address", () => {
	test("is the socket's, whatever a request says", () => {
		const forged = { "x-forwarded-for": "192.0.2.9", "x-real-ip": "192.0.2.9", "cf-connecting-ip": "192.0.2.9" };
		expect(addressOf("socket", forged)).toBe(proxy);
	});

	test("is what the trusted proxy appended, not what the client had written before it", () => {
		const headers = { "x-forwarded-for": "192.0.2.9, 198.51.100.7" };
		expect(addressOf("header:x-forwarded-for", headers)).toBe("198.51.100.7");
		expect(addressOf("header:X-Forwarded-For", headers)).toBe("198.51.100.7");
	});

	test("is what the outermost of several trusted proxies appended", () => {
		const headers = { "x-forwarded-for": "192.0.2.9, 198.51.100.7, 10.0.0.2" };
		expect(addressOf("header:x-forwarded-for:2", headers)).toBe("198.51.100.7");
		expect(addressOf("header:x-forwarded-for:3", headers)).toBe("192.0.2.9");
	});

	test.for([{}, { "x-forwarded-for": "" }, { "x-forwarded-for": "unknown" }, { "x-forwarded-for": "1.2.3.4, evil" }])(
		"is the socket's where the proxy wrote no address: %o",
		(headers) => {
			expect(addressOf("header:x-forwarded-for", headers)).toBe(proxy);
		},
	);

	test("is the socket's where the list is shorter than the proxies are many", () => {
		expect(addressOf("header:x-forwarded-for:2", { "x-forwarded-for": "192.0.2.9" })).toBe(proxy);
	});

	test.for([
		["::ffff:198.51.100.7", "198.51.100.7"],
		["198.51.100.7:4711", "198.51.100.7"],
		["[2001:db8::1]:4711", "2001:db8::1"],
		["[2001:db8::1]", "2001:db8::1"],
		["fe80::1%eth0", "fe80::1"],
	])("is written one way: %s", ([written = "", plain]) => {
		expect(addressOf("header:x-real-ip", { "x-real-ip": written })).toBe(plain);
	});

	test("is null where there is none", () => {
		expect(addressOf("socket", {}, null)).toBeNull();
	});
});

test.for(["", "proxy", "header", "header:", "header:a b", "header:x:0", "header:x:10", "header:x:y", "SOCKET"])(
	"CLIENT_ADDRESS is not %o",
	(value) => {
		expect(() => readAddressSource(value)).toThrow("CLIENT_ADDRESS must be");
	},
);
