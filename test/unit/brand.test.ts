import { beforeAll, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

// Whose page it is: what the configuration says of that is on every page, and nothing else of anybody's is.

const origin = "http://localhost:8787";
const logo = `data:image/svg+xml;base64,${btoa('<svg xmlns="http://www.w3.org/2000/svg"/>')}`;
const variables = {
	ISSUER: origin,
	SEAL_KEYS: `1:${developmentSealKey}`,
	BRAND_NAME: "Acme <ID>",
	BRAND_LOGO: logo,
	BRAND_COLOR: "#0B5D3B",
	SUPPORT_URL: "mailto:help@acme.example",
	PRIVACY_URL: "https://acme.example/privacy",
	TERMS_URL: "https://acme.example/terms",
	LEGAL_NOTICE_URL: "https://acme.example/imprint",
};

let app: Awaited<ReturnType<typeof startMemoryApp>>;
beforeAll(async () => {
	app = await startMemoryApp(variables);
});

async function get(path: string): Promise<{ status: number; text: string; headers: Headers }> {
	const answer = await app.fetch(new Request(origin + path, { headers: { accept: "text/html" } }));
	return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

test.each(["/", "/sign-in", "/recover", "/setup", "/docs", "/oauth/authorize", "/oauth/logout", "/nowhere"])(
	"%s says whose it is, and where help and what binds people are",
	async (path) => {
		const { text } = await get(path);
		expect(text).toContain("· Acme &lt;ID></title>");
		expect(text).toContain(`<img src="${logo}"`);
		expect(text).toContain('href="/brand.css?0b5d3b"');
		for (const url of [variables.SUPPORT_URL, variables.PRIVACY_URL, variables.TERMS_URL, variables.LEGAL_NOTICE_URL]) {
			expect(text).toContain(`<a href="${url}">`);
		}
	},
);

test("the colour is a stylesheet, for light and for dark pages", async () => {
	const { headers, text } = await get("/brand.css?0b5d3b");
	expect(headers.get("content-type")).toBe("text/css; charset=utf-8");
	expect(text).toContain("--pico-primary: #0b5d3b;");
	expect(text.match(/--pico-primary: #/g)).toHaveLength(2);
});

test("RFC 8414 §2: op_policy_uri and op_tos_uri are what the pages lead to", async () => {
	const { text } = await get("/.well-known/oauth-authorization-server");
	expect(JSON.parse(text)).toMatchObject({ op_policy_uri: variables.PRIVACY_URL, op_tos_uri: variables.TERMS_URL });
});

test("a deployment that says nothing of itself is latchkey's, and has none of it", async () => {
	app = await startMemoryApp({ ISSUER: origin, SEAL_KEYS: variables.SEAL_KEYS });
	const { text } = await get("/sign-in");
	expect(text).toContain("Sign in · latchkey</title>");
	expect(text).not.toContain("own-links");
	expect(text).not.toContain("brand.css");
	expect((await get("/brand.css")).text).not.toContain("{");
	expect(JSON.parse((await get("/.well-known/openid-configuration")).text)).not.toHaveProperty("op_policy_uri");
});
