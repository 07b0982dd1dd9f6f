// `npm run demo`: the main job, from a fresh start, as an integrator sees it. Ends with 0 only if every step held.
import assert from "node:assert/strict";
import { startCallbackServer } from "../test/peers/callback-server.ts";
import { demo } from "../test/support/demo-world.ts";
import { createPerson } from "../test/support/person.ts";
import { startWrangler } from "../test/runners/start-wrangler.ts";
import { transcribe } from "./transcript.ts";

const print = (line: string) => console.log(line);
const send = transcribe((line) => print(`   ${line}`));
const endings: (() => Promise<void>)[] = [];
let ending: Promise<void> | null = null;
let step = "the start";
let steps = 0;

let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
	process.once(signal, () => {
		stopped = true;
		print(`\nStopped by ${signal} at ${step}`);
		void end().finally(() => process.exit(1));
	});
}

const begun = Date.now();
try {
	await run();
	await end();
	print(`\nAll ${steps} steps held, in ${((Date.now() - begun) / 1000).toFixed(1)} s.`);
} catch (error) {
	await end();
	const reason = error instanceof Error ? error.message : JSON.stringify(error);
	// What fails after a signal, fails of that.
	if (!stopped) print(`\nFAILED at ${step}: ${reason}`);
	process.exitCode = 1;
}

async function run(): Promise<void> {
	print("Starting the integrator's web server on port 8788, and the Worker (wrangler dev) on fresh local state …");
	const callback = await startCallbackServer();
	endings.push(callback.close);
	const { origin, ready, stop } = await startWrangler();
	endings.push(stop);
	await ready;
	print(`The Worker answers at ${origin}\n`);
	await integration(origin, callback.next);
	await login(origin);
}

/** Contract 000: install, code, tokens, environments, events, refresh; and what becomes of a code that is used twice. */
async function integration(origin: string, arrival: () => Promise<URL>): Promise<void> {
	const { id: clientId, secret: clientSecret, redirectUri: redirect, name } = demo.integration;
	const ada = createPerson(origin, send);

	begin("A developer, Ada, opens the install page of an integration");
	const signIn = await ada.open(`/integrations/${clientId}`);
	holds("she is asked to sign in, and told who asks", signIn.status === 200 && signIn.html.includes(name));

	begin("Ada signs in");
	const consent = await ada.submit(signIn, "Sign in", demo.ada);
	holds("she sees what the integration will be able to do", consent.html.includes("What it will be able to do"));

	begin("Ada installs it, and her browser goes where the answer says");
	const { left } = await ada.submit(consent, "Install");
	assert.ok(left, "The answer does not lead to the integration");
	await send(left.href, {});
	const arrived = await arrival();
	const code = arrived.searchParams.get("code");
	holds("the code arrives at the integration's redirect URL", arrived.href.startsWith(`${redirect}?`) && code !== null);

	begin("The integration's server exchanges the code");
	const exchange = () => postJson({ grantType: "authorization_code", clientId, clientSecret, redirect, code });
	const first = await exchange();
	assert.equal(first.status, 200);
	exactly("the four members of the contract", first.body, ["accessToken", "refreshToken", "expiresIn", "tokenType"]);
	holds("a bearer token for 24 hours", first.body.expiresIn === 86_400 && first.body.tokenType === "Bearer");
	holds("which nobody may cache", first.headers.get("cache-control") === "no-store");

	begin("It lists the developer's environments");
	const listed = await get("/oauth/environments", first.body.accessToken);
	assert.equal(listed.status, 200);
	const environments = listed.body as unknown as Record<string, unknown>[];
	holds("a bare array", Array.isArray(environments) && environments.length > 0);
	for (const each of environments) exactly("", each, ["workspaceId", "environmentId", "apiKey"]);

	begin("It sends an event with the public key of one of them");
	const event = { timestamp: new Date().toISOString(), message: "deployed", service: "checkout" };
	const publicKey = String(environments[0]?.apiKey);
	const sent = await call("/v1/events", {
		method: "POST",
		headers: json({ "x-api-key": publicKey }),
		body: text(event),
	});
	holds("it is taken", sent.status === 202 && sent.body.accepted === 1);

	begin("It refreshes the access token");
	const { refreshToken } = first.body;
	const refresh = () => postJson({ grantType: "refresh_token", clientId, clientSecret, redirect, refreshToken });
	const second = await refresh();
	assert.equal(second.status, 200);
	exactly("the three members of the contract, so no refreshToken", second.body, [
		"accessToken",
		"expiresIn",
		"tokenType",
	]);
	holds("a new access token", second.body.accessToken !== first.body.accessToken);
	holds("and the same refresh token serves again", (await refresh()).status === 200);

	begin("It asks whether the access token is good");
	const introspect = () => {
		const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
		const body = new URLSearchParams({ token: String(second.body.accessToken) });
		return call("/oauth/introspect", { method: "POST", headers: { authorization: `Basic ${credentials}` }, body });
	};
	holds("it is", (await introspect()).body.active === true);

	begin("Somebody uses the code a second time");
	const replayed = await exchange();
	holds("refused, as RFC 6749 says", replayed.status === 400 && replayed.body.error === "invalid_grant");

	begin("and everything that came from that code has ended with it");
	assert.deepEqual((await introspect()).body, { active: false });
	print("   ✓ the access token is good no more");
	const refused = await refresh();
	holds("the refresh token is refused", refused.status === 400 && refused.body.error === "invalid_grant");
	const closed = await get("/oauth/environments", second.body.accessToken);
	holds("the environments are closed", closed.status === 401);

	function postJson(body: Record<string, unknown>) {
		return call("/oauth/token", { method: "POST", headers: json(), body: text(body) });
	}

	function get(path: string, token: unknown) {
		return call(path, { headers: bearer(token) });
	}

	function call(path: string, init: RequestInit) {
		return answerOf(origin + path, init);
	}
}

