import { afterAll, beforeAll, expect, test } from "vitest";
import { type AccountApi, accountApi } from "../../peers/account-api.ts";
import { type AtProvider, createGuest, leftOf } from "../../peers/guest.ts";
import { type RunningWorker, startWorker } from "../../runners/start-worker.ts";
import { demo } from "../../support/demo-world.ts";
import { passwordOf, realmOf } from "./realm.ts";
import { type Keycloak, startKeycloak } from "./start-keycloak.ts";

// Keycloak as its distribution comes, with the realm of a company: its people come in through it.

const us = { id: "latchkey at work", secret: "a secret/with + signs %" };

let keycloak: Keycloak;
let latchkey: RunningWorker;
let acme: AccountApi;
let id: string;

beforeAll(async () => {
	latchkey = await startWorker();
	const { origin } = latchkey;
	keycloak = await startKeycloak(process.env.KEYCLOAK ?? "", [
		realmOf(us, { back: `${origin}/sign-in/with/*`, out: `${origin}/` }),
	]);
	acme = await accountApi(origin, demo.ada, "acme");
	const provider = await acme("POST", "/v1/sign-in-providers", {
		kind: "oidc",
		name: "Acme",
		issuer: `${keycloak.origin}/realms/acme`,
		client_id: us.id,
		client_secret: us.secret,
		groups_claim: "groups",
		group_roles: [{ group: "staff", role: "member" }],
		just_in_time: true,
	});
	id = String(provider.id);
});
afterAll(() => Promise.all([keycloak?.stop(), latchkey?.stop()]));

const asWho =
	(username: string): AtProvider =>
	async (person, link) =>
		person.submit(await person.open(link), "Sign In", { username, password: passwordOf(username) });

async function come(username: string) {
	const guest = createGuest(latchkey.origin, keycloak.origin);
	return { guest, page: await guest.comeBack(await guest.begin(id), asWho(username)) };
}

test("somebody new becomes a member, as their group says, and is the same person when they come again", async () => {
	for (const _ of [1, 2]) {
		const { page } = await come("rosa");
		expect([page.status, new URL(page.url).pathname]).toEqual([200, "/console/acme"]);
	}
	const { people } = await acme("GET", "/v1/people");
	const named = (people as { name: string }[]).filter(({ name }) => name === "Rosa of Acme");
	expect(named).toEqual([expect.objectContaining({ role: "member", username: "rosa@acme" })]);
});

test("who is in none of the groups is nobody here", async () => {
	expect((await come("mallory")).page.status).toBe(403);
});

test("signing out goes on to it, which signs them out and leads back", async () => {
	const { guest } = await come("rosa");
	const asked = await guest.home.open(`/sign-in/with/${id}/sign-out`);
	const there = await guest.there.submit(await guest.there.open(leftOf(asked).href), "Logout");
	expect(leftOf(there).href).toBe(`${latchkey.origin}/`);
});
