import { describe, expect, test } from "vitest";
import { apiOperations, pageRoutes } from "../support/route-table.ts";
import { atConsole } from "../support/console.ts";
import { ada } from "../support/people.ts";
import { type Answer, ask, bearer, postForm } from "../support/requests.ts";
import { logged } from "../support/target.ts";

const form = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const addresses = [...new Set([...apiOperations(), ...pageRoutes()].map(({ path }) => path))].map((path) =>
	path.replaceAll(/:\w+\+?/g, "x").replace("*", "x"),
);

function idOf({ headers }: Answer): string {
	const id = headers.get("request-id") ?? "";
	expect(id).toMatch(form);
	return id;
}

describe("Request-Id", () => {
	test("is on every answer of every address, whatever the method, and each time another", async () => {
		const seen = new Set<string>();
		let count = 0;
		for (const address of [...addresses, "/nothing", "//", "/console/x/y/z"]) {
			for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
				seen.add(idOf(await ask(address, { method })));
				count += 1;
			}
		}
		expect(seen.size).toBe(count);
		expect(count).toBeGreaterThan(700);
	});

	test("is ours: what a caller sends as one is not taken", async () => {
		const theirs = "11111111-1111-4111-8111-111111111111";
		const headers = { "request-id": theirs, "x-request-id": theirs, "cf-ray": theirs };
		expect(idOf(await ask("/.well-known/jwks.json", { headers }))).not.toBe(theirs);
		expect((await logged()).join("\n")).not.toContain(theirs);
	});

	test("is on a preflight, and a page of another origin may read it", async () => {
		const origin = { origin: "https://app.example" };
		idOf(await ask("/oauth/token", { method: "OPTIONS", headers: origin }));
		const answer = await ask("/oauth/userinfo", { headers: origin });
		idOf(answer);
		expect(answer.headers.get("access-control-expose-headers")?.split(", ")).toContain("request-id");
	});

	test("RFC 9457 §3.1.5: a problem names it as its instance", async () => {
		for (const problem of [await ask("/v1/keys"), await ask("/nothing"), await ask("/v1/keys", { method: "PUT" })]) {
			expect(problem.headers.get("content-type")).toBe("application/problem+json");
			expect(problem.body.instance).toBe(`urn:uuid:${idOf(problem)}`);
		}
	});

	test("RFC 6749 §5.2: an error of OAuth has its own members and no other; the header is there", async () => {
		const refused = await postForm("/oauth/token", { grant_type: "authorization_code" });
		expect(Object.keys(refused.body)).toEqual(["error", "error_description"]);
		idOf(refused);
	});

	test("a page that says what went wrong shows it, and no other page does", async () => {
		const visitor = await atConsole(ada);
		const [wrong, right] = [await visitor.open("/console/acme/keys/x"), await visitor.open("/console/acme/keys")];
		expect([wrong.status, right.status]).toEqual([404, 200]);
		for (const page of [wrong, await ask("/oauth/authorize?client_id=x"), await ask("/integrations/x")]) {
			expect(page.text).toContain(`<code id="request-id">${idOf(page)}</code>`);
		}
		expect(right.text).not.toContain("request-id");
	});
});

describe("the log", () => {
	test("has a line for each request, with its id, method, route, status and time, and nothing that the caller wrote", async () => {
		const id = idOf(await ask("/v1/keys/hunter2?apiKey=hunter2", { headers: bearer("hunter2") }));
		const [line, ...more] = await linesOf(id);
		expect(more).toEqual([]);
		expect(line).toEqual({
			at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
			event: "request",
			request: id,
			method: "GET",
			route: "/v1/keys/:id",
			status: 401,
			ms: expect.any(Number) as number,
		});
	});

	test("says of a request to no address that it had none", async () => {
		const id = idOf(await ask("/hunter2/hunter2"));
		expect(await linesOf(id)).toMatchObject([{ event: "request", method: "GET", route: null, status: 404 }]);
	});

	test("an event of a request names it", async () => {
		const credentials = { username: "ada", password: "not the one" };
		const refused = await postForm("/auth/login", credentials);
		expect(refused.status).toBe(401);
		const lines = await linesOf(idOf(refused));
		expect(lines.map(({ event }) => event)).toEqual(["login.refused", "request"]);
	});

	test.each([
		["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736"],
		["cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-will-be", "4bf92f3577b34da6a3ce929d0e0e4736"],
		["ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", undefined],
		["00-00000000000000000000000000000000-00f067aa0ba902b7-01", undefined],
		["00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", undefined],
		["00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", undefined],
		["hunter2", undefined],
	])("Trace Context §3.2: of the traceparent %s it has the trace %s", async (traceparent, trace) => {
		const id = idOf(await ask("/.well-known/jwks.json", { headers: { traceparent } }));
		const [line] = await linesOf(id);
		expect(line?.trace).toBe(trace);
	});

	test("each line is JSON, with a time and an event", async () => {
		const lines = await logged();
		expect(lines.length).toBeGreaterThan(700);
		for (const line of lines) {
			expect(JSON.parse(line)).toMatchObject({ at: expect.any(String) as string, event: expect.any(String) as string });
		}
	});
});

async function linesOf(id: string): Promise<Readonly<Record<string, unknown>>[]> {
	const lines = (await logged()).filter((line) => line.includes(id));
	return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
