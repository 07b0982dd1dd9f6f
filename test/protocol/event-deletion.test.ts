import { describe, expect, test } from "vitest";
import { atConsole, wordsOf } from "../support/console.ts";
import { newCode, newKey, newPolicy } from "../support/keys-api.ts";
import { loggedIn } from "../support/logins.ts";
import { changeEvent, eventsOf, generated, putEvent } from "../support/pairs.ts";
import { ada, grace } from "../support/people.ts";
import { nested, plantedEvent } from "../support/planted-events.ts";
import { type Answer, ask, bearer, locationOf, ownPage, post, postForm, refusal } from "../support/requests.ts";
import { eventsFound } from "../support/searches.ts";
import { addEvents, demo, logged } from "../support/target.ts";

const account = demo.accounts.acme;
const admin = bearer(await loggedIn({ username: ada.username, password: ada.password }));
const member = bearer(await loggedIn({ username: grace.username, password: grace.password, account: "acme" }));
const elsewhere = bearer(await loggedIn({ username: grace.username, password: grace.password, account: "globex" }));

let made = 0;
async function sent(): Promise<{ id: string; mark: string }> {
	const mark = `mark ${++made}`;
	const taken = await post("/v1/events?environment=my-workspace/prod", JSON.stringify({ mark }), admin);
	expect(taken.status).toBe(202);
	const [found] = await eventsFound({ filters: [{ field: "data.mark", operator: "eq", value: mark }] }, admin);
	return { id: found?.id ?? "", mark };
}

const found = async (mark: string) =>
	(await eventsFound({ filters: [{ field: "data.mark", operator: "eq", value: mark }] }, admin)).length;
const remove = (id: string, headers: Record<string, string>): Promise<Answer> =>
	ask(`/v1/events/${id}`, { method: "DELETE", headers });
const deletions = async (id: string) => {
	const { body } = await ask(`/v1/audit?action=event.delete&target=${id}`, { headers: admin });
	return (body.entries as { actor: string }[]).map(({ actor }) => actor);
};

describe("DELETE /v1/events/{id}", () => {
	test("an administrator deletes an event, once, and the audit log says who", async () => {
		const { id, mark } = await sent();
		expect((await remove(id, admin)).status).toBe(204);
		expect(await found(mark)).toBe(0);
		expect(refusal(await remove(id, admin))).toBe("404 Not Found");
		expect(await deletions(id)).toEqual([demo.people[0]?.id]);
	});

	test("nobody else does, and another account's event is none", async () => {
		const { id, mark } = await sent();
		const key = { "x-api-key": demo.apiKey.accessCode };
		expect(refusal(await remove(id, member))).toBe("403 Forbidden");
		expect(refusal(await remove(id, elsewhere))).toBe("404 Not Found");
		expect((await remove(id, key)).status).toBe(403);
		expect(refusal(await remove(id, {}))).toBe("401 Unauthorized");
		expect(await found(mark)).toBe(1);
		expect(await deletions(id)).toEqual([]);
	});

	test("a key does whose policy says so", async () => {
		const { id, mark } = await sent();
		const { id: key } = await newKey({ policies: [await newPolicy(["events:delete"])] });
		const { secret } = await newCode(key);
		expect((await remove(id, { "x-api-key": secret })).status).toBe(204);
		expect([await found(mark), await deletions(id)]).toEqual([0, [key]]);
	});

	test("a change event has its own address and its own permission", async () => {
		const { read, write } = await generated(ada);
		await putEvent(write.access, { ...changeEvent, timestamp: "2020-09-01T00:00:00Z" });
		const range = "?from=2020-09-01T00:00:00Z&to=2020-09-02T00:00:00Z";
		const [{ id } = { id: "" }] = await eventsOf(read.access, range);
		expect(refusal(await remove(id, admin))).toBe("404 Not Found");
		expect(await eventsOf(read.access, range)).toHaveLength(1);
	});

	test.each([nested(1000), nested(1001), nested(200_000), "no JSON"])(
		"one that cannot be read goes as well: %.20s",
		async (body) => {
			const event = plantedEvent(account, 0, body);
			await addEvents([event]);
			expect((await remove(event.id, admin)).status).toBe(204);
			expect((await remove(event.id, admin)).status).toBe(404);
			expect(await deletions(event.id)).toHaveLength(1);
		},
	);
});

