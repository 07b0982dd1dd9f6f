#!/usr/bin/env bash
# oidc-provider 9.13.3, asked by openid-client 6.9.0: somebody else signs in at a browser where Anna is signed in.
#
# A client asks with `prompt=login consent`, and the page of the login says that it was Berta. The provider cannot put her into Anna's
# session, so it sends the browser through its own confirmation of a logout, answers that by yes for her, and goes on as if nothing had
# been. That logout is a whole one: it revokes the grants of every client that Anna used in that browser, refresh tokens with them, not
# alone that of the client that asked. A client that has nothing to do with it finds its tokens dead, and no person pressed "sign out".
# What was granted with offline_access stays. Anna herself, asked again, loses nothing.
#
#> openid: Anna's tokens at one: access true, refresh true; after Anna at two: access true, refresh true; after Berta at two: access false, refresh false
#> openid offline_access: Anna's tokens at one: access true, refresh true; after Anna at two: access true, refresh true; after Berta at two: access true, refresh true
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 oidc-provider@9.13.3 openid-client@6.9.0

cat > run.mjs <<'JS'
import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import * as client from "openid-client";

// The notices of oidc-provider about its defaults.
console.info = () => undefined;

const redirectUri = "https://client.example/callback";
const secret = "a secret of a test, long enough";

async function tried(scope) {
	const server = createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const issuer = `http://127.0.0.1:${server.address().port}`;
	const provider = new Provider(issuer, {
		clients: ["one", "two"].map((id) => ({
			client_id: id,
			client_secret: secret,
			redirect_uris: [redirectUri],
			grant_types: ["authorization_code", "refresh_token"],
		})),
		cookies: { keys: ["a key of a test"] },
		features: { devInteractions: { enabled: false }, introspection: { enabled: true } },
		// With or without offline_access.
		issueRefreshToken: async () => true,
		interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
		findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
	});
	const handle = provider.callback();
	let person;
	server.on("request", async (request, response) => {
		if (!request.url.startsWith("/interaction/")) return handle(request, response);
		const { prompt, params, session } = await provider.interactionDetails(request, response);
		if (prompt.name === "login") {
			return provider.interactionFinished(request, response, { login: { accountId: person } });
		}
		const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
		grant.addOIDCScope(params.scope);
		return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
	});

	const cookies = new Map();
	/** As a browser does: follows redirects, and forms that send themselves. */
	async function open(url, body) {
		const response = await fetch(url, {
			method: body ? "POST" : "GET",
			body,
			redirect: "manual",
			headers: { cookie: [...cookies].map((cookie) => cookie.join("=")).join("; ") },
		});
		for (const cookie of response.headers.getSetCookie()) {
			const [name, value] = cookie.split(";", 1)[0].split(/=(.*)/);
			if (value) cookies.set(name, value);
			else cookies.delete(name);
		}
		const location = response.headers.get("location");
		if (location === null) {
			const page = await response.text();
			const action = /action="([^"]+)"/.exec(page);
			if (!action) throw new Error(`${response.status} ${page}`);
			const fields = [...page.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
			return open(action[1], new URLSearchParams(fields));
		}
		const next = new URL(location, issuer);
		return next.href.startsWith(redirectUri) ? next : open(next);
	}

	const configOf = (clientId) =>
		client.discovery(new URL(issuer), clientId, secret, undefined, { execute: [client.allowInsecureRequests] });
	async function signIn(clientId, as) {
		person = as;
		const config = await configOf(clientId);
		const pkceCodeVerifier = client.randomPKCECodeVerifier();
		const answer = await open(
			client.buildAuthorizationUrl(config, {
				redirect_uri: redirectUri,
				scope,
				prompt: "login consent",
				code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
				code_challenge_method: "S256",
			}),
		);
		const tokens = await client.authorizationCodeGrant(config, answer, { pkceCodeVerifier });
		if (tokens.claims().sub !== as) throw new Error(`${tokens.claims().sub} instead of ${as}`);
		return tokens;
	}

	const { access_token: access, refresh_token: refresh } = await signIn("one", "anna");
	const config = await configOf("one");
	const active = async (token) => (await client.tokenIntrospection(config, token)).active;
	const state = async () => `access ${await active(access)}, refresh ${await active(refresh)}`;
	const seen = [`Anna's tokens at one: ${await state()}`];
	await signIn("two", "anna");
	seen.push(`after Anna at two: ${await state()}`);
	await signIn("two", "berta");
	seen.push(`after Berta at two: ${await state()}`);
	server.close();
	server.closeAllConnections();
	return seen.join("; ");
}

for (const scope of ["openid", "openid offline_access"]) console.log(`${scope}: ${await tried(scope)}`);
JS
node_modules/.bin/node run.mjs 2> log | tee seen || cat log
diff <(echo "$expected") seen
