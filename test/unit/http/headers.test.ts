import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBasic, readToken } from "../../../src/http/authorization-header.ts";
import { readClientCredentials } from "../../../src/http/client-credentials.ts";
import { clearSessionCookie, readSessionCookie, writeSessionCookie } from "../../../src/http/cookies.ts";
import { readCredential } from "../../../src/http/presented-credential.ts";
import { problem } from "../../../src/http/problem.ts";
import { empty, json, onwardPage, page, seeOther } from "../../../src/http/reply.ts";
import { isSameOrigin } from "../../../src/http/own-form.ts";

function request(headers: Record<string, string> = {}): Request {
	return new Request("https://a.example", { headers });
}

function formEncoded(text: string): string {
	return new URLSearchParams([["", text]]).toString().slice(1);
}

function read(headers: Record<string, string>, params: Record<string, string>) {
	const asked = request(headers);
	return readClientCredentials(asked, readCredential(asked, new URL(asked.url)), new Map(Object.entries(params)));
}

function policyOf(reply: Response): string[] {
	return (reply.headers.get("content-security-policy") ?? "").split("; ");
}

const authorization = (value: string) => request({ authorization: value });

describe("Authorization: Bearer (RFC 6750 §2.1)", () => {
	test.each([
		["Bearer abc", "abc"],
		["bearer a-._~+/9==", "a-._~+/9=="],
		["BEARER   abc  ", "abc"],
		["Bearer", null],
		["Bearer ", null],
		["Bearer a b", null],
		["Bearer a,b", null],
		["Bearerabc", null],
		["Basic abc", null],
		["Bearer ä", null],
		["", null],
	])("%j: %j", (header, value) => {
		expect(readToken(authorization(header))).toEqual(value === null ? null : { kind: "bearer", value });
	});

	test("no header is no token", () => {
		expect(readToken(request())).toBeNull();
	});
});

describe("Authorization: DPoP (RFC 9449 §7.1)", () => {
	test.each([
		["DPoP abc", "abc"],
		["dpop a-._~+/9==", "a-._~+/9=="],
		["DPOP   abc  ", "abc"],
		["DPoP", null],
		["DPoP a b", null],
		["DPoP a, DPoP a", null],
		["Bearer a, DPoP a", null],
	])("%j: %j", (header, value) => {
		const bound = value === null ? null : { kind: "dpop", value, proof: "proof" };
		expect(readToken(request({ authorization: header, dpop: "proof" }))).toEqual(bound);
	});

	test("a token without a proof has none, and a proof without a token is none", () => {
		expect(readToken(authorization("DPoP abc"))).toEqual({ kind: "dpop", value: "abc", proof: null });
		expect(readToken(request({ dpop: "proof" }))).toBeNull();
	});
});

describe("Authorization: Basic (RFC 7617, RFC 6749 §2.3.1)", () => {
	test("id and secret, whatever characters they have", () => {
		const part = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text.isWellFormed());
		fc.assert(
			fc.property(part, part, (id, secret) => {
				const header = `Basic ${btoa(`${formEncoded(id)}:${formEncoded(secret)}`)}`;
				expect(readBasic(authorization(header))).toEqual({ kind: "basic", id, secret });
			}),
		);
	});

	test("a colon in the secret belongs to it", () => {
		expect(readBasic(authorization(`basic ${btoa("id:a:b")}`))).toEqual({ kind: "basic", id: "id", secret: "a:b" });
	});

	test("RFC 7617 §2: a password may be empty", () => {
		expect(readBasic(authorization(`Basic ${btoa("id:")}`))).toEqual({ kind: "basic", id: "id", secret: "" });
	});

	test.each(["", "Bearer abc", "Basicabc", "Basically x"])("%j is none", (header) => {
		expect(readBasic(authorization(header))).toEqual({ kind: "none" });
	});

	test.each(["Basic", "Basic ", "Basic !", `Basic ${btoa("x")}`, `Basic ${btoa(":x")}`, `Basic ${btoa("%:x")}`])(
		"%j is malformed",
		(header) => {
			expect(readBasic(authorization(header)).kind).toBe("malformed");
		},
	);
});

