import assert from "node:assert/strict";
import { demo } from "../../test/support/demo-world.ts";
import { bearer, json, type Scene } from "./steps.ts";

/** Contract 001: log in with an API key, the same token while it is good, sessions. */
export async function login({ begin, holds, exactly, ask }: Scene): Promise<void> {
	const logIn = (more: Record<string, string> = {}) => ask("/auth/login", json({ api_key: demo.accessCode, ...more }));

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
	const sessions = (token: unknown) => ask("/auth/sessions", { headers: bearer(token) });
	const listed = await sessions(first.body.access_token);
	const found = listed.body.sessions as { id: string; session_id: string }[];
	holds("both are there", found.length === 2 && found.some((each) => each.session_id === "nightly-report-7"));

	begin("It revokes one of them");
	const id = found.find((each) => each.session_id === "nightly-report-7")?.id ?? "";
	const headers = bearer(first.body.access_token);
	const revoked = await ask(`/auth/sessions/${id}`, { method: "DELETE", headers });
	holds("done", revoked.status === 204);

	begin("The revoked session's token opens nothing any more");
	holds("refused", (await sessions(own.body.access_token)).status === 401);
	holds("while the other one goes on", (await sessions(first.body.access_token)).status === 200);
}
