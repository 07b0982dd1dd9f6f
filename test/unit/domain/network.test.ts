import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAddress, isWithin, readNetwork } from "../../../src/domain/network.ts";

const bits = (bytes: readonly number[]) => bytes.map((each) => each.toString(2).padStart(8, "0")).join("");

describe("RFC 4632 §3.1, RFC 4291 §2.3: a network", () => {
	test.each([
		["192.0.2.0/24", "192.0.2.0/24"],
		[" 192.0.2.7 ", "192.0.2.7/32"],
		["0.0.0.0/0", "0.0.0.0/0"],
		["2001:DB8::/32", "2001:db8::/32"],
		["2001:db8:0:0:0:0:0:1", "2001:db8::1/128"],
		["::/0", "::/0"],
		["2001:db8:8000::/33", "2001:db8:8000::/33"],
		// RFC 4291 §2.5.5.2
		["::ffff:192.0.2.0/120", "192.0.2.0/24"],
		["::ffff:192.0.2.7", "192.0.2.7/32"],
	])("%s is %s", (text, network) => {
		expect(readNetwork(text)).toBe(network);
		expect(readNetwork(network)).toBe(network);
	});

	test.each(
		[
			["", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/08", "192.0.2.0/", "/24", "192.0.2/24", "192.0.2.0.0/24"],
			["10.0.0.1/8", "2001:db8::1/32", "256.0.0.1", "0x7f.0.0.1", "127.1", "010.0.0.1", "1.2.3.4/24/24"],
			["2001:db8::/129", "2001::db8::/32", "fe80::1%eth0", "[::1]", "::1/64", "example.com", "localhost", "*"],
			["::ffff:192.0.2.0/24", "١٢٧.0.0.1", "192.0.2.0 /24", "2001:db8::g"],
		].flat(),
	)("%s is none", (text) => {
		expect(readNetwork(text)).toBeNull();
	});
});

describe("whether an address lies in a network", () => {
	test.each([
		["192.0.2.255", ["192.0.2.0/24"], true],
		["192.0.3.0", ["192.0.2.0/24"], false],
		["192.0.3.0", ["192.0.2.0/24", "192.0.3.0/32"], true],
		["192.0.2.129", ["192.0.2.128/25"], true],
		["192.0.2.127", ["192.0.2.128/25"], false],
		["::ffff:192.0.2.9", ["192.0.2.0/24"], true],
		["2001:db8:ffff::1", ["2001:db8::/32"], true],
		["2001:db9::1", ["2001:db8::/32"], false],
		["2001:DB8:0:0:0:0:0:1", ["2001:db8::1/128"], true],
		["203.0.113.9", ["0.0.0.0/0"], true],
		// Each family has networks of its own.
		["2001:db8::1", ["0.0.0.0/0"], false],
		["192.0.2.1", ["::/0"], false],
		["unknown", ["0.0.0.0/0", "::/0"], false],
		["fe80::1%eth0", ["::/0"], false],
		["192.0.2.1", [], false],
	])("%s in %j: %s", (address, networks, expected) => {
		expect(isWithin(address, networks)).toBe(expected);
	});

	test("an address is in a network if its first bits are, whatever the rest is", () => {
		const octet = fc.nat({ max: 255 });
		fc.assert(
			fc.property(
				fc.tuple(octet, octet, octet, octet),
				fc.tuple(octet, octet, octet, octet),
				fc.nat({ max: 32 }),
				(a, b, prefix) => {
					const first = bits(a).slice(0, prefix).padEnd(32, "0");
					const network = [0, 8, 16, 24].map((at) => Number.parseInt(first.slice(at, at + 8), 2)).join(".");
					expect(isWithin(b.join("."), [`${network}/${prefix}`])).toBe(bits(b).startsWith(bits(a).slice(0, prefix)));
					expect(isWithin(a.join("."), [`${network}/${prefix}`])).toBe(true);
				},
			),
		);
	});

	test("whatever is written, none of it is taken for an address that it is not", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcf.:/%x[] ")) }), (text) => {
				const network = readNetwork(text);
				expect(network === null || readNetwork(network) === network).toBe(true);
				expect(isWithin(text, ["0.0.0.0/0", "::/0"])).toBe(isAddress(text));
			}),
		);
	});
});
