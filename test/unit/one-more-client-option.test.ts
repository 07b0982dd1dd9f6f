import { expect, test, vi } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { readDocument } from "../../src/domain/client-document.ts";
import type { ClientOption } from "../../src/domain/client-option.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

// One more entry in the list of a client's options is all that the API, its documentation, the console, registration and
// Client ID Metadata Documents need. Here it is one that nobody has.

vi.mock("../../src/domain/client-options.ts", async (original) => {
	const there = await original<typeof import("../../src/domain/client-options.ts")>();
	const { texts } = await import("../../src/domain/client-option.ts");
	const colours: ClientOption = {
		schema: texts(3),
		rule: (colour) => (/^[a-z]+$/.test(colour) ? null : "is no colour"),
		preset: [],
		metadata: "colours",
		people: {
			name: "colours",
			doc: "are those that it is painted in",
			of: "application",
			group: "access",
			label: "Colours of the application",
			hint: "One a line.",
			control: { kind: "lines", each: "Colour" },
		},
	};
	return { ...there, clientOptions: { ...there.clientOptions, colours } };
});

const issuer = "http://localhost:8787";
const ownPage = { origin: issuer, "sec-fetch-site": "same-origin" };
const variables = { ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on", REGISTRATION: "open" };
const app = await startMemoryApp(variables);
const ada = { username: "ada", password: "ada-demo-password" };

async function send(method: string, path: string, headers: Record<string, string> = {}, body?: BodyInit) {
	const init = { method, headers, redirect: "manual", ...(body !== undefined && { body }) } as const;
	const response = await app.fetch(new Request(issuer + path, init));
	const text = await response.text();
	const isJson = response.headers.get("content-type")?.includes("json") ?? false;
	return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}

function sendJson(method: string, path: string, body: object, headers: Record<string, string> = {}) {
	return send(method, path, { "content-type": "application/json", ...headers }, JSON.stringify(body));
}

const login = await sendJson("POST", "/auth/login", { ...ada, account: "acme" });
const bearer = { authorization: `Bearer ${login.body.access_token}` };
const application = {
	kind: "application",
	name: "Painted",
	redirect_urls: ["https://paint.example/cb"],
	scopes: ["events:read"],
};

test("the JSON API reads it, keeps it, changes it, answers it, and says what is wrong with it", async () => {
	const made = await sendJson("POST", "/v1/integrations", { ...application, colours: [" red ", "blue"] }, bearer);
	expect(made).toMatchObject({ status: 201, body: { colours: ["red", "blue"] } });
	const path = `/v1/integrations/${made.body.client_id}`;
	expect((await sendJson("PATCH", path, { description: "Else" }, bearer)).body.colours).toEqual(["red", "blue"]);
	expect((await sendJson("PATCH", path, { colours: ["green"] }, bearer)).body.colours).toEqual(["green"]);
	expect((await sendJson("PATCH", path, { colours: [] }, bearer)).body.colours).toEqual([]);
	const wrong = await sendJson("PATCH", path, { colours: ["blue", "b1ue"] }, bearer);
	expect(wrong.body.errors).toEqual([{ field: "colours", detail: "Colour 2 is no colour." }]);
	expect((await sendJson("PATCH", path, { colours: "red" }, bearer)).status).toBe(400);
	expect((await sendJson("PATCH", path, { colors: ["red"] }, bearer)).status).toBe(400);
	const integration = { ...application, name: "Plain", kind: "integration", colours: ["red"] };
	expect((await sendJson("POST", "/v1/integrations", integration, bearer)).body.errors).toHaveLength(1);
});

test("the documentation has it: in words, in what is sent and in what is answered", async () => {
	const { paths, components } = (await send("GET", "/openapi.json")).body;
	const { description } = paths["/v1/integrations"].post;
	expect(description).toContain("`colours` are those that it is painted in.");
	const list = { type: "array", items: { type: "string" }, maxItems: 3, description: "Colours of the application." };
	for (const path of ["/v1/integrations", "/oauth/register"]) {
		const { requestBody, responses } = paths[path].post;
		for (const { content } of [requestBody, responses[201]]) {
			const name = content["application/json"].schema.$ref.replace("#/components/schemas/", "");
			expect(components.schemas[name].properties.colours).toEqual(list);
		}
	}
});

test("the console's form shows it, reads it, and says beside it what is wrong; the page of the client shows it", async () => {
	const signedIn = await send("POST", "/sign-in", ownPage, new URLSearchParams(ada));
	const cookie = signedIn.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
	const form = "/console/acme/integrations/new";
	const page = await send("GET", form, { cookie });
	expect(page.text).toMatch(/<label for="colours">Colours of the application<\/label><textarea[^>]*name="colours"/);
	const post = (colours: string) => {
		const body = new FormData();
		for (const [, name = "", value = ""] of page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)) {
			body.set(name, value);
		}
		const typed = { type: "web", name: "By hand", redirect_urls: "https://paint.example/cb", colours };
		for (const [name, value] of Object.entries(typed)) body.set(name, value);
		return send("POST", form, { cookie, ...ownPage }, body);
	};
	const wrong = await post("b1ue");
	expect([wrong.status, wrong.text]).toEqual([
		400,
		expect.stringMatching(/id="colours-error">Colour 1 is no colour\./),
	]);
	const made = await post("red\r\nblue\r\n");
	const id = /id="client-id"[^>]*>([^<]+)</.exec(made.text)?.[1] ?? "";
	expect((await send("GET", `/v1/integrations/${id}`, bearer)).body.colours).toEqual(["red", "blue"]);
	const shown = await send("GET", `/console/acme/integrations/${id}`, { cookie });
	expect(shown.text).toMatch(/Colours of the application<\/h2>.*<code>blue<\/code>/);
});

test("RFC 7591, RFC 7592: software registers it, is answered it, and replaces it", async () => {
	const metadata = {
		redirect_uris: ["https://paint.example/cb"],
		token_endpoint_auth_method: "none",
		colours: ["red"],
	};
	const made = await sendJson("POST", "/oauth/register", metadata);
	expect(made).toMatchObject({ status: 201, body: { colours: ["red"] } });
	const headers = { authorization: `Bearer ${made.body.registration_access_token}` };
	const path = `/oauth/register/${made.body.client_id}`;
	expect((await send("GET", path, headers)).body.colours).toEqual(["red"]);
	const { colours: _, ...without } = { ...metadata, client_id: made.body.client_id };
	expect((await sendJson("PUT", path, without, headers)).body).not.toHaveProperty("colours");
	const wrong = await sendJson("POST", "/oauth/register", { ...metadata, colours: ["b1ue"] });
	expect(wrong.body).toEqual({
		error: "invalid_client_metadata",
		error_description: "colours has a member that is no colour",
	});
});

test("a Client ID Metadata Document has it", () => {
	const id = "https://paint.example/client.json";
	const document = { client_id: id, redirect_uris: ["https://paint.example/cb"], colours: ["red"] };
	expect(readDocument(id, document, { issuer, isLocal: true })).toMatchObject({
		client: { options: { colours: ["red"] } },
	});
});
