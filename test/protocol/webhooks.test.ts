import { afterAll, describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { answering } from "../peers/relying-party.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { startWebhookReceiver, verified } from "../peers/webhook-receiver.ts";
import { eventually } from "../support/eventually.ts";
import { call, type Credential, good, newName, tokenOf } from "../support/keys-api.ts";
import { anAccount, aKey, aPerson, aPolicy, slugOf } from "../support/registered.ts";
import { refusal, times } from "../support/requests.ts";
import { deliveriesOf, type ShownDelivery, type ShownWebhook } from "../support/webhooks.ts";
import { advance, logged, now, runCron, sendDueWebhooks, stored } from "../support/target.ts";

// Standard Webhooks 1.0, as whoever is told sees it, and whoever has them told.

const server = await startStrangerServer();
afterAll(() => server.close());

type Endpoint = ShownWebhook & { readonly secret: string };

/** An account of its own, and whoever administers it. */
async function anAdministrator() {
	const account = await anAccount();
	const who = await aPerson({ [account]: "admin" });
	return { account, who, admin: await tokenOf(who, slugOf(account)) };
}

const made = async (admin: Credential, url: string, more: object = {}) =>
	good<Endpoint>(await call("POST", "/v1/webhooks", { url, ...more }, admin), 201);

/** An account with a receiver that is told of everything in it. */
async function told(more: object = {}) {
	const party = await anAdministrator();
	const receiver = startWebhookReceiver(server);
	const endpoint = await made(party.admin, receiver.url, more);
	return { ...party, receiver, endpoint };
}

const policyMade = async (admin: Credential) =>
	good<{ id: string }>(
		await call(
			"POST",
			"/v1/policies",
			{ name: newName("Policy"), description: "Of a test", permissions: ["keys:read"] },
			admin,
		),
		201,
	);

const log = (endpoint: Endpoint, admin: Credential, query = "") => deliveriesOf(endpoint, admin, query);

/** Until its log says so of the newest: what goes on beside an answer takes its time. */
function newestIs(endpoint: Endpoint, admin: Credential, expected: object): Promise<ShownDelivery> {
	return eventually(async () => {
		const [newest] = (await log(endpoint, admin)).deliveries;
		expect(newest).toMatchObject(expected);
		// It is counted before it is sent.
		expect(newest?.last_try).toBeTruthy();
		return newest as ShownDelivery;
	});
}

const endpointOf = async ({ id }: Endpoint, admin: Credential) =>
	good<Endpoint>(await call("GET", `/v1/webhooks/${id}`, undefined, admin));

/** Time passes, and the alarm rings. */
async function later(seconds: number, { id }: Endpoint): Promise<void> {
	await advance(seconds);
	await sendDueWebhooks(id);
}

const soon = { timeout: 30_000 };

describe("Standard Webhooks: what is sent", () => {
	test("Webhook headers: webhook-id, webhook-timestamp and webhook-signature, which its own library verifies", async () => {
		const { admin, receiver, endpoint, account, who } = await told();
		const policy = await policyMade(admin);
		const received = await receiver.nth(0);
		expect(verified(received, endpoint.secret, now())).toEqual({
			type: "policy.created",
			timestamp: new Date(now() * 1000).toISOString().replace(".000Z", "Z"),
			data: {
				account_id: account,
				actor_id: who.id,
				object_id: policy.id,
				details: expect.objectContaining({ name: expect.stringContaining("Policy") }),
			},
		});
		const { method, headers } = received;
		expect([method, headers["content-type"], headers.authorization, headers.cookie]).toEqual([
			"POST",
			"application/json",
			undefined,
			undefined,
		]);
		expect(received.id).toMatch(/^msg_[\w-]{27}$/);
		expect(headers["webhook-timestamp"]).toBe(String(now()));
		await newestIs(endpoint, admin, { id: received.id, state: "delivered", tries: 1, last_try: { status: 204 } });
	});

	test("Signature scheme: another body, id or time is refused, and so is a replay after five minutes", async () => {
		const { admin, receiver, endpoint } = await told();
		await policyMade(admin);
		const received = await receiver.nth(0);
		const { headers, body } = received;
		expect(() => verified({ headers, body: body.replace("policy", "Policy") }, endpoint.secret, now())).toThrow(
			/signature/i,
		);
		expect(() =>
			verified({ body, headers: { ...headers, "webhook-id": "msg_other" } }, endpoint.secret, now()),
		).toThrow(/signature/i);
		const timestamp = String(now() + 1);
		expect(() =>
			verified({ body, headers: { ...headers, "webhook-timestamp": timestamp } }, endpoint.secret, now()),
		).toThrow(/signature/i);
		expect(() => verified(received, endpoint.secret, now() + 301)).toThrow(/too old/i);
		expect(verified(received, endpoint.secret, now() + 299)).toBeTruthy();
	});

	test("Signing keys are unique per endpoint, and of 32 bytes; one secret verifies nothing of another", async () => {
		const { admin, receiver, endpoint } = await told();
		const other = await made(admin, startWebhookReceiver(server).url);
		for (const { secret } of [endpoint, other]) {
			expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
		}
		await policyMade(admin);
		const received = await receiver.nth(0);
		expect(() => verified(received, other.secret, now())).toThrow(/signature/i);
	});

	test("Event types: an endpoint is sent those that it has chosen; null is all of them", async () => {
		const { admin, receiver, endpoint } = await told({ event_types: ["key.created"] });
		const all = startWebhookReceiver(server);
		await made(admin, all.url, { event_types: null });
		await policyMade(admin);
		good(await call("POST", "/v1/keys", { name: newName(), tags: [], policies: [] }, admin), 201);
		expect((await receiver.nth(0)).event.type).toBe("key.created");
		await all.nth(1);
		expect(all.received.map(({ event }) => event.type)).toEqual(
			expect.arrayContaining(["policy.created", "key.created"]),
		);
		expect((await log(endpoint, admin)).deliveries.map(({ type }) => type)).toEqual(["key.created"]);
	});

	test("Multiple endpoints: each has the same event under the same webhook-id", async () => {
		const { admin, receiver } = await told();
		const other = startWebhookReceiver(server);
		await made(admin, other.url);
		await policyMade(admin);
		const [one, two] = [await receiver.nth(0), await other.nth(0)];
		expect(one.id).toBe(two.id);
		expect(one.body).toBe(two.body);
	});

	test("nothing of another account, nor of what was before the endpoint was made", async () => {
		const { admin, receiver, endpoint } = await told();
		await advance(1);
		await policyMade((await told()).admin);
		await policyMade(admin);
		await receiver.nth(0);
		await runCron();
		expect((await log(endpoint, admin)).deliveries).toHaveLength(1);
	});

	test("alerts too: access_code.expiring, of one that ends within 30 days", async () => {
		const { account, receiver, endpoint } = await told({ event_types: ["access_code.expiring"] });
		const key = await aKey(account, []);
		await advance(340 * 86_400);
		await runCron();
		const received = await receiver.nth(0);
		expect(verified(received, endpoint.secret, now())).toMatchObject({
			type: "access_code.expiring",
			data: { account_id: account, subject_id: key.id, target_id: key.codeId, alert_id: expect.any(String) },
		});
	});
});

describe("Standard Webhooks: zero downtime secret rotation", () => {
	test("Webhook headers: for 24 hours both secrets sign, with a space between the two; then the new one alone", async () => {
		const { admin, who, account, receiver, endpoint } = await told();
		const rotated = good<Endpoint>(await call("POST", `/v1/webhooks/${endpoint.id}/secrets`, undefined, admin), 201);
		expect(rotated.secret).not.toBe(endpoint.secret);
		await policyMade(admin);
		const both = await receiver.nth(0);
		expect(String(both.headers["webhook-signature"])).toMatch(/^v1,\S{44} v1,\S{44}$/);
		for (const { secret } of [endpoint, rotated]) expect(verified(both, secret, now())).toBeTruthy();
		await advance(86_400);
		await policyMade(await tokenOf(who, slugOf(account)));
		const one = await receiver.nth(1);
		expect(verified(one, rotated.secret, now())).toBeTruthy();
		expect(() => verified(one, endpoint.secret, now())).toThrow(/signature/i);
	});

	test("whoever rotates twice in a day has a reason: the first of three signs no more", async () => {
		const { admin, receiver, endpoint } = await told();
		const rotate = async () =>
			good<Endpoint>(await call("POST", `/v1/webhooks/${endpoint.id}/secrets`, undefined, admin), 201);
		const [second, third] = [await rotate(), await rotate()];
		await policyMade(admin);
		const received = await receiver.nth(0);
		for (const { secret } of [second, third]) expect(verified(received, secret, now())).toBeTruthy();
		expect(() => verified(received, endpoint.secret, now())).toThrow(/signature/i);
	});

	test("a secret is shown when it is made, and never again; what is stored is sealed", async () => {
		const { admin, endpoint } = await told();
		const answers = [
			await call("GET", "/v1/webhooks", undefined, admin),
			await call("GET", `/v1/webhooks/${endpoint.id}`, undefined, admin),
			await call("PATCH", `/v1/webhooks/${endpoint.id}`, { description: "Chat" }, admin),
		];
		for (const { text } of answers) expect(text).not.toMatch(/whsec_|secret":/);
		const key = endpoint.secret.slice("whsec_".length, -1);
		expect(JSON.stringify(await stored())).not.toContain(key);
		expect((await logged()).join()).not.toContain(key);
	});
});

describe("Standard Webhooks: deliverability", () => {
	test("Example retry schedule: it is tried ten times in three days, under one webhook-id and a new timestamp each", async () => {
		const { admin, receiver, endpoint } = await told();
		receiver.answers(answering(500, {}, "It is broken"));
		await policyMade(admin);
		const first = await receiver.nth(0);
		const failed = { state: "waiting", tries: 1, last_try: { status: 500, answer: "It is broken" } };
		await newestIs(endpoint, admin, failed);
		const began = now();
		const waits = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
		for (const wait of waits) {
			await later(wait - 1, endpoint);
			const before = receiver.received.length;
			await later(Math.ceil(wait / 10) + 1, endpoint);
			expect(receiver.received.length).toBe(before + 1);
		}
		expect(receiver.received).toHaveLength(10);
		expect(now() - began).toBeGreaterThanOrEqual(272_105);
		const last = await receiver.nth(9);
		expect([last.id, last.body]).toEqual([first.id, first.body]);
		expect(last.headers["webhook-timestamp"]).not.toBe(first.headers["webhook-timestamp"]);
		expect(verified(last, endpoint.secret, now())).toBeTruthy();
		await later(7 * 86_400, endpoint);
		expect(receiver.received).toHaveLength(10);
	});

	test("Deliverability: an endpoint that took nothing for days is disabled, with an alert and an entry that tell", async () => {
		const { admin, who, account, receiver, endpoint } = await told({ description: "Chat" });
		const other = startWebhookReceiver(server);
		await made(admin, other.url, { event_types: ["webhook.disabled"] });
		receiver.answers(answering(500));
		await policyMade(admin);
		await receiver.nth(0);
		await newestIs(endpoint, admin, { tries: 1 });
		for (let round = 0; round < 9; round++) await later(95_040, endpoint);
		expect(receiver.received).toHaveLength(10);
		const fresh = await tokenOf(who, slugOf(account));
		expect(await endpointOf(endpoint, fresh)).toMatchObject({ enabled: false, disabled_for: "failing" });
		expect((await other.nth(0)).event).toMatchObject({
			type: "webhook.disabled",
			data: { subject_id: endpoint.id, details: { reason: "failing", description: "Chat" } },
		});
		const entries = good<{ entries: readonly object[] }>(
			await call("GET", "/v1/audit?action=webhook.disable", undefined, fresh),
		).entries;
		expect(entries).toEqual([expect.objectContaining({ actor: "system", target: endpoint.id })]);
	});

	test("one that takes other events meanwhile is not disabled: that event alone has failed", async () => {
		const { admin, who, account, receiver, endpoint } = await told();
		receiver.answers(answering(500));
		await policyMade(admin);
		await newestIs(endpoint, admin, { tries: 1 });
		await advance(3600);
		receiver.answers((response, { event }) => answering(event.type === "webhook.test" ? 204 : 500)(response));
		good(await call("POST", `/v1/webhooks/${endpoint.id}/test`, undefined, admin), 202);
		await newestIs(endpoint, admin, { type: "webhook.test", state: "delivered" });
		for (let round = 0; round < 9; round++) await later(95_040, endpoint);
		const fresh = await tokenOf(who, slugOf(account));
		expect(await endpointOf(endpoint, fresh)).toMatchObject({ enabled: true });
		expect((await log(endpoint, fresh, "?state=failed")).deliveries).toHaveLength(1);
	});

	test("Delivery success and failure: 410 Gone disables the endpoint at once", async () => {
		const { admin, receiver, endpoint } = await told();
		receiver.answers(answering(410));
		await policyMade(admin);
		await newestIs(endpoint, admin, { state: "failed", tries: 1, last_try: { status: 410 } });
		await eventually(async () =>
			expect(await endpointOf(endpoint, admin)).toMatchObject({ enabled: false, disabled_for: "gone" }),
		);
		await policyMade(admin);
		await runCron();
		expect(receiver.received).toHaveLength(1);
		// Whoever enables it has seen why.
		const enabled = good(await call("PATCH", `/v1/webhooks/${endpoint.id}`, { enabled: true }, admin));
		expect(enabled).toMatchObject({ enabled: true, disabled_for: null });
	});

	test("Delivery success and failure: 3xx is a failure, and is not followed", async () => {
		const { admin, receiver, endpoint } = await told();
		const elsewhere = startWebhookReceiver(server);
		receiver.answers(answering(307, { location: elsewhere.url }));
		await policyMade(admin);
		await newestIs(endpoint, admin, { state: "waiting", tries: 1, last_try: { status: 307 } });
		expect(elsewhere.received).toEqual([]);
	});

	test.each([200, 201, 202, 204, 299])(
		"Delivery success and failure: %i is success, whatever is in the answer",
		async (status) => {
			const { admin, receiver, endpoint } = await told();
			receiver.answers(answering(status, {}, status === 204 ? "" : "x".repeat(20_000)));
			await policyMade(admin);
			const taken = await newestIs(endpoint, admin, { state: "delivered", last_try: { status } });
			expect(taken.last_try?.answer.length).toBeLessThanOrEqual(300);
		},
	);

	test.each([
		["seconds", () => "600"],
		["a date", () => new Date((now() + 600) * 1000).toUTCString()],
	])("RFC 9110 §10.2.3: Retry-After with %s is heeded, for all that waits for the endpoint", async (_, header) => {
		const { admin, receiver, endpoint } = await told();
		receiver.answers(answering(503, { "retry-after": header() }));
		await policyMade(admin);
		await newestIs(endpoint, admin, { tries: 1, last_try: { status: 503 } });
		receiver.answers(answering(204));
		await later(590, endpoint);
		expect(receiver.received).toHaveLength(1);
		await later(11, endpoint);
		expect(receiver.received).toHaveLength(2);
	});

	test.each([429, 502, 504])(
		"Delivery success and failure: after %i the endpoint is left alone for a minute",
		async (status) => {
			const { admin, receiver, endpoint } = await told();
			receiver.answers(answering(status));
			await policyMade(admin);
			await newestIs(endpoint, admin, { tries: 1, last_try: { status } });
			await later(58, endpoint);
			expect(receiver.received).toHaveLength(1);
			await later(3, endpoint);
			expect(receiver.received).toHaveLength(2);
		},
	);

	test(
		"Request timeouts: one that never answers costs 15 seconds, and keeps no other endpoint waiting",
		soon,
		async () => {
			const { admin, receiver, endpoint } = await told();
			const other = startWebhookReceiver(server);
			await made(admin, other.url);
			receiver.answers(() => {});
			await policyMade(admin);
			const began = Date.now();
			await other.nth(0);
			expect(Date.now() - began).toBeLessThan(10_000);
			await expect
				.poll(async () => (await log(endpoint, admin)).deliveries[0], { timeout: 25_000, interval: 500 })
				.toMatchObject({ state: "waiting", tries: 1, last_try: { status: null, reason: "It took too long" } });
		},
	);

	test("one whose server is not there is tried again", async () => {
		const { admin } = await anAdministrator();
		const gone = await startStrangerServer();
		const url = gone.serve(() => {});
		await gone.close();
		const endpoint = await made(admin, url);
		await policyMade(admin);
		const { last_try } = await newestIs(endpoint, admin, { state: "waiting", tries: 1 });
		expect(last_try).toMatchObject({ status: null, reason: "It could not be reached" });
	});

	test("of ten at once that have it sent each delivery goes out once", async () => {
		const { admin, receiver, endpoint } = await told();
		receiver.answers(answering(500));
		for (const _ of times(3, () => 0)) await policyMade(admin);
		await eventually(async () =>
			expect((await log(endpoint, admin)).deliveries.map(({ last_try }) => last_try?.status)).toEqual([500, 500, 500]),
		);
		receiver.answers(answering(204));
		await advance(6);
		await Promise.all(times(10, () => sendDueWebhooks(endpoint.id)));
		expect(receiver.received).toHaveLength(6);
	});
});

describe("the log of an endpoint", () => {
	test("Manual retries: what failed is sent again under its webhook-id; what waits is not", async () => {
		const { admin, receiver, endpoint } = await told();
		receiver.answers(answering(410));
		await policyMade(admin);
		const { id } = await newestIs(endpoint, admin, { state: "failed" });
		const path = `/v1/webhooks/${endpoint.id}/deliveries/${id}`;
		await eventually(async () => expect(await endpointOf(endpoint, admin)).toMatchObject({ enabled: false }));
		const isOff = await call("POST", `${path}/send`, undefined, admin);
		expect([isOff.status, isOff.text]).toEqual([409, expect.stringContaining("The endpoint is disabled")]);
		good(await call("PATCH", `/v1/webhooks/${endpoint.id}`, { enabled: true }, admin));
		receiver.answers(answering(500));
		good(await call("POST", `${path}/send`, undefined, admin), 202);
		expect((await receiver.nth(1)).id).toBe(id);
		await newestIs(endpoint, admin, { state: "waiting", tries: 1 });
		const waits = await call("POST", `${path}/send`, undefined, admin);
		expect([waits.status, waits.text]).toEqual([409, expect.stringContaining("It waits to be sent already")]);
		expect(good(await call("GET", path, undefined, admin))).toMatchObject({ id, type: "policy.created" });
		const other = await anAdministrator();
		for (const [method, to] of [
			["GET", path],
			["POST", `${path}/send`],
		] as const) {
			expect((await call(method, to, undefined, other.admin)).status).toBe(404);
		}
	});

	test("a test event goes to this endpoint alone, whatever it has chosen", async () => {
		const { admin, receiver, endpoint } = await told({ event_types: ["key.created"] });
		const other = startWebhookReceiver(server);
		await made(admin, other.url);
		const sent = good<ShownDelivery>(await call("POST", `/v1/webhooks/${endpoint.id}/test`, undefined, admin), 202);
		const received = await receiver.nth(0);
		expect([received.id, received.event.type]).toEqual([sent.id, "webhook.test"]);
		expect(verified(received, endpoint.secret, now())).toBeTruthy();
		expect(other.received).toEqual([]);
	});

	test("nobody has us knock at a stranger's door all day: sixty tests in an hour, whatever is sent at once", async () => {
		const { account, admin, endpoint } = await told();
		const other = await made(admin, startWebhookReceiver(server).url);
		const sendTest = (id: string) => call("POST", `/v1/webhooks/${id}/test`, undefined, admin);
		const answers = await Promise.all(times(66, (n) => sendTest(n % 2 === 0 ? endpoint.id : other.id)));
		expect(answers.filter(({ status }) => status === 202)).toHaveLength(60);
		const limited = answers.filter(({ status }) => status === 429);
		expect(limited).toHaveLength(6);
		expect(Number(limited[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
		const { admin: another, endpoint: theirs } = await told();
		expect((await call("POST", `/v1/webhooks/${theirs.id}/test`, undefined, another)).status).toBe(202);
		await advance(3600);
		const fresh = await tokenOf(await aPerson({ [account]: "admin" }), slugOf(account));
		expect((await call("POST", `/v1/webhooks/${endpoint.id}/test`, undefined, fresh)).status).toBe(202);
	});

	test("is read by pages, both ways, and narrowed; a cursor of another list or filter is none of it", async () => {
		const { admin, endpoint } = await told();
		for (const _ of times(3, () => 0)) {
			await advance(1);
			await policyMade(admin);
		}
		await eventually(async () => expect((await log(endpoint, admin)).deliveries).toHaveLength(3));
		const all = (await log(endpoint, admin)).deliveries.map(({ id }) => id);
		const first = await log(endpoint, admin, "?limit=2");
		const second = await log(endpoint, admin, `?limit=2&cursor=${first.next}`);
		expect([...first.deliveries, ...second.deliveries].map(({ id }) => id)).toEqual(all);
		const back = await log(endpoint, admin, `?limit=2&cursor=${second.previous}`);
		expect(back.deliveries.map(({ id }) => id)).toEqual(all.slice(0, 2));
		expect((await log(endpoint, admin, "?state=failed")).deliveries).toEqual([]);
		expect((await log(endpoint, admin, "?type=key.created")).deliveries).toEqual([]);
		const path = `/v1/webhooks/${endpoint.id}/deliveries`;
		for (const query of [`state=failed&cursor=${first.next}`, "state=lost", "sort=type", "cursor=none"]) {
			expect((await call("GET", `${path}?${query}`, undefined, admin)).status).toBe(400);
		}
		const other = await made(admin, startWebhookReceiver(server).url);
		expect(
			(await call("GET", `/v1/webhooks/${other.id}/deliveries?cursor=${first.next}`, undefined, admin)).status,
		).toBe(400);
	});

	test("goes back for 30 days", async () => {
		const { admin, who, account, endpoint } = await told();
		await policyMade(admin);
		await newestIs(endpoint, admin, { state: "delivered" });
		await advance(30 * 86_400 + 1);
		await runCron();
		expect((await log(endpoint, await tokenOf(who, slugOf(account)))).deliveries).toEqual([]);
	});

	test("a secret that an endpoint answers with is not kept", async () => {
		const { admin, receiver, endpoint } = await told();
		receiver.answers(answering(400, {}, `wrong key: ${endpoint.secret}`));
		await policyMade(admin);
		const { last_try } = await newestIs(endpoint, admin, { tries: 1 });
		expect(last_try?.answer).toBe("wrong key: whsec_\u2026");
	});
});

describe("who has others told", () => {
	const wrong: readonly (readonly [string, string])[] = [
		["http://hooks.example.com/", "must use https"],
		["https://10.0.0.1/", "is of no public host"],
		["https://169.254.169.254/latest/meta-data", "is of no public host"],
		["https://[fd00::1]/", "is of no public host"],
		["https://printer.local/", "is of no public host"],
		["https://user:password@hooks.example.com/", "has a user name in it"],
		["ftp://hooks.example.com/", "must use https"],
		["hooks", "is not an absolute URL"],
	];
	test.each(wrong)("Server side request forgery: %s is refused", async (url, problem) => {
		const { admin } = await anAdministrator();
		const answer = await call("POST", "/v1/webhooks", { url }, admin);
		expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(problem)]);
		const endpoint = await made(admin, startWebhookReceiver(server).url);
		expect((await call("PATCH", `/v1/webhooks/${endpoint.id}`, { url }, admin)).status).toBe(400);
	});

	test("an event type that does not exist is refused, and so is none at all", async () => {
		const { admin } = await anAdministrator();
		const { url } = startWebhookReceiver(server);
		for (const types of [["key.exploded"], ["webhook.test"], []]) {
			expect((await call("POST", "/v1/webhooks", { url, event_types: types }, admin)).status).toBe(400);
		}
	});

	test("an account has ten: of twelve at once ten are made", async () => {
		const { admin } = await anAdministrator();
		const answers = await Promise.all(
			times(12, () => call("POST", "/v1/webhooks", { url: startWebhookReceiver(server).url }, admin)),
		);
		const { most } = bounds.webhooks;
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(most);
		expect(answers.find(({ status }) => status === 409)?.text).toContain("limit_reached");
	});

	test("webhooks:read reads, webhooks:write writes, and neither is a member's or in a pair's `write`", async () => {
		const { account, endpoint } = await told();
		const credential = async (permissions: readonly string[]) => ({
			"x-api-key": (await aKey(account, [await aPolicy(account, permissions)])).secret,
		});
		const [reads, writes] = [await credential(["webhooks:read"]), await credential(["webhooks:write"])];
		const path = `/v1/webhooks/${endpoint.id}`;
		expect((await call("GET", path, undefined, reads)).status).toBe(200);
		expect(refusal(await call("PATCH", path, { description: "" }, reads))).toContain("403");
		expect((await call("PATCH", path, { description: "By a program" }, writes)).status).toBe(200);
		expect((await call("GET", path, undefined, writes)).status).toBe(403);
		const member = await aPerson({ [account]: "member" });
		expect((await call("GET", path, undefined, await tokenOf(member, slugOf(account)))).status).toBe(403);
	});

	test("a write for what somebody else has changed since is refused (RFC 9110 §13.1.1)", async () => {
		const { admin, endpoint } = await told();
		const path = `/v1/webhooks/${endpoint.id}`;
		const tag = (await call("GET", path, undefined, admin)).headers.get("etag") ?? "";
		good(await call("PATCH", path, { description: "Mine" }, admin));
		const stale = { ...admin, "if-match": tag };
		for (const [method, to] of [
			["PATCH", path],
			["DELETE", path],
			["POST", `${path}/secrets`],
		] as const) {
			expect((await call(method, to, method === "PATCH" ? { description: "" } : undefined, stale)).status).toBe(412);
		}
	});

	test("one that is deleted is gone with its log, and is sent nothing more", async () => {
		const { admin, receiver, endpoint } = await told();
		receiver.answers(answering(500));
		await policyMade(admin);
		await newestIs(endpoint, admin, { tries: 1 });
		expect((await call("DELETE", `/v1/webhooks/${endpoint.id}`, undefined, admin)).status).toBe(204);
		expect((await call("GET", `/v1/webhooks/${endpoint.id}/deliveries`, undefined, admin)).status).toBe(404);
		await later(3600, endpoint);
		expect(receiver.received).toHaveLength(1);
	});

	test("one that is disabled is sent nothing, and what waited has failed", async () => {
		const { admin, receiver, endpoint } = await told();
		receiver.answers(answering(500));
		await policyMade(admin);
		await newestIs(endpoint, admin, { tries: 1 });
		good(await call("PATCH", `/v1/webhooks/${endpoint.id}`, { enabled: false }, admin));
		await newestIs(endpoint, admin, { state: "failed", next_try_at: null });
		await later(3600, endpoint);
		expect(receiver.received).toHaveLength(1);
	});

	test("what is done is in the audit log: by its host, and never by the path, which may be a secret", async () => {
		const { admin, who, endpoint, receiver } = await told();
		good(await call("POST", `/v1/webhooks/${endpoint.id}/secrets`, undefined, admin), 201);
		good(await call("PATCH", `/v1/webhooks/${endpoint.id}`, { description: "Chat" }, admin));
		good(await call("POST", `/v1/webhooks/${endpoint.id}/test`, undefined, admin), 202);
		await call("DELETE", `/v1/webhooks/${endpoint.id}`, undefined, admin);
		const { text } = await call("GET", "/v1/audit?action=webhook", undefined, admin);
		const { entries } = JSON.parse(text) as { entries: readonly { action: string; actor: string }[] };
		const actions = ["create", "rotate_secret", "edit", "test", "delete"].map((verb) => `webhook.${verb}`);
		expect(entries.map(({ action }) => action).toSorted()).toEqual(actions.toSorted());
		expect(new Set(entries.map(({ actor }) => actor))).toEqual(new Set([who.id]));
		expect(text).toContain(new URL(receiver.url).host);
		expect(text).not.toContain(new URL(receiver.url).pathname);
	});
});

describe("an event is not lost", () => {
	test("what was written while nobody heard of it goes out with the next run of the cron", async () => {
		const { admin, receiver } = await anAdministrator().then(async (party) => {
			const waiting = startWebhookReceiver(server);
			await made(party.admin, waiting.url);
			return { ...party, receiver: waiting };
		});
		// Remembered by other isolates for so long: they ring nothing, and the entry waits in the outbox.
		await advance(staleness + 1);
		await policyMade(admin);
		await runCron();
		await receiver.nth(0);
		await runCron();
		expect(receiver.received).toHaveLength(1);
	});
});
