import { describe, expect, test } from "vitest";
import { fetchProblem } from "../../../src/domain/public-host.ts";

const here = { issuer: "https://keys.acme.com", isLocal: false };
const local = { issuer: "http://localhost:8787", isLocal: true };

describe("what is fetched for strangers", () => {
	test.each([
		"https://client.example/metadata.json",
		"https://client.example:8443/a?b=c",
		"https://sub.client-site.co.uk/",
		"https://CLIENT.example/x",
		"https://xn--bcher-kva.example/x",
		// Names that only look like others.
		"https://localhost.example/x",
		"https://mylocal.example/x",
		"https://internal.example/x",
		"https://127.0.0.1.example/x",
	])("%s", (url) => {
		expect(fetchProblem(url, here)).toBeNull();
		expect(fetchProblem(url, local)).toBeNull();
	});

	const evil = [
		// Client ID Metadata Document §8.6: special-use addresses, in every notation.
		"https://127.0.0.1/x",
		"https://127.1/x",
		"https://2130706433/x",
		"https://0x7f000001/x",
		"https://0177.0.0.1/x",
		"https://0/x",
		"https://10.0.0.1/x",
		"https://169.254.169.254/latest/meta-data",
		"https://192.168.1.1/x",
		"https://8.8.8.8/x",
		"https://[::1]/x",
		"https://[::ffff:127.0.0.1]/x",
		"https://[::ffff:7f00:1]/x",
		"https://[fd00::1]/x",
		"https://[2606:4700::1111]/x",
		"https://1.2.3.4./x",
		// Names of this machine and of private networks.
		"https://localhost/x",
		"https://LOCALHOST/x",
		"https://localhost./x",
		"https://foo.localhost/x",
		"https://localhost.localdomain/x",
		"https://printer.local/x",
		"https://metadata.google.internal/x",
		"https://router.home.arpa/x",
		"https://1.0.0.127.in-addr.arpa/x",
		"https://nas.lan/x",
		"https://wiki.corp/x",
		"https://db.intranet/x",
		"https://a.test/x",
		"https://a.invalid/x",
		"https://a.onion/x",
		"https://intranet/x",
		"https://client.example./x",
		// Written otherwise than it resolves.
		"https://%6cocalhost/x",
		"https://loc\u0430lhost.example/x",
		"https://client。example/x",
		"https://①②⑦.⓪.⓪.①/x",
		"https://client.example\\@127.0.0.1/x",
		"https:\\\\client.example/x",
		"https:client.example/x",
		"https:///client.example/x",
		"//client.example/x",
		" https://client.example/x",
		"https://client.example/x\n",
		"https://client.exa\tmple/x",
		// Userinfo, fragments, other schemes.
		"https://user@client.example/x",
		"https://user:password@client.example/x",
		"https://@client.example/x",
		"https://client.example@127.0.0.1/x",
		"https://client.example/x#y",
		"https://client.example/x#",
		"http://client.example/x",
		"ftp://client.example/x",
		"file:///etc/passwd",
		"data:application/json,{}",
		"javascript:alert(1)",
		"gopher://client.example/x",
		"",
		"client.example/x",
		`https://client.example/${"x".repeat(2048)}`,
	];
	test.each(evil)("not %j", (url) => {
		expect(fetchProblem(url, here)).toMatch(/^(is|has|must) /);
	});

	test("not this server itself, whatever port or case it is written with", () => {
		for (const url of ["https://keys.acme.com/x", "https://KEYS.acme.com/x", "https://keys.acme.com:8443/x"]) {
			expect(fetchProblem(url, here)).toBe("is of this server itself");
		}
		expect(fetchProblem("https://other.acme.com/x", here)).toBeNull();
	});

	describe("on a loopback issuer", () => {
		test.each([
			"http://localhost:9000/x",
			"http://127.0.0.1:9000/x",
			"http://[::1]:9000/x",
			"https://localhost:9000/x",
			"http://localhost/x",
		])("its neighbour %s as well", (url) => {
			expect(fetchProblem(url, local)).toBeNull();
			expect(fetchProblem(url, here)).not.toBeNull();
		});

		test.each([
			"http://localhost:8787/x",
			"http://127.0.0.1:8787/x",
			"http://[::1]:8787/x",
			"https://localhost:8787/x",
		])("not itself as %s", (url) => {
			expect(fetchProblem(url, local)).toBe("is of this server itself");
		});

		const loopback = /^https:\/\/(127\.0\.0\.1|localhost|\[::1\]|LOCALHOST)\/x$/;
		test.each(evil.filter((url) => !loopback.test(url)))("nor %j", (url) => {
			expect(fetchProblem(url, local)).not.toBeNull();
		});

		test.each([
			"http://client.example/x",
			"http://0.0.0.0:9000/x",
			"http://127.0.0.2:9000/x",
			"http://localhost:99999/x",
		])("nor %s", (url) => {
			expect(fetchProblem(url, local)).not.toBeNull();
		});
	});
});
