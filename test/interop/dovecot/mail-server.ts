import { chmod, rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../runners/free-port.ts";
import { type RunningWorker, startWorker } from "../../runners/start-worker.ts";
import { temporaryFolder } from "../../runners/temporary-folder.ts";
import { demo } from "../../support/demo-world.ts";
import { loginToken, type MadeClient, makeClient, registerApi } from "../../support/own-api.ts";
import { answerConsent, createPerson } from "../../support/person.ts";
import { type Dovecot, startDovecot } from "./start-dovecot.ts";

// Debian's dovecot-imapd, as it is: a mail program logs in with an access token, which Dovecot has checked by latchkey.

let folder: string;
let worker: RunningWorker;
let admin: string;
/** What Dovecot is known by where it introspects. */
let server: MadeClient;

const identifier = "https://mail.example/imap";

beforeAll(async () => {
	folder = await temporaryFolder();
	await chmod(folder, 0o755); // its workers give up being root
	worker = await startWorker();
	admin = await loginToken(worker.origin, demo.ada, "acme");
	server = await makeClient(worker.origin, admin, { scopes: ["openid"] });
	await registerApi(worker.origin, admin, { identifier, permissions: ["mail:read"], servers: [server.id] });
});
afterAll(async () => {
	await worker?.stop();
	await rm(folder, { recursive: true, force: true });
});

const ways = [
	{
		how: "UserInfo",
		user: "ada@acme.example",
		mailProgram: { scopes: ["openid", "profile", "email"] },
		oauth2: () => [`introspection_url = ${worker.origin}/oauth/userinfo`],
	},
	{
		how: "introspection",
		user: "ada",
		// It names no resource: what it gets is for this one.
		mailProgram: { scopes: ["mail:read"], default_resource: identifier },
		oauth2: () => [
			"introspection_mode = post",
			`introspection_url = ${worker.origin.replace("//", `//${server.id}:${server.secret}@`)}/oauth/introspect`,
			"username_attribute = username",
			"active_attribute = active",
			"active_value = true",
		],
	},
];

describe.each(ways)("Dovecot by $how", ({ how, user, mailProgram, oauth2 }) => {
	let dovecot: Dovecot;
	let port: number;
	let token: string;

	beforeAll(async () => {
		token = await accessToken(await makeClient(worker.origin, admin, mailProgram), mailProgram.scopes);
		port = await freePort();
		dovecot = await startDovecot(join(folder, how), port, oauth2());
	});
	afterAll(() => dovecot?.stop());

	test.each(["XOAUTH2", "OAUTHBEARER"] as const)("%s: its owner reads their mail", async (mechanism) => {
		expect(await login(mechanism, user, token)).toContain("INBOX");
	});

	test("nobody else does, nor anybody by a token that was damaged", async () => {
		expect(await login("XOAUTH2", "grace", token)).toBeNull();
		expect(await login("XOAUTH2", user, `${token.slice(0, -8)}AAAAAAAA`)).toBeNull();
	});

	/** As a mail program does (RFC 9051): the folders that it is shown, null where it is not let in. */
	function login(mechanism: "XOAUTH2" | "OAUTHBEARER", name: string, bearer: string): Promise<string | null> {
		const answer = {
			XOAUTH2: `user=${name}\u0001auth=Bearer ${bearer}\u0001\u0001`,
			OAUTHBEARER: `n,a=${name},\u0001auth=Bearer ${bearer}\u0001\u0001`,
		};
		return new Promise((resolve, reject) => {
			const socket = connect(port, "127.0.0.1");
			let listed = "";
			const said = createInterface({ input: socket });
			const end = (seen: string | null) => {
				socket.end();
				resolve(seen);
			};
			socket.once("error", reject);
			said.on("line", (line) => {
				if (line.startsWith("* OK")) socket.write(`1 AUTHENTICATE ${mechanism}\r\n`);
				// What it has to say of a refusal comes as a challenge too, and wants an empty answer.
				else if (line === "+ ") socket.write(`${Buffer.from(answer[mechanism]).toString("base64")}\r\n`);
				else if (line.startsWith("+ ")) socket.write("\r\n");
				else if (line.startsWith("1 OK")) socket.write('2 LIST "" *\r\n');
				else if (line.startsWith("* LIST")) listed += line;
				else if (line.startsWith("2 OK")) end(listed);
				else if (line.startsWith("1 NO")) end(null);
			});
		});
	}
});

/** Ada's, by way of the consent page. */
async function accessToken(mailProgram: MadeClient, scopes: readonly string[]): Promise<string> {
	const options = { execute: [client.allowInsecureRequests] }; // loopback
	const secret = client.ClientSecretBasic(mailProgram.secret);
	const config = await client.discovery(new URL(worker.origin), mailProgram.id, {}, secret, options);
	const pkceCodeVerifier = client.randomPKCECodeVerifier();
	const link = client.buildAuthorizationUrl(config, {
		redirect_uri: mailProgram.redirectUri,
		scope: scopes.join(" "),
		code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
		code_challenge_method: "S256",
	});
	const answer = await answerConsent(createPerson(worker.origin), link.href, demo.ada, "Allow");
	return (await client.authorizationCodeGrant(config, answer, { pkceCodeVerifier })).access_token;
}
