import assert from "node:assert/strict";
import { demo } from "../../test/support/demo-world.ts";
import { createPerson } from "../../test/support/person.ts";
import { basic, bearer, json, type Scene } from "./steps.ts";

/** Contract 000: install, code, tokens, environments, events, refresh; and what becomes of a code that is used twice. */
export async function integration(scene: Scene, arrival: () => Promise<URL>): Promise<void> {
	const { begin, holds, exactly, ask, origin, send } = scene;
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
	const exchange = () =>
		ask("/oauth/token", json({ grantType: "authorization_code", clientId, clientSecret, redirect, code }));
	const first = await exchange();
	assert.equal(first.status, 200);
	exactly("the four members of the contract", first.body, ["accessToken", "refreshToken", "expiresIn", "tokenType"]);
	holds("a bearer token for 24 hours", first.body.expiresIn === 86_400 && first.body.tokenType === "Bearer");
	holds("which nobody may cache", first.headers.get("cache-control") === "no-store");

	begin("It lists the developer's environments");
	const listed = await ask("/oauth/environments", { headers: bearer(first.body.accessToken) });
	assert.equal(listed.status, 200);
	const environments = listed.body as unknown as Record<string, unknown>[];
	holds("a bare array", Array.isArray(environments) && environments.length > 0);
	for (const each of environments) exactly("", each, ["workspaceId", "environmentId", "apiKey"]);

	begin("It sends an event with the public key of one of them");
	const event = { timestamp: new Date().toISOString(), message: "deployed", service: "checkout" };
	const sent = await ask("/v1/events", json(event, { "x-api-key": String(environments[0]?.apiKey) }));
	holds("it is taken", sent.status === 202 && sent.body.accepted === 1);

	begin("It refreshes the access token");
	const { refreshToken } = first.body;
	const refresh = () =>
		ask("/oauth/token", json({ grantType: "refresh_token", clientId, clientSecret, redirect, refreshToken }));
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
		const body = new URLSearchParams({ token: String(second.body.accessToken) });
		return ask("/oauth/introspect", { method: "POST", headers: basic(demo.integration), body });
	};
	holds("it is", (await introspect()).body.active === true);

	begin("Somebody uses the code a second time");
	const replayed = await exchange();
	holds("refused, as RFC 6749 says", replayed.status === 400 && replayed.body.error === "invalid_grant");

	begin("and everything that came from that code has ended with it");
	assert.deepEqual((await introspect()).body, { active: false });
	holds("the access token is good no more", true);
	const refused = await refresh();
	holds("the refresh token is refused", refused.status === 400 && refused.body.error === "invalid_grant");
	const closed = await ask("/oauth/environments", { headers: bearer(second.body.accessToken) });
	holds("the environments are closed", closed.status === 401);
}
