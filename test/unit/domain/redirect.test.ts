import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import { appendToQuery, destinationOf, redirectUriProblem } from "../../../src/domain/redirect.ts";
import { isRedirectOf } from "../../../src/domain/client.ts";

describe("redirect URIs that may be registered", () => {
	test.each([
		["an https URL", "https://client.example/cb"],
		["an https URL without a path", "https://client.example"],
		["contract 000: a URL that has a query already", "https://client.example/cb?tenant=1"],
		["a query right after the host", "https://client.example?tenant=1"],
		["a port", "https://client.example:8443/cb"],
		["an internationalised host, as it is on the wire", "https://xn--bcher-kva.example/cb"],
		["a percent-encoded path", "https://client.example/c%20b"],
		["an @ that belongs to the path or query", "https://client.example/@me?mail=a@b.example"],
		["a host in capitals", "https://Client.Example/cb"],
		["an address", "https://192.0.2.1/cb"],
		["an IPv6 address", "https://[2001:db8::1]:8443/cb"],
		["RFC 8252 §7.3: http on the IPv4 loopback", "http://127.0.0.1:53123/cb"],
		["RFC 8252 §7.3: http on the IPv6 loopback", "http://[::1]:53123/cb"],
		["http on localhost", "http://localhost:3000/cb"],
		["RFC 8252 §7.1: a private-use scheme", "com.example.app:/oauth2redirect"],
		["RFC 8252 §7.1: a private-use scheme with digits", "com.example9.app9:/cb"],
		["RFC 8252 §7.1: a private-use scheme with an authority", "com.example.app://callback"],
		["a scheme without a dot (Cursor)", "cursor://anysphere.cursor-mcp/oauth/callback"],
		["a scheme without a dot (Visual Studio Code)", "vscode://ms-vscode.mcp/authorize"],
		["a scheme without a dot (Claude)", "claude://oauth/callback"],
		["a scheme without a dot or a host", "myapp:/callback"],
		["2048 characters", `https://client.example/${"a".repeat(2048 - 23)}`],
	])("%s: %s", (_, uri) => {
		expect(redirectUriProblem(uri)).toBeNull();
	});
});