/** Contract 001: log in with an API key, the same token while it is good, sessions. */
async function login(origin: string): Promise<void> {
	const logIn = (more: Record<string, string> = {}) =>
		answerOf(`${origin}/auth/login`, {
			method: "POST",
			headers: json(),
			body: text({ api_key: demo.accessCode, ...more }),
		});

	begin("A program logs in with an API key");
	const first = await logIn();
	assert.equal(first.status, 200);
	exactly("the three members of the contract", first.body, ["access_token", "expires_in", "token_type"]);
	// expires_in is what remains, and a second may have gone by.
	const isFresh = Number(first.body.expires_in) >= 7195 && Number(first.body.expires_in) <= 7200;
	holds("a bearer token for 2 hours", isFresh && first.body.token_type === "Bearer");

	begin("It logs in again");
	const again = await logIn();
	holds("the same token, byte for byte", again.status === 200 && again.body.access_token === first.body.access_token);
	holds("with what remains of its time", Number(again.body.expires_in) <= 7200);

	begin("It logs in under a session of its own");
	const own = await logIn({ session_id: "nightly-report-7" });
	holds("a fresh token", own.status === 200 && own.body.access_token !== first.body.access_token);

	begin("It lists its sessions");
	const sessions = (token: unknown) => answerOf(`${origin}/auth/sessions`, { headers: bearer(token) });
	const listed = await sessions(first.body.access_token);
	const found = listed.body.sessions as { id: string; session_id: string }[];
	holds("both are there", found.length === 2 && found.some((each) => each.session_id === "nightly-report-7"));

	begin("It revokes one of them");
	const id = found.find((each) => each.session_id === "nightly-report-7")?.id ?? "";
	const headers = bearer(first.body.access_token);
	const revoked = await answerOf(`${origin}/auth/sessions/${id}`, { method: "DELETE", headers });
	holds("done", revoked.status === 204);

	begin("The revoked session's token opens nothing any more");
	holds("refused", (await sessions(own.body.access_token)).status === 401);
	holds("while the other one goes on", (await sessions(first.body.access_token)).status === 200);
}

interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Record<string, unknown>;
}

async function answerOf(url: string, init: RequestInit): Promise<Answer> {
	const response = await send(url, init);
	const content = await response.text();
	const body = content === "" ? {} : (JSON.parse(content) as Record<string, unknown>);
	return { status: response.status, headers: response.headers, body };
}

function json(more: Record<string, string> = {}): Record<string, string> {
	return { "content-type": "application/json", ...more };
}

function bearer(token: unknown): Record<string, string> {
	return { authorization: `Bearer ${String(token)}` };
}

function text(body: Record<string, unknown>): string {
	return JSON.stringify(body);
}

function begin(title: string): void {
	steps++;
	step = `step ${steps}, "${title}"`;
	print(`\n${steps}. ${title}`);
}

function holds(what: string, isTrue: boolean): void {
	assert.ok(isTrue, `This does not hold: ${what}`);
	print(`   ✓ ${what}`);
}

function exactly(what: string, body: Record<string, unknown>, members: readonly string[]): void {
	assert.deepEqual(Object.keys(body).toSorted(), members.toSorted());
	if (what !== "") print(`   ✓ ${what}`);
}

/** What was started ends once, and whoever else asks waits for it. */
function end(): Promise<void> {
	ending ??= (async () => {
		for (const each of endings.toReversed()) await each();
	})();
	return ending;
}
