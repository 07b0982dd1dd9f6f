import { beforeAll, describe, expect, test } from "vitest";
import { atConsole, type ConsoleVisitor, wordsOf } from "../support/console.ts";
import { anAlertedAccount, type ListedAlert } from "../support/alerts.ts";
import { call, good, keyWith, tokenOf } from "../support/keys-api.ts";
import { generated } from "../support/pairs.ts";
import { grace } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { ask, bearer, locationOf } from "../support/requests.ts";
import { alertsFound } from "../support/searches.ts";
import { demo, now } from "../support/target.ts";

async function anOffice(alerts: number) {
	const made = await anAlertedAccount(alerts);
	const visitor = await atConsole(made.admin);
	const badge = async (path = "/keys") =>
		/Alerts<span class="count">(\d+)/.exec((await visitor.open(`/console/${made.slug}${path}`)).text)?.[1];
	return { ...made, visitor, badge, base: `/console/${made.slug}/alerts` };
}

let office: Awaited<ReturnType<typeof anOffice>>;
beforeAll(async () => {
	office = await anOffice(3);
});
const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const acknowledgement = (id: string) => `/v1/alerts/${id}/acknowledgement`;

describe("alerts by the API", () => {
	test("one is acknowledged once, for the whole account, and it can be taken back", async () => {
		const { token, list, admin } = office;
		const [{ id } = { id: "" }] = (await list("?kind=dead_key_used&state=new&limit=1")).alerts;
		const seen = good<ListedAlert>(await call("PUT", acknowledgement(id), undefined, token));
		expect(seen).toMatchObject({ id, acknowledged_by: admin.id, acknowledged_at: expect.stringMatching(/Z$/) });
		const second = await aPerson({ [office.account]: "admin" });
		const again = await call("PUT", acknowledgement(id), undefined, await tokenOf(second, office.slug));
		expect(good(again)).toEqual(seen);
		expect((await list()).new).toBe(2);
		expect((await list("?state=acknowledged")).alerts).toEqual([seen]);
		expect((await list("?state=new")).alerts.map((each) => each.id)).not.toContain(id);
		const found = await alertsFound({ filters: [{ field: "id", operator: "eq", value: id }] }, token);
		expect(found).toMatchObject([{ acknowledged_by: admin.id }]);
		const back = good<ListedAlert>(await call("DELETE", acknowledgement(id), undefined, token));
		expect(back).toMatchObject({ id, acknowledged_at: null, acknowledged_by: null });
		expect((await list()).new).toBe(3);
	});

	test("each of these is in the audit log, and what changed nothing is not", async () => {
		const { token, list, admin, account } = await anOffice(2);
		const [first] = (await list()).alerts;
		for (const method of ["PUT", "PUT", "DELETE", "DELETE"] as const) {
			good(await call(method, acknowledgement(first?.id ?? ""), undefined, token));
		}
		const all = { first_seen_by: at(now()) };
		for (const acknowledged of [2, 0]) {
			expect(good(await call("POST", "/v1/alerts/acknowledge", all, token))).toEqual({ acknowledged, new: 0 });
		}
		const { entries } = good<{ entries: object[] }>(await call("GET", "/v1/audit?action=alert", undefined, token));
		expect(entries).toMatchObject([
			{ action: "alert.acknowledge_all", actor: admin.id, target: account, detail: { alerts: 2 } },
			{ action: "alert.reopen", target: first?.id, detail: { kind: "dead_key_used" } },
			{ action: "alert.acknowledge", target: first?.id, detail: { kind: "dead_key_used" } },
		]);
	});

	test("all of them are those that were seen by then, of a kind or of every one", async () => {
		const { token, list } = await anOffice(1);
		const send = (body: object) => call("POST", "/v1/alerts/acknowledge", body, token);
		expect(good(await send({ first_seen_by: at(now() - 86_400) }))).toEqual({ acknowledged: 0, new: 1 });
		expect(good(await send({ first_seen_by: at(now()), kind: "failed_logins" }))).toEqual({ acknowledged: 0, new: 1 });
		for (const body of [{}, { first_seen_by: "today" }, { first_seen_by: at(now()), kind: "key" }]) {
			expect((await send(body)).status).toBe(400);
		}
		expect(good(await send({ first_seen_by: at(now()), kind: "dead_key_used" }))).toEqual({ acknowledged: 1, new: 0 });
		expect((await list("?state=new")).alerts).toEqual([]);
	});

	test.each([
		["kind=constructor"],
		["state=yes"],
		["from=yesterday"],
		["cursor=x"],
		["limit=0"],
		["acknowledged=true"],
	])("a filter that there is not is refused: %s", async (query) => {
		expect((await call("GET", `/v1/alerts?${query}`, undefined, office.token)).status).toBe(400);
	});

	test("a cursor is of its own filters", async () => {
		const { next } = await office.list("?limit=1");
		expect((await office.list(`?limit=1&cursor=${next}`)).alerts).toHaveLength(1);
		const other = await call("GET", `/v1/alerts?state=new&cursor=${next}`, undefined, office.token);
		expect(other.status).toBe(400);
	});

	test("another account's alert is none, and nothing is changed", async () => {
		const [{ id } = { id: "" }] = (await office.list()).alerts;
		const stranger = await anOffice(0);
		for (const method of ["PUT", "DELETE"] as const) {
			expect((await call(method, acknowledgement(id), undefined, stranger.token)).status).toBe(404);
		}
		expect((await office.list()).new).toBe(3);
	});

	test("who reads alerts does not acknowledge them: neither a member, nor a key or token pair that may read or write", async () => {
		const { acme } = demo.accounts;
		const id = "any";
		const pair = await generated(await aPerson({ [acme]: "admin" }));
		for (const who of [
			await tokenOf(grace, "acme"),
			await keyWith(["alerts:read"]),
			bearer(pair.read.access),
			bearer(pair.write.access),
		]) {
			const refused = await call("PUT", acknowledgement(id), undefined, who);
			expect([refused.status, refused.body.permission]).toEqual([403, "alerts:write"]);
		}
		expect((await call("PUT", acknowledgement(id), undefined, await keyWith(["alerts:write"]))).status).toBe(404);
		expect((await call("GET", "/v1/alerts", undefined, await keyWith(["alerts:write"]))).status).toBe(403);
	});
});