describe("redirect URIs that are refused", () => {
	const notUrl = "is not an absolute URL";
	const character = "has a character that does not belong in a URL";
	const host = "must begin with https://host";
	const person = "has a user name in it";
	const scheme = "must use https, or a private-use scheme such as com.example.app";
	const actedOn = "has a scheme that browsers or operating systems act on themselves";
	const port0 = "has port 0, where nothing listens";
	const loopback = "must use https (http is for loopback only)";
	test.each([
		["nothing", "", character],
		["RFC 6749 §3.1.2: a relative URL", "/cb", notUrl],
		["RFC 6749 §3.1.2: a scheme-relative URL", "//client.example/cb", notUrl],
		["a host alone", "client.example/cb", notUrl],
		["no host", "https://", notUrl],
		["no host before a query", "https://?x", notUrl],
		["a port that is none", "https://client.example:99999/", notUrl],
		["RFC 6749 §3.1.2: a fragment", "https://client.example/cb#x", "has a fragment"],
		["RFC 6749 §3.1.2: an empty fragment", "https://client.example/cb#", "has a fragment"],
		["a fragment in a private-use scheme", "com.example.app:/cb#x", "has a fragment"],

		["userinfo that looks like the host", "https://client.example@evil.example/", person],
		["a user and a password", "https://a:b@evil.example/", person],
		["an empty user", "https://@evil.example/", person],
		["an empty user and password", "https://:@evil.example/", person],
		["loopback as a user", "http://localhost:3000@evil.example/", person],
		["a user in a private-use scheme", "com.example.app://a@b/cb", person],

		["no slashes: browsers take it for https://evil", "https:evil.example", host],
		["one slash", "https:/evil.example", host],
		["three slashes", "https:///evil.example", host],
		["four slashes", "https:////evil.example", host],
		["a scheme in capitals", "HTTPS://client.example/", host],
		["backslashes for slashes", "https:\\\\evil.example", character],
		["a slash and a backslash", "https:/\\evil.example", character],
		["a backslash after the host", "https://client.example\\@evil.example", character],
		["a backslash in the path", "https://client.example/..\\cb", character],

		["a percent-encoded host", "https://%65vil.example/", host],
		["a percent-encoded dot in the host", "https://client%2Eexample/", host],
		["percent-encoded full-width letters in the host", "https://%EF%BD%85vil.example/", host],
		["an address in hex", "https://0x7f.1/", host],
		["an address as one number", "http://2130706433/", host],
		["a shortened address", "http://127.1/", host],
		["an address in octal", "http://0177.0.0.1/", host],
		["a long form of the loopback", "http://[0:0:0:0:0:0:0:1]/", host],
		["a host that ends a CSP directive", "https://a;script-src/", host],
		["a host that ends a CSP", "https://a,b/", host],
		["a host that is a CSP wildcard", "https://*/", host],
		["a wildcard subdomain", "https://*.client.example/", host],
		["a quote in the host", "https://'self'/", host],
		["an empty port", "https://client.example:/", host],
		["port 0 on loopback, where nothing listens", "http://127.0.0.1:0/cb", port0],
		["port 0 written otherwise", "http://[::1]:000/cb", port0],
		["port 0 of a site", "https://client.example:0/cb", port0],

		["http", "http://client.example/cb", loopback],
		["http on a name that begins like loopback", "http://localhost.evil.example/", loopback],
		["http on a name that ends like loopback", "http://evil-localhost/", loopback],
		["http on a name made of a loopback address", "http://127.0.0.1.nip.io/", loopback],
		["http on localhost with a dot", "http://localhost./", loopback],
		["http on an IPv4-mapped loopback", "http://[::ffff:7f00:1]/", loopback],
		["http on the unspecified address", "http://0.0.0.0/", loopback],
		["http on a private network", "http://192.168.0.1/", loopback],

		["javascript", "javascript:alert(1)", actedOn],
		["javascript that looks like a URL", "javascript://client.example/%0aalert(1)", actedOn],
		["javascript in capitals", "JavaScript:alert(1)", actedOn],
		["data", "data:text/html,<script>alert(1)</script>", actedOn],
		["vbscript", "vbscript:msgbox(1)", actedOn],
		["blob", "blob:https://client.example/1", actedOn],
		["file", "file:///etc/passwd", actedOn],
		["ftp", "ftp://client.example/", actedOn],
		["about", "about:blank", actedOn],
		["websockets", "wss://client.example/", actedOn],
		["intent", "intent://client.example/#Intent;end".replace("#", "%23"), actedOn],
		["a host and a port, without a scheme", "localhost:3000/cb", scheme],
		["a scheme without a dot, and nothing that begins a path", "myapp:cb", scheme],
		["the out-of-band URN", "urn:ietf:wg:oauth:2.0:oob", scheme],
		["a scheme that ends in a dot", "com.:/cb", scheme],
		["a scheme with two dots in a row", "com..example:/cb", scheme],

		["a tab in the scheme, which browsers drop", "java\tscript:alert(1)", character],
		["a newline in the host, which browsers drop", "https://client.example\n.evil.example/", character],
		["a carriage return and a header", "https://client.example/\r\nSet-Cookie: a=b", character],
		["a trailing newline", "https://client.example/cb\n", character],
		["a leading space, which browsers trim", " https://client.example/", character],
		["a trailing space, which browsers trim", "https://client.example/ ", character],
		["a space", "https://client.example/a b", character],
		["a NUL", "https://client.example/\0", character],
		["a leading control character, which browsers trim", "\u0001https://client.example/", character],
		["a delete", "https://client.example/\u007f", character],
		["a host in another script", "https://b\u00fccher.example/", character],
		["a homograph", "https://cl\u0456ent.example/", character],
		["a full-width letter, which becomes ASCII", "https://\uff45vil.example/", character],
		["an ideographic full stop, which becomes a dot", "https://client\u3002example/", character],
		["a soft hyphen, which disappears", "https://cli\u00adent.example/", character],
		["a direction override", "https://client.example/\u202egpj", character],
		["a non-breaking space", "https://client.example/\u00a0", character],
		["a line separator", "https://client.example/\u2028", character],
		["2049 characters", `https://client.example/${"a".repeat(2049 - 23)}`, "is longer than 2048 characters"],
	])("%s: %j", (_, uri, problem) => {
		expect(redirectUriProblem(uri)).toBe(problem);
	});

	test("property: what is accepted is parsed as it is written: same scheme, same host, no user, no fragment", () => {
		const schemes = "https: http: com.example.app: javascript: data: / // \\ @ : ? # & %2e".split(" ");
		const hosts = "client.example evil.example localhost 127.0.0.1 [::1] %65 \t \n é . ; , * 8443".split(" ");
		const piece = fc.constantFrom(...schemes, ...hosts, " ");
		let accepted = 0;
		const built = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(""));
		const https = built.map((rest) => `https://${rest}`);
		fc.assert(
			fc.property(fc.oneof(built, https, https, fc.webUrl({ withQueryParameters: true })), (uri) => {
				if (redirectUriProblem(uri) !== null) return;
				accepted++;
				const url = new URL(uri);
				expect(uri.startsWith(url.protocol)).toBe(true);
				expect(url.username + url.password + url.hash).toBe("");
				if (url.protocol === "https:" || url.protocol === "http:") {
					const [, authority = ""] = /^https?:\/\/([^/?]*)/.exec(uri) ?? [];
					const port = /:\d+$/.exec(authority)?.[0] ?? "";
					assert.equal(authority.toLowerCase().slice(0, authority.length - port.length), url.hostname);
				} else {
					assert.ok(/\../.test(url.protocol) || uri.startsWith(`${url.protocol}/`));
					assert.notMatch(url.protocol, /^(?:javascript|data):$/);
				}
				const answer = new URL(appendToQuery(uri, { code: "c", state: null }));
				expect([answer.protocol, answer.host, answer.pathname]).toEqual([url.protocol, url.host, url.pathname]);
				expect(answer.searchParams.getAll("code")).toEqual(["c"]);
				expect(answer.href.endsWith("code=c")).toBe(true);
			}),
			{ numRuns: 3000 },
		);
		expect(accepted).toBeGreaterThan(300);
	}, 30_000);
});