describe("the console", () => {
	test("shows events, finds them by a member, and deletes one after a question", async () => {
		const { id, mark } = await sent();
		const boss = await atConsole(ada);
		const base = "/console/acme/events";
		const listed = await boss.open(`${base}?member=mark&value=${encodeURIComponent(mark)}`);
		expect([listed.status, wordsOf(listed).includes(id)]).toEqual([200, true]);
		expect(listed.text).toContain(`href="${base}/${id}/delete"`);
		const question = await boss.open(`${base}/${id}/delete`);
		expect(wordsOf(question)).toMatch(/Delete this event\?.*cannot be brought back/);
		expect(await found(mark)).toBe(1);
		const done = await boss.send(`${base}/${id}/delete`, `${base}/${id}/delete`);
		expect(locationOf(done).pathname + locationOf(done).search).toBe(`${base}?done=deleted`);
		expect(await found(mark)).toBe(0);
		expect(await deletions(id)).toHaveLength(1);
		expect((await boss.post(`${base}/${id}/delete`)).status).toBe(404);
	});

	test("one that cannot be read stands there, beside its neighbours, and can be deleted", async () => {
		const events = [nested(1001), nested(200_000), '{"deep', '{"fine":1}'].map((body, index) =>
			plantedEvent(account, index, body),
		);
		await addEvents(events);
		const boss = await atConsole(ada);
		const listed = wordsOf(await boss.open("/console/acme/events?before=2020-06-01T00:00:00Z"));
		expect(listed.match(/Cannot be read/g)).toHaveLength(3);
		expect(listed).toContain('{"fine":1}');
		for (const { id } of events) {
			const action = `/console/acme/events/${id}/delete`;
			expect((await boss.send(action, action)).status).toBe(303);
		}
		expect(wordsOf(await boss.open("/console/acme/events?before=2020-06-01T00:00:00Z"))).toContain(
			"Nothing that matches",
		);
	});

	test("a change event goes as well", async () => {
		const { read, write } = await generated(ada);
		await putEvent(write.access, { ...changeEvent, timestamp: "2020-10-01T00:00:00Z" });
		const range = "?from=2020-10-01T00:00:00Z&to=2020-10-02T00:00:00Z";
		const [{ id } = { id: "" }] = await eventsOf(read.access, range);
		const action = `/console/acme/events/${id}/delete`;
		expect((await (await atConsole(ada)).send(action, action)).status).toBe(303);
		expect(await eventsOf(read.access, range)).toEqual([]);
	});

	test("a member sees them and deletes none, and no form of another site does", async () => {
		const { id, mark } = await sent();
		const visitor = await atConsole(grace);
		const listed = await visitor.open("/console/acme/events");
		expect([listed.status, listed.text.includes("/delete")]).toEqual([200, false]);
		const action = `/console/acme/events/${id}/delete`;
		expect(refusal(await visitor.open(action))).toBe("403 Not for your role");
		expect(refusal(await visitor.post(action))).toBe("403 Not for your role");
		const { cookie } = await atConsole(ada);
		const foreign = { ...ownPage, origin: "https://evil.example", "sec-fetch-site": "cross-site" };
		expect((await postForm(action, {}, { cookie, ...foreign })).status).toBe(403);
		expect((await postForm(action, {}, { cookie, ...ownPage })).status).toBe(403);
		expect(await found(mark)).toBe(1);
	});

	test.each(["member=a..b", "member=.", "before=yesterday"])("%s is told, and typed no second time", async (query) => {
		const answer = await (await atConsole(ada)).open(`/console/acme/events?${query}`);
		expect(answer.status).toBe(400);
		expect(answer.text).toContain(`value="${query.split("=")[1] ?? ""}"`);
	});

	test("none of this failed on our side", async () => {
		expect((await logged()).filter((line) => line.includes("request.failed"))).toEqual([]);
	});
});