describe("how a client identifies itself (RFC 6749 §2.3)", () => {
	const header = { authorization: `Basic ${btoa("id:secret")}` };

	test("one method at a time", () => {
		expect(read({}, {})).toEqual({ kind: "absent" });
		expect(read({}, { client_secret: "x" })).toEqual({ kind: "absent" });
		expect(read({}, { client_id: "id" })).toMatchObject({ methods: ["none"], secret: null });
		expect(read({}, { client_id: "id", client_secret: "x" })).toMatchObject({
			methods: ["client_secret_post"],
			secret: "x",
		});
		expect(read(header, {})).toMatchObject({ id: "id", methods: ["client_secret_basic"], secret: "secret" });
		expect(read(header, { client_id: "id" })).toMatchObject({ methods: ["client_secret_basic"] });
		expect(read({ authorization: `Basic ${btoa("id:")}` }, {})).toMatchObject({ methods: ["none"], secret: null });
	});

	test("the same pair in both places is good by either method", () => {
		expect(read(header, { client_id: "id", client_secret: "secret" })).toMatchObject({
			id: "id",
			methods: ["client_secret_basic", "client_secret_post"],
			secret: "secret",
		});
	});

	test("two are refused, and so is a malformed one", () => {
		expect(read(header, { client_secret: "x" }).kind).toBe("invalid");
		expect(read(header, { client_id: "other" }).kind).toBe("invalid");
		expect(read({ authorization: "Basic" }, { client_id: "id", client_secret: "x" }).kind).toBe("invalid");
	});
});

describe("the session cookie", () => {
	test.each([
		["__Host-latchkey=abc", "abc"],
		["a=1; __Host-latchkey=abc; b=2", "abc"],
		["a=1;__Host-latchkey=a=b", "a=b"],
		["__Host-latchkey=", ""],
		["__Host-latchkey=a; __Host-latchkey=b", null],
		["__Host-latchkey=a; __Host-latchkey=a", null],
		["__Host-latchkeyx=a", null],
		["x__Host-latchkey=a", null],
		["__host-latchkey=a", null],
		["", null],
	])("%j: %j", (header, value) => {
		expect(readSessionCookie(request({ cookie: header }))).toBe(value);
	});

	test("RFC 6265bis §4.1.3.2: what __Host- demands, and no Domain", () => {
		const written = writeSessionCookie("abc", 60);
		expect(written).toBe("__Host-latchkey=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
		expect(clearSessionCookie()).toMatch(/^__Host-latchkey=; Path=\/; .*Max-Age=0$/);
	});
});

describe("whether a form came from a page of ours", () => {
	const issuer = "https://keys.example";
	test.each([
		[{}, true],
		[{ "sec-fetch-site": "same-origin" }, true],
		[{ "sec-fetch-site": "none" }, true],
		[{ "sec-fetch-site": "same-site" }, false],
		[{ "sec-fetch-site": "cross-site" }, false],
		[{ "sec-fetch-site": "cross-site", origin: issuer }, false],
		[{ "sec-fetch-site": "SAME-ORIGIN" }, false],
		[{ origin: issuer }, true],
		[{ origin: "null" }, false],
		[{ origin: "https://keys.example.evil" }, false],
		[{ origin: "http://keys.example" }, false],
		[{ origin: "https://keys.example:8443" }, false],
	])("%j: %s", (headers, same) => {
		expect(isSameOrigin(request(headers), issuer)).toBe(same);
	});
});

describe("replies", () => {
	test("none of them is cached or sniffed, unless it says so", () => {
		for (const reply of [json(200, {}), empty(204), seeOther("/"), page(200, ""), problem(400, "d")]) {
			expect(reply.headers.get("cache-control")).toBe("no-store");
			expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
			expect(reply.headers.get("strict-transport-security")).toMatch(/^max-age=31536000/);
		}
		expect(json(200, {}, { "cache-control": "public" }).headers.get("cache-control")).toBe("public");
	});

	test("RFC 9700 §4.12: a form's fields are not posted on", () => {
		expect([seeOther("/x").status, seeOther("/x").headers.get("location")]).toEqual([303, "/x"]);
	});

	test("RFC 9457: a problem says its status, and may say more", async () => {
		const reply = problem(403, "Not here.", { title: "No", more: { field: "x" }, headers: { "retry-after": "1" } });
		expect([reply.status, reply.headers.get("content-type"), reply.headers.get("retry-after")]).toEqual([
			403,
			"application/problem+json",
			"1",
		]);
		expect(await reply.json()).toEqual({
			type: "/docs/errors/forbidden",
			code: "forbidden",
			title: "No",
			status: 403,
			detail: "Not here.",
			field: "x",
		});
	});

	test("a page's forms lead nowhere but here; only from one that leads to a client, wherever the client leads on", () => {
		expect(policyOf(page(200, ""))).toContain("form-action 'self'");
		expect(policyOf(onwardPage(200, ""))).not.toContain("form-action");
		// In all else it is a page like any other.
		expect([...policyOf(onwardPage(200, "")), "form-action 'self'"]).toEqual(policyOf(page(200, "")));
	});
});
