import { createServer } from "node:http";
import process from "node:process";
import type { DemoClient, DemoData } from "../src/operations/upkeep/demo-data.ts";

/** Where the demonstration clients have their redirect URLs (demo-data.ts), and so not ours to choose. */
const port = 8788;

/**
 * In the place of the demonstration clients: shows the code that came, and the request that makes a token of it. Where something else
 * listens there, it is left to that. `CALLBACK_PAGE=off` leaves it out.
 */
export function serveCallbackPage(issuer: string, demo: DemoData): void {
	if (process.env.CALLBACK_PAGE === "off") return;
	for (const host of ["127.0.0.1", "::1"]) {
		const server = createServer((request, response) => {
			const html = callbackPage(request.url ?? "/", issuer, demo);
			response.writeHead(html === null ? 404 : 200, {
				"content-type": "text/html; charset=utf-8",
				"cache-control": "no-store",
				"referrer-policy": "no-referrer",
				"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
			});
			response.end(html ?? page("Nothing here", "<p>Installing the demonstration's integration leads here.</p>"));
		});
		server.on("error", () => server.close());
		server.listen(port, host);
		server.unref();
	}
}

/** Null for what is no redirect URL of a demonstration client. Whatever came in the query is a stranger's. */
export function callbackPage(path: string, issuer: string, demo: DemoData): string | null {
	// `//` is no URL of that, and any site may have a browser ask for it.
	const asked = URL.parse(path, `http://localhost:${port}`);
	if (!asked) return null;
	const { pathname, searchParams } = asked;
	const of = [demo.integration, demo.webApp, demo.nativeApp].find(({ client }) =>
		client.redirectUris.some((uri) => new URL(uri).pathname === pathname),
	);
	if (!of) return null;
	const { name } = of.client;
	const error = searchParams.get("error");
	if (error !== null) return page(`${name}: not allowed`, `<p>It came back with <code>${escaped(error)}</code>.</p>`);
	const code = searchParams.get("code") ?? "";
	// It is copied into a shell.
	if (!/^[\w-]+$/.test(code)) return page(name, "<p>Whoever led here brought no code.</p>");
	return page(
		`${name}: a code came`,
		`<p>It is good once, for three minutes:</p><pre>${code}</pre>${
			of.secret === null
				? "<p>The client that asked for it has the verifier (PKCE) that it needs.</p>"
				: `<p>This makes tokens of it:</p><pre>${escaped(curlOf(of, code, issuer))}</pre>`
		}`,
	);
}

function curlOf({ client, secret }: DemoClient, code: string, issuer: string): string {
	const body = {
		grantType: "authorization_code",
		clientId: client.id,
		clientSecret: secret,
		redirect: client.redirectUris[0],
		code,
	};
	return `curl -s ${issuer}/oauth/token -H 'Content-Type: application/json' -d '${JSON.stringify(body, null, 2)}'`;
}

function page(title: string, content: string): string {
	const look = "body{font:1rem/1.5 system-ui;max-width:56rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}";
	const code =
		"pre{padding:1rem;border:1px solid #8888;border-radius:.5rem;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}";
	return (
		`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<title>${escaped(title)}</title><style>${look}${code}</style><h1>${escaped(title)}</h1>${content}</html>`
	);
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