describe("RFC 9700 §4.1.3: where an answer may go", () => {
	const host = fc.constantFrom("127.0.0.1", "[::1]", "localhost");
	const port = fc.constantFrom(
		"",
		":80",
		":8080",
		":1",
		":65535",
		":65536",
		":0",
		":",
		":8 0",
		"@evil.example",
		".evil.example",
		":80@x",
		"\\@x",
	);
	const rest = fc.constantFrom(
		"",
		"/",
		"/cb",
		"/CB",
		"/cb?x=1",
		"/cb?x=1&y",
		"/cb#x",
		"?x",
		"/c\nb",
		"//evil.example",
		"/../cb",
		"/%63b",
	);
	const uri = fc.tuple(host, port, rest).map((parts) => `http://${parts.join("")}`);
	// Of the same host and path often enough to be the same.
	const pair = fc.oneof(
		fc.tuple(uri, uri),
		fc
			.tuple(host, port, port, rest)
			.map(([at, was, is, to]) => [`http://${at}${was}${to}`, `http://${at}${is}${to}`] as const),
	);

	test("RFC 8252 §7.3: exactly what was registered, but for the port on loopback", () => {
		let matched = 0;
		fc.assert(
			fc.property(pair, ([registered, asked]) => {
				if (registered === asked || redirectUriProblem(registered) !== null) return;
				if (!isRedirectOf({ redirectUris: [registered], authMethods: ["none"] }, asked)) return;
				matched++;
				expect(redirectUriProblem(asked)).toBeNull();
				const [was, is] = [new URL(registered), new URL(asked)];
				expect([is.protocol, is.hostname, is.pathname, is.search]).toEqual([
					was.protocol,
					was.hostname,
					was.pathname,
					was.search,
				]);
				expect(["127.0.0.1", "[::1]", "localhost"]).toContain(is.hostname);
				expect(asked.replace(/:\d+(?=[/?]|$)/, "")).toBe(registered.replace(/:\d+(?=[/?]|$)/, ""));
			}),
			{ numRuns: 5000 },
		);
		expect(matched).toBeGreaterThan(100);
	}, 30_000);

	test.each([
		["https://client.example:8443/cb", "client.example:8443"],
		["http://[::1]:80/cb", "[::1]"],
		["com.example.app://bank.example/cb", "com.example.app:"],
	])("people are told of %s as %s", (redirect, destination) => {
		expect(destinationOf(redirect)).toBe(destination);
	});
});

describe("appending an answer to a redirect URI", () => {
	test.each([
		["without a query", "https://a.example/cb", "https://a.example/cb?code=1"],
		["without a path", "https://a.example", "https://a.example?code=1"],
		["contract 000: with a query", "https://a.example/cb?x=y", "https://a.example/cb?x=y&code=1"],
		["that ends in ?", "https://a.example/cb?", "https://a.example/cb?code=1"],
		["that ends in &", "https://a.example/cb?x=y&", "https://a.example/cb?x=y&code=1"],
		["whose query ends in a ? of its own", "https://a.example/cb?u=/p?", "https://a.example/cb?u=/p?&code=1"],
		["whose query has a ? of its own", "https://a.example/cb?u=/p?q", "https://a.example/cb?u=/p?q&code=1"],
		[
			"whose query would be written otherwise",
			"https://a.example/cb?x=a+b%20c&&y",
			"https://a.example/cb?x=a+b%20c&&y&code=1",
		],
		["of a private-use scheme", "com.example.app:/cb", "com.example.app:/cb?code=1"],
	])("RFC 6749 §3.1.2: %s", (_, uri, expected) => {
		expect(appendToQuery(uri, { code: "1" })).toBe(expected);
	});

	test("what is null is left out, what is empty is not", () => {
		expect(appendToQuery("https://a.example/", { code: "1", state: null })).toBe("https://a.example/?code=1");
		expect(appendToQuery("https://a.example/", { code: "1", state: "" })).toBe("https://a.example/?code=1&state=");
	});

	test("RFC 6749 §4.1.2: any `state` comes back exactly, and can add no parameter or fragment of its own", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), fc.constantFrom("", "?", "?x=y", "?x=y&"), (state, query) => {
				const url = new URL(appendToQuery(`https://a.example/cb${query}`, { code: "c", state }));
				expect(url.searchParams.get("state")).toBe(state.toWellFormed());
				expect([...url.searchParams.keys()].filter((name) => name !== "x")).toEqual(["code", "state"]);
				expect(url.hash).toBe("");
			}),
			{ numRuns: 500 },
		);
	});
});
