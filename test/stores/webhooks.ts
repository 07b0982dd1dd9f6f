import { describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import type { WebhookDelivery, WebhookEndpoint } from "../../src/domain/webhook.ts";
import { newId, now, type Stores, tally, times } from "./builders.ts";
import { addAccount, addMember, auditEntry, webhookDelivery, webhookEndpoint } from "./register-builders.ts";

export function describeWebhooks({ platform, auditedActions }: Stores): void {
	const { alerts, auditLog, register, webhookDeliveries, webhooks } = platform;

	/** An account, and who administers it. */
	async function anAccount() {
		const { id: accountId } = await addAccount(register);
		const admin = await addMember(register, accountId, "admin");
		return { accountId, by: { personId: admin.id, accountId, roles: ["admin"] } as const };
	}

	async function added(changes: Partial<WebhookEndpoint> = {}) {
		const { accountId, by } = await anAccount();
		const made = webhookEndpoint({ accountId, ...changes });
		expect(await webhooks.add(made, by, auditEntry())).toBe("added");
		return { made, accountId, by };
	}

	const aDelivery = async (changes: Parameters<typeof webhookDelivery>[1] = {}) => {
		const delivery = webhookDelivery({ id: newId(), accountId: newId() }, changes);
		await webhookDeliveries.add([delivery], []);
		return delivery;
	};

	describe("webhook endpoints", () => {
		test("one is listed as it was said, with its account's alone, and the same once more is the same", async () => {
			const { made, accountId, by } = await added({ eventTypes: ["key.created"], description: "Chat" });
			await added();
			expect(await webhooks.add(made, by, auditEntry())).toBe("same");
			expect(await webhooks.list(accountId)).toEqual([{ ...made, rev: 0 }]);
			expect(await webhooks.endpoint(made.id)).toEqual({ ...made, rev: 0 });
			expect(await webhooks.endpoint(newId())).toBeNull();
		});

		test("a write carries the version that it was made from, with its entry or not at all", async () => {
			const { made, by } = await added();
			const edited = { ...made, url: "https://new.example/", state: "off", disabledFor: "gone", rev: 0 } as const;
			const previous = { sealedSecret: made.sealedSecret, until: now() + 100 };
			const [entry, late] = [auditEntry(), auditEntry()];
			expect(await webhooks.edit({ ...edited, previous }, by, entry)).toBe("written");
			expect(await webhooks.edit(edited, by, late)).toBe("overtaken");
			expect(await webhooks.delete(edited, by, late)).toBe("overtaken");
			expect(await webhooks.endpoint(made.id)).toEqual({ ...edited, previous, rev: 1 });
			expect(await webhooks.delete({ ...edited, rev: 1 }, by, auditEntry())).toBe("written");
			expect(await webhooks.endpoint(made.id)).toBeNull();
			const { made: other } = await added();
			await webhooks.edit({ ...other, url: "https://new.example/", rev: 0 }, null, auditEntry());
			expect(await webhooks.delete({ ...other, rev: null }, null, auditEntry())).toBe("written");
			expect(await webhooks.delete({ ...other, rev: null }, null, auditEntry())).toBe("overtaken");
			const actions = await auditedActions();
			expect(actions.filter((action) => [entry.action, late.action].includes(action))).toEqual([entry.action]);
		});

		test("who has no such role any more writes nothing", async () => {
			const { made, accountId } = await added();
			const member = await addMember(register, accountId, "member");
			const by = { personId: member.id, accountId, roles: ["admin"] } as const;
			expect(await webhooks.add(webhookEndpoint({ accountId }), by, auditEntry())).toBe("not_permitted");
			expect(await webhooks.edit({ ...made, url: "x", rev: 0 }, by, auditEntry())).toBe("not_permitted");
			expect(await webhooks.delete({ ...made, rev: 0 }, by, auditEntry())).toBe("not_permitted");
			expect(await webhooks.list(accountId)).toEqual([{ ...made, rev: 0 }]);
		});

		test("however many are made at once, an account has as many as it may", async () => {
			const { accountId, by } = await anAccount();
			const made = times(bounds.webhooks.most + 3, () => webhookEndpoint({ accountId }));
			const outcomes = await Promise.all(made.map((each) => webhooks.add(each, by, auditEntry())));
			expect(tally(outcomes.map((kind) => ({ kind })))).toEqual({ added: bounds.webhooks.most, full: 3 });
		});

		test("an account says whether it has one that is on", async () => {
			const { made, accountId, by } = await added();
			expect((await register.account(accountId))?.hasWebhooks).toBe(true);
			await webhooks.edit({ ...made, state: "off", rev: 0 }, by, auditEntry());
			expect((await register.account(accountId))?.hasWebhooks).toBeUndefined();
		});
	});

	describe("the outbox of webhooks", () => {
		test("has each entry of an account with an endpoint that is on, in the transaction that writes it, and no other", async () => {
			const { made, accountId, by } = await added();
			const { accountId: without } = await anAccount();
			const entries = times(3, (index) => auditEntry({ accountId, target: `t${index}` }));
			await auditLog.add([...entries, auditEntry({ accountId: without }), auditEntry({ accountId: null })]);
			const untold = await webhooks.untold(accountId, 10);
			expect(untold.map(({ target }) => target)).toEqual(["t0", "t1", "t2"]);
			expect(untold[0]).toEqual({ ...entries[0], id: expect.any(Number) });
			expect(await webhooks.untold(without, 10)).toEqual([]);
			const waiting = await webhooks.waitingAccounts(1000);
			expect([waiting.includes(accountId), waiting.includes(without)]).toEqual([true, false]);
			await webhooks.told(untold.slice(0, 2).map(({ id }) => id));
			expect((await webhooks.untold(accountId, 10)).map(({ target }) => target)).toEqual(["t2"]);
			await webhooks.edit({ ...made, state: "off", rev: 0 }, by, auditEntry({ accountId }));
			await auditLog.add([auditEntry({ accountId, target: "off" })]);
			expect((await webhooks.untold(accountId, 10)).map(({ target }) => target)).not.toContain("off");
		});

		test("has an alert that is awaited once, however often it is counted", async () => {
			const accountId = newId();
			const seen = { accountId, kind: "failed_logins", subject: newId(), target: "", count: 1, detail: {} } as const;
			const sighting = { ...seen, id: newId(), at: 3600 };
			await alerts.raise([{ ...sighting, isAwaited: true }]);
			await alerts.raise([{ ...sighting, id: newId(), isAwaited: true }]);
			await alerts.raise([{ ...sighting, id: newId(), subject: newId() }]);
			const untold = await webhookDeliveries.untold(accountId, 10);
			expect(untold.map(({ id, count }) => [id, count])).toEqual([[sighting.id, 2]]);
			expect(await webhookDeliveries.waitingAccounts(1000)).toContain(accountId);
			const delivery = webhookDelivery({ id: newId(), accountId });
			await webhookDeliveries.add([delivery], [sighting.id]);
			expect(await webhookDeliveries.untold(accountId, 10)).toEqual([]);
			expect(await webhookDeliveries.find(delivery.endpointId, delivery.id)).toEqual(delivery);
		});
	});

	describe("webhook deliveries", () => {
		const last = { at: now(), status: 500, reason: "It was answered with 500", excerpt: "Broken" };

		test("one is written once, whoever writes it again", async () => {
			const delivery = await aDelivery();
			await webhookDeliveries.claim(delivery, now() + 60);
			await webhookDeliveries.settle(delivery, { state: "delivered", nextAt: null, last });
			await webhookDeliveries.add([delivery], []);
			expect((await webhookDeliveries.find(delivery.endpointId, delivery.id))?.state).toBe("delivered");
			expect(await webhookDeliveries.hasDelivered(delivery.endpointId, delivery.createdAt)).toBe(true);
			expect(await webhookDeliveries.hasDelivered(delivery.endpointId, delivery.createdAt + 1)).toBe(false);
		});

		test("a hundred long events are written for ten endpoints at once: no value is longer than a database takes", async () => {
			const { accountId } = await anAccount();
			const body = JSON.stringify({ details: { permissions: "orders:read ".repeat(300) } });
			const endpoints = times(10, () => ({ id: newId(), accountId }));
			const rows = endpoints.flatMap((of) => times(100, () => webhookDelivery(of, { body })));
			await webhookDeliveries.add(rows, []);
			const waiting = await webhookDeliveries.waiting(accountId);
			expect(waiting).toEqual(new Map(endpoints.map(({ id }) => [id, 100])));
		});

		test("of ten who claim one, one gets it; whoever comes later with what was read before gets nothing", async () => {
			const delivery = await aDelivery();
			const claims = await Promise.all(times(10, () => webhookDeliveries.claim(delivery, now() + 60)));
			expect(claims.filter(Boolean)).toHaveLength(1);
			expect(await webhookDeliveries.due(delivery.endpointId, now(), 10)).toEqual([]);
			expect(await webhookDeliveries.nextAt(delivery.endpointId)).toBe(now() + 60);
			await webhookDeliveries.settle(delivery, { state: "waiting", nextAt: now() + 5, last });
			expect(await webhookDeliveries.due(delivery.endpointId, now() + 5, 10)).toEqual([
				{ ...delivery, tries: 1, nextAt: now() + 5, last },
			]);
		});

		test("what is due is found by its endpoint, and postponed, and given up, with what is its own alone", async () => {
			const delivery = await aDelivery();
			const { endpointId, id, accountId } = delivery;
			const done = webhookDelivery({ id: endpointId, accountId }, { state: "failed", nextAt: null });
			await webhookDeliveries.add([done], []);
			expect(await webhookDeliveries.dueEndpoints(now(), 10_000)).toContain(endpointId);
			expect(await webhookDeliveries.waiting(accountId)).toEqual(new Map([[endpointId, 1]]));
			await webhookDeliveries.postpone(endpointId, now() + 60);
			expect(await webhookDeliveries.nextAt(endpointId)).toBe(now() + 60);
			expect(await webhookDeliveries.dueEndpoints(now(), 10_000)).not.toContain(endpointId);
			await webhookDeliveries.giveUp(endpointId, now(), "The endpoint is disabled");
			expect(await webhookDeliveries.find(endpointId, id)).toMatchObject({
				state: "failed",
				nextAt: null,
				last: { status: null, reason: "The endpoint is disabled" },
			});
			expect((await webhookDeliveries.find(endpointId, done.id))?.last).toBeNull();
			expect(await webhookDeliveries.nextAt(endpointId)).toBeNull();
		});

		test("what was given up while it was tried is not tried again; where it had arrived, it has", async () => {
			const [vain, arrived] = [await aDelivery(), await aDelivery()];
			const standing = async ({ endpointId, id }: WebhookDelivery) => {
				const found = await webhookDeliveries.find(endpointId, id);
				return [found?.state, found?.nextAt];
			};
			for (const each of [vain, arrived]) {
				await webhookDeliveries.claim(each, now() + 60);
				await webhookDeliveries.giveUp(each.endpointId, now(), "The endpoint is disabled");
			}
			await webhookDeliveries.settle(vain, { state: "waiting", nextAt: now() + 5, last });
			expect(await standing(vain)).toEqual(["failed", null]);
			await webhookDeliveries.settle(arrived, { state: "delivered", nextAt: null, last });
			expect(await standing(arrived)).toEqual(["delivered", null]);
			// Nor is what is sent once more settled by who tried it before.
			await webhookDeliveries.sendAgain(arrived.endpointId, arrived.id, now());
			await webhookDeliveries.settle({ ...arrived, tries: 3 }, { state: "failed", nextAt: null, last });
			expect(await standing(arrived)).toEqual(["waiting", now()]);
		});

		test("one that does not wait is sent again from its first try on; one that waits is not", async () => {
			const delivery = await aDelivery();
			const { endpointId, id } = delivery;
			expect(await webhookDeliveries.sendAgain(endpointId, id, now())).toBe(false);
			await webhookDeliveries.claim(delivery, now() + 60);
			await webhookDeliveries.settle(delivery, { state: "failed", nextAt: null, last });
			expect(await webhookDeliveries.sendAgain(endpointId, id, now() + 9)).toBe(true);
			expect(await webhookDeliveries.find(endpointId, id)).toEqual({ ...delivery, nextAt: now() + 9, last });
			expect(await webhookDeliveries.sendAgain(newId(), id, now())).toBe(false);
		});

		test("a log is read from the newest on and back, and narrowed", async () => {
			const of = { id: newId(), accountId: newId() };
			const rows = times(5, (index) =>
				webhookDelivery(of, { createdAt: 100 + index, type: index % 2 === 0 ? "key.created" : "key.deleted" }),
			);
			await webhookDeliveries.add(rows, []);
			const list = (filter: object, after: { at: number; id: string } | null = null, isBack = false) =>
				webhookDeliveries.list(of.id, { state: null, type: null, ...filter }, after, 2, isBack);
			const first = await list({});
			expect(first.rows.map(({ createdAt }) => createdAt)).toEqual([104, 103]);
			expect((await list({}, first.next)).rows.map(({ createdAt }) => createdAt)).toEqual([102, 101]);
			expect((await list({}, { at: 102, id: rows[2]?.id ?? "" }, true)).rows.map((each) => each.createdAt)).toEqual([
				103, 104,
			]);
			expect((await list({ type: "key.deleted" })).rows.map(({ createdAt }) => createdAt)).toEqual([103, 101]);
			expect((await list({ state: "failed" })).rows).toEqual([]);
		});

		test("goes with its endpoint, with its account, and with time", async () => {
			const [one, two, old] = [await aDelivery(), await aDelivery(), await aDelivery({ createdAt: 1 })];
			await webhookDeliveries.forget(one.endpointId);
			const seen = { accountId: two.accountId, kind: "failed_logins", subject: "s", target: "", count: 1 } as const;
			await alerts.raise([{ ...seen, id: newId(), at: 3600, detail: {}, isAwaited: true }]);
			await webhookDeliveries.forgetAccount(two.accountId);
			await webhookDeliveries.purge(2);
			for (const { endpointId, id } of [one, two, old]) expect(await webhookDeliveries.find(endpointId, id)).toBeNull();
			expect(await webhookDeliveries.untold(two.accountId, 10)).toEqual([]);
		});
	});
}
