// `node test/interop/stage.ts COMMAND ARGUMENTS…`: the built Worker on workerd behind https, with the demonstration data, and
// beside it the command, for tests in any language. It ends when the command does, as the command did. Needs `npm run build`.
//
// The command finds in its environment:
// - LATCHKEY_ISSUER: an https URL of localhost, whose certificate is of a private authority;
// - LATCHKEY_CA: that authority's certificate, as a PEM file. SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE and
//   NODE_EXTRA_CA_CERTS have it beside those that were trusted before, so that clients run as they come;
// - LATCHKEY_STAGE: a plain http URL, which takes:
//   - `GET /`: the issuer, who the person is, and `token`, which opens the API for them as an administrator;
//   - `GET /visit?url=…`: a new person opens the link, signs in, presses Allow and goes wherever they are sent: visitor.ts says
//     what is answered. `person=<any name>` is the same browser each time, `press=Deny` another button, `method=POST` for a link
//     that is a button of the client's page;
//   - `POST /clients`: makes a client, as `POST /v1/integrations` does, and answers what that answers;
//   - `POST /apis`: registers an API of the person's account, as `POST /v1/apis` does, and answers what that answers.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { type Certificates, makeCertificates } from "../peers/certificates.ts";
import { createVisitor, type Visit, type Visitor } from "../peers/visitor.ts";
import { freePort } from "../runners/free-port.ts";
import { startWorker } from "../runners/start-worker.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { demo } from "../support/demo-world.ts";

const [, , command = "true", ...args] = process.argv;
const person = { ...demo.ada, name: "Ada Lovelace", email: "ada@acme.example" };

const folder = await temporaryFolder();
const certificates = await makeCertificates(folder);
tls.setDefaultCACertificates([...tls.getCACertificates(), certificates.ca]);
const worker = await startWorker({ certificates });
const issuer = worker.origin;
const visitors = new Map<string, Visitor>();
try {
	const port = await freePort();
	const server = createServer((request, response) => {
		void respond(request, response);
	});
	await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
	process.exitCode = await run(await environment(`http://127.0.0.1:${port}`, certificates));
	server.closeAllConnections();
	server.close();
} finally {
	await worker.stop();
	await rm(folder, { recursive: true, force: true });
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { status, body } = await answer(request).catch(failed);
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function failed(error: unknown): Answer {
	return { status: 500, body: { error: String(error) } };
}

interface Answer {
	readonly status: number;
	readonly body: unknown;
}

async function answer(request: IncomingMessage): Promise<Answer> {
	const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://127.0.0.1");
	switch (`${request.method} ${pathname}`) {
		case "GET /":
			return { status: 200, body: { issuer, person, token: await administratorToken() } };
		case "GET /visit":
			return { status: 200, body: await visit(Object.fromEntries(query)) };
		case "POST /clients":
			return api("/v1/integrations", await text(request), { authorization: `Bearer ${await administratorToken()}` });
		case "POST /apis":
			return api("/v1/apis", await text(request), { authorization: `Bearer ${await administratorToken()}` });
		default:
			return { status: 404, body: { error: `There is no ${request.method} ${pathname}` } };
	}
}

function visit({ url = "", person: name, ...how }: Readonly<Record<string, string>>): Promise<Visit> {
	const visitor = visitors.get(name ?? "") ?? createVisitor(issuer, demo.ada);
	if (name !== undefined) visitors.set(name, visitor);
	return visitor.visit(url, how);
}

async function administratorToken(): Promise<string> {
	const { body } = await api("/auth/login", JSON.stringify(demo.ada));
	return (body as { access_token: string }).access_token;
}

async function api(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
	const sent = { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
	const response = await fetch(issuer + path, sent);
	return { status: response.status, body: await response.json() };
}

async function environment(stage: string, { ca, files }: Certificates): Promise<NodeJS.ProcessEnv> {
	// A process that loads something else, from a registry say, goes on trusting whom it trusted.
	const before = process.env.SSL_CERT_FILE ?? "/etc/ssl/certs/ca-certificates.crt";
	const trusted = existsSync(before) ? readFileSync(before, "utf8") : tls.rootCertificates.join("\n");
	const bundle = join(folder, "trusted.pem");
	await writeFile(bundle, `${trusted}\n${ca}`);
	const names = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];
	return {
		...process.env,
		...Object.fromEntries(names.map((name) => [name, bundle])),
		LATCHKEY_ISSUER: issuer,
		LATCHKEY_CA: files.ca,
		LATCHKEY_STAGE: stage,
	};
}

function run(env: NodeJS.ProcessEnv): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { env, stdio: "inherit" });
		child.once("error", reject);
		child.once("close", (code) => resolve(code ?? 1));
	});
}