describe("at the console", () => {
	test("the navigation has how many are new, on every page, and nothing where there are none", async () => {
		const { visitor, badge, base, slug } = await anOffice(2);
		expect([await badge(), await badge("/alerts"), await badge("/settings/account")]).toEqual(["2", "2", "2"]);
		const [, first = ""] = actionsOn(await visitor.open(base), "acknowledge");
		const done = await visitor.send(base, first);
		expect([done.status, locationOf(done).pathname]).toEqual([303, base]);
		expect(await badge()).toBe("1");
		const page = await visitor.open(`${base}?state=acknowledged`);
		expect(wordsOf(page)).toMatch(/Acknowledged by New Person/);
		const back = await visitor.send(`${base}?state=acknowledged`, first.replace("acknowledge", "reopen"));
		expect(locationOf(back).searchParams.get("state")).toBe("acknowledged");
		expect(await badge()).toBe("2");
		await visitor.send(`${base}?kind=dead_key_used`, `${base}/acknowledge`);
		expect(await badge()).toBeUndefined();
		expect(wordsOf(await visitor.open(base))).toContain("No new alerts");
		expect(wordsOf(await visitor.open(`/console/${slug}/audit`))).toContain("acknowledged all alerts of");
	});

	test("what came after the page was drawn stays new", async () => {
		const { visitor, base, badge } = await anOffice(1);
		const seen = at(now() - 86_400);
		await visitor.send(base, `${base}/acknowledge`, { seen_by: seen });
		expect(await badge()).toBe("1");
	});

	test("a member sees them and the number, and has no button; sent all the same it is refused", async () => {
		const member = await aPerson({ [office.account]: "member" });
		const visitor = await atConsole(member);
		const page = await visitor.open(office.base);
		expect(page.text).toContain('<span class="count">3');
		expect(actionsOn(page, "acknowledge")).toEqual([]);
		expect(wordsOf(page)).toContain("administrators acknowledge them");
		for (const action of actionsOn(await office.visitor.open(office.base), "acknowledge")) {
			expect((await visitor.post(action)).status).toBe(403);
		}
		expect((await office.list()).new).toBe(3);
	});

	test("an alert of another account is not there, and a form of another page does nothing", async () => {
		const [{ id } = { id: "" }] = (await office.list()).alerts;
		const stranger = await anOffice(0);
		expect((await stranger.visitor.post(`${stranger.base}/${id}/acknowledge`)).status).toBe(404);
		const { cookie } = office.visitor;
		const forged = await ask(`${office.base}/${id}/acknowledge`, {
			method: "POST",
			headers: { cookie, "sec-fetch-site": "cross-site", "content-type": "application/x-www-form-urlencoded" },
			body: "",
		});
		expect(forged.status).toBe(403);
		expect((await office.list()).new).toBe(3);
	});
});

/** That of all of them first, then that of each. */
function actionsOn(page: Awaited<ReturnType<ConsoleVisitor["open"]>>, verb: string): string[] {
	return [...page.text.matchAll(new RegExp(`action="([^"]*/alerts/[^"]*${verb})"`, "g"))].map(([, to = ""]) => to);
}
