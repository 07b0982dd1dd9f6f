import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answering } from "../peers/relying-party.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { startWebhookReceiver, verified } from "../peers/webhook-receiver.ts";
import { type ConsoleVisitor, filledIn, withCookie, wordsOf } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { call, type Credential, good, tokenOf } from "../support/keys-api.ts";
import { signInAnew } from "../support/people.ts";
import { anAccount, aPerson, slugOf } from "../support/registered.ts";
import { now } from "../support/target.ts";
import { deliveriesOf, type ShownWebhook } from "../support/webhooks.ts";

// The pages of webhooks, as whoever has no script sees them.

const server = await startStrangerServer();
afterAll(() => server.close());

let base: string;
let account: string;
let admin: Credential;
let visitor: ConsoleVisitor;

beforeAll(async () => {
	account = await anAccount();
	const who = await aPerson({ [account]: "admin" });
	base = `/console/${slugOf(account)}/settings/webhooks`;
	admin = await tokenOf(who, slugOf(account));
	visitor = withCookie(await signInAnew(who));
});

/** Sends the form of a page as it comes filled in, but for what is typed. */
async function fill(page: string, typed: Record<string, string> = {}, action = page) {
	return visitor.post(action, { ...filledIn(await visitor.open(page), action), ...typed });
}

const secretIn = (text: string) => /whsec_[A-Za-z0-9+/]{43}=/.exec(text.replaceAll("&#x2F;", "/"))?.[0] ?? "";

const listed = async () =>
	good<{ webhooks: ShownWebhook[] }>(await call("GET", "/v1/webhooks", undefined, admin)).webhooks;

/** Made on its page, with what it is told by. */
async function added(typed: Record<string, string> = {}) {
	const receiver = startWebhookReceiver(server);
	const shown = await fill(`${base}/new`, { url: receiver.url, ...typed });
	expect(shown.status).toBe(200);
	const id = (await listed()).find(({ url }) => url === receiver.url)?.id ?? "";
	return { id, receiver, secret: secretIn(shown.text), page: `${base}/${id}` };
}

describe("the pages of webhooks", () => {
	test("one is added, and its secret shown this once; the same form again makes none more", async () => {
		const { url } = startWebhookReceiver(server);
		const sent = { ...filledIn(await visitor.open(`${base}/new`), `${base}/new`), url, description: "Twice" };
		const [first, second] = [await visitor.post(`${base}/new`, sent), await visitor.post(`${base}/new`, sent)];
		expect(secretIn(first.text)).not.toBe("");
		expect(secretIn(second.text)).toBe(secretIn(first.text));
		expect((await listed()).filter(({ description }) => description === "Twice")).toHaveLength(1);
		const { text } = await visitor.open(base);
		expect(text).toContain("Twice");
		expect(text).not.toContain("whsec_");
	});

	test("what is wrong stands beside its field, and what was typed is kept", async () => {
		const answer = await fill(`${base}/new`, { url: "https://10.0.0.1/hook", which: "chosen" });
		expect(answer.status).toBe(400);
		expect(wordsOf(answer)).toContain("is of no public host");
		expect(wordsOf(answer)).toContain("Choose at least one event type");
		expect(answer.text).toContain('value="https://10.0.0.1/hook"');
	});

	test("its events are chosen, and it is disabled and enabled", async () => {
		const { id, page } = await added({ which: "chosen", "events:key.created": "on" });
		expect(wordsOf(await visitor.open(`${page}/log`))).toContain("Nothing was sent yet");
		const find = async () => (await listed()).find((each) => each.id === id);
		expect((await find())?.event_types).toEqual(["key.created"]);
		expect((await fill(page, { state: "off" })).status).toBe(303);
		expect(await find()).toMatchObject({ event_types: ["key.created"], enabled: false });
		expect((await visitor.open(`${page}/log`)).text).not.toContain("Send a test event");
		await fill(page, { state: "on", which: "all" });
		expect(await find()).toMatchObject({ event_types: null, enabled: true });
	});

	test("a test event is sent, its log says what became of it, and it is sent again", async () => {
		const { id, receiver, secret, page } = await added({ which: "chosen", "events:second_factor.changed": "on" });
		receiver.answers(answering(410));
		await fill(`${page}/log`, {}, `${page}/test`);
		expect(verified(await receiver.nth(0), secret, now())).toMatchObject({ type: "webhook.test" });
		await eventually(async () => {
			expect((await deliveriesOf({ id }, admin)).deliveries[0]?.state).toBe("failed");
			expect((await listed()).find((each) => each.id === id)?.enabled).toBe(false);
		});
		expect(wordsOf(await visitor.open(`${page}/log`))).toContain("It was answered with 410");
		expect(wordsOf(await visitor.open(`${page}/log?state=delivered`))).toContain("Nothing matches.");
		await fill(page, { state: "on" });
		receiver.answers(answering(204));
		const { id: message } = await receiver.nth(0);
		expect((await fill(`${page}/log`, {}, `${page}/log/${message}/send`)).status).toBe(303);
		expect((await receiver.nth(1)).id).toBe(message);
	});

	test("a secret is replaced once by one form", async () => {
		const { page, secret } = await added();
		const sent = filledIn(await visitor.open(`${page}/secret`), `${page}/secret`);
		const first = await visitor.post(`${page}/secret`, sent);
		expect(secretIn(first.text)).toMatch(/^whsec_/);
		expect(secretIn(first.text)).not.toBe(secret);
		expect((await visitor.post(`${page}/secret`, sent)).status).toBe(409);
	});

	test("one is deleted, after a question", async () => {
		const { id, page } = await added();
		expect(wordsOf(await visitor.open(`${page}/delete`))).toContain("its log goes");
		expect((await fill(`${page}/delete`)).status).toBe(303);
		expect((await listed()).map((each) => each.id)).not.toContain(id);
		expect((await visitor.open(page)).status).toBe(404);
	});

	test("whoever is no administrator finds none of it", async () => {
		const member = withCookie(await signInAnew(await aPerson({ [account]: "member" })));
		for (const path of [base, `${base}/new`, `${base}/x`, `${base}/x/log`]) {
			expect((await member.open(path)).status).toBe(403);
		}
		expect((await member.open(`/console/${slugOf(account)}/settings/people`)).text).not.toContain(base);
	});
});
