#!/usr/bin/env bash
# oidc-provider 9.13.3, asked by openid-client 6.9.0: `auth_time` of a person who takes five minutes to read the page of consent.
#
# auth_time is "when the End-User authentication occurred" (OpenID Connect Core section 2). provider.interactionFinished adds what a
# page found out to what the pages before it did (mergeWithLastSubmission, which is on where nothing is said), so that the page of
# consent hands in the login a second time, and a login without a `ts` is one of now. So auth_time is when consent was given, and the
# session has the later time too: every other client is told it. A `ts` from the page of the login puts that right, and shows that
# nobody minds the time between: with a max_age that ran out on the page of consent the provider does not ask anew, since this request
# has had its login, and the client refuses the answer. With mergeWithLastSubmission off the person signs in twice. A test whose pages
# answer at once sees nothing of all that.
#
#> as it comes, max_age 3600: login, consent; auth_time 300 s after the login
#> as it comes, another client, 10 s later: consent; auth_time 300 s after the login
#> with ts, max_age 3600: login, consent; auth_time 0 s after the login
#> with ts, another client, 10 s later: consent; auth_time 0 s after the login
#> with ts, max_age 60: login, consent; refused by the client: too much time has elapsed since the last End-User authentication
#> with ts, unmerged, max_age 60: login, consent, login; auth_time 300 s after the login
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 oidc-provider@9.13.3 openid-client@6.9.0

cat > run.mjs <<'JS'
import { createServer } from "node:http";
import { mock } from "node:test";
import { Provider } from "oidc-provider";
import * as client from "openid-client";

// The notices of oidc-provider about its defaults.
console.info = () => undefined;
mock.timers.enable({ apis: ["Date"], now: Date.now() });
const now = () => Math.floor(Date.now() / 1000);

const redirectUri = "https://client.example/callback";
const secret = "a secret of a test, long enough";

/** A provider with a browser of its own: ask() goes through a sign-in at a client and says which pages were seen. */
async function stage({ withTs, merged }) {
	const server = createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const issuer = `http://127.0.0.1:${server.address().port}`;
	const provider = new Provider(issuer, {
		clients: ["one", "two"].map((id) => ({
			client_id: id,
			client_secret: secret,
			redirect_uris: [redirectUri],
		})),
		cookies: { keys: ["a key of a test"] },
		features: { devInteractions: { enabled: false } },
		interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
		findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
	});
	const handle = provider.callback();
	const pages = [];
	let firstLogin;

	server.on("request", async (request, response) => {
		if (!request.url.startsWith("/interaction/")) return handle(request, response);
		const { prompt, params, session } = await provider.interactionDetails(request, response);
		pages.push(prompt.name);
		if (prompt.name === "login") {
			firstLogin ??= now();
			const login = { accountId: "anna", ...(withTs && { ts: now() }) };
			return provider.interactionFinished(request, response, { login });
		}
		mock.timers.tick(300_000);
		const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
		grant.addOIDCScope("openid");
		const consent = { grantId: await grant.save() };
		const options = merged ? [] : [{ mergeWithLastSubmission: false }];
		return provider.interactionFinished(request, response, { consent }, ...options);
	});

	const cookies = new Map();
	async function open(url) {
		const response = await fetch(url, {
			redirect: "manual",
			headers: { cookie: [...cookies].map((cookie) => cookie.join("=")).join("; ") },
		});
		for (const cookie of response.headers.getSetCookie()) {
			const [name, value] = cookie.split(";", 1)[0].split(/=(.*)/);
			cookies.set(name, value);
		}
		const location = response.headers.get("location");
		if (location === null) throw new Error(`${response.status} ${await response.text()}`);
		const next = new URL(location, issuer);
		return next.href.startsWith(redirectUri) ? next : open(next);
	}

	async function ask(clientId, maxAge) {
		pages.length = 0;
		const config = await client.discovery(new URL(issuer), clientId, secret, undefined, {
			execute: [client.allowInsecureRequests],
		});
		const pkceCodeVerifier = client.randomPKCECodeVerifier();
		const answer = await open(
			client.buildAuthorizationUrl(config, {
				redirect_uri: redirectUri,
				scope: "openid",
				code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
				code_challenge_method: "S256",
				max_age: String(maxAge),
			}),
		);
		const outcome = await client.authorizationCodeGrant(config, answer, { pkceCodeVerifier, maxAge }).then(
			(tokens) => `auth_time ${tokens.claims().auth_time - firstLogin} s after the login`,
			(error) => `refused by the client: ${error.cause.message}`,
		);
		return `${pages.join(", ")}; ${outcome}`;
	}
	const close = () => {
		server.close();
		server.closeAllConnections();
	};
	return { ask, close };
}

for (const [title, withTs] of [
	["as it comes", false],
	["with ts", true],
]) {
	const { ask, close } = await stage({ withTs, merged: true });
	console.log(`${title}, max_age 3600: ${await ask("one", 3600)}`);
	mock.timers.tick(10_000);
	console.log(`${title}, another client, 10 s later: ${await ask("two", 3600)}`);
	close();
}
for (const [title, merged] of [
	["with ts", true],
	["with ts, unmerged", false],
]) {
	const { ask, close } = await stage({ withTs: true, merged });
	console.log(`${title}, max_age 60: ${await ask("one", 60)}`);
	close();
}
JS
node_modules/.bin/node run.mjs 2> log | tee seen || cat log
diff <(echo "$expected") seen
