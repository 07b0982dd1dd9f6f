import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../runners/free-port.ts";
import { type RunningWorker, startWorker } from "../../runners/start-worker.ts";
import { temporaryFolder } from "../../runners/temporary-folder.ts";
import { demo } from "../../support/demo-world.ts";
import { loginToken, type MadeClient, makeClient, registerApi } from "../../support/own-api.ts";
import { type Apache, startApache } from "./start-apache.ts";

// Debian's libapache2-mod-oauth2, as it is, before an API whose access tokens are latchkey's.

/** Its own, of which the module's client has never heard. */
const identifier = "https://files.example/api";

let folder: string;
let worker: RunningWorker;
let apache: Apache;
let origin: string;
let token: string;

beforeAll(async () => {
	folder = await temporaryFolder();
	await chmod(folder, 0o755); // Apache gives up being root
	worker = await startWorker();
	const admin = await loginToken(worker.origin, demo.ada, "acme");
	const server = await makeClient(worker.origin, admin, { scopes: ["openid"] });
	const permissions = ["files:read", "files:write", "files:delete"];
	await registerApi(worker.origin, admin, { identifier, permissions, servers: [server.id] });
	const members = { scopes: permissions, acts_for_itself: true, default_resource: identifier };
	const machine = await makeClient(worker.origin, admin, members);
	const port = await freePort();
	origin = `http://127.0.0.1:${port}`;
	apache = await startApache(join(folder, "apache"), await api(port, server));
	const config = await client.discovery(
		new URL(worker.origin),
		machine.id,
		{},
		client.ClientSecretBasic(machine.secret),
		{ execute: [client.allowInsecureRequests] }, // loopback
	);
	const tokens = await client.clientCredentialsGrant(config, { scope: "files:write files:read" });
	token = tokens.access_token;
});
afterAll(async () => {
	await Promise.all([apache?.stop(), worker?.stop()]);
	await rm(folder, { recursive: true, force: true });
});

describe.each(["jwks_uri", "metadata", "introspect"])("mod_oauth2 by %s", (how) => {
	test("takes an access token, and hands its claims on", async () => {
		const answer = await ask(`/${how}/`, token);
		expect(await answer.text()).toBe("files:read files:write");
		expect(answer.status).toBe(200);
	});

	test("takes no access token for another API, where its audience is required", async () => {
		expect((await ask(`/${how}/ours/`, token)).status).toBe(200);
		expect((await ask(`/${how}/theirs/`, token)).status).toBe(401);
	});

	test("takes none that was damaged, and none at all", async () => {
		expect((await ask(`/${how}/`, `${token.slice(0, -8)}AAAAAAAA`)).status).toBe(401);
		expect((await fetch(`${origin}/${how}/`)).status).toBe(401);
	});
});

function ask(path: string, bearer: string): Promise<Response> {
	return fetch(origin + path, { headers: { authorization: `Bearer ${bearer}` } });
}

/** As its own oauth2.conf has it. */
async function api(port: number, server: MadeClient): Promise<string> {
	const id = encodeURIComponent(server.id);
	const verify = {
		jwks_uri: `jwks_uri ${worker.origin}/.well-known/jwks.json`,
		metadata: `metadata ${worker.origin}/.well-known/oauth-authorization-server`,
		introspect:
			`introspect ${worker.origin}/oauth/introspect ` +
			`introspect.auth=client_secret_basic&client_id=${id}&client_secret=${encodeURIComponent(server.secret)}`,
	};
	const site = join(folder, "site");
	const places = [];
	for (const [how, directive] of Object.entries(verify)) {
		for (const place of ["", "ours/", "theirs/"]) {
			await mkdir(join(site, how, place), { recursive: true });
			await writeFile(join(site, how, place, "index.shtml"), '<!--#echo var="OAUTH2_CLAIM_scope" -->');
		}
		const place = (path: string, required: string) => `
<Location /${how}/${path}>
	AuthType oauth2
	OAuth2TokenVerify ${directive}
	Require ${required}
</Location>`;
		places.push(
			place("", "valid-user"),
			place("ours/", `oauth2_claim aud:${identifier}`),
			place("theirs/", "oauth2_claim aud:https://another.example"),
		);
	}
	return `
LoadModule oauth2_module /usr/lib/apache2/modules/mod_oauth2.so
Listen 127.0.0.1:${port}
<VirtualHost 127.0.0.1:${port}>
	ServerName 127.0.0.1:${port}
	DocumentRoot "${site}"
	<Directory "${site}">
		Options +Includes
	</Directory>
	${places.join("")}
</VirtualHost>
`;
}
