import { describe, expect, test } from "vitest";
import {
	acknowledged,
	homeFrom,
	isOver,
	isQuiet,
	type LeaseHome,
	ran,
	tick,
	wakeAt,
} from "../../../../src/domain/lease-home.ts";
import { leaseSpan, replicaSpan, type StoredHolder, type StoredRecall } from "../../../../src/domain/lease.ts";
import { start } from "../builders.ts";

const now = start * 1000;
const nobody = homeFrom({ holders: [], recalls: [] }, now);
const sin = { replica: "SIN/0/", instance: "one" };
const fra = { replica: "FRA/0/", instance: "two" };
const read = { touched: ["key/verdict"], changed: [], asker: null };
const change = { touched: ["key/verdict"], changed: ["key/verdict"], asker: null };

function lendTo(home: LeaseHome, at: number, ...askers: (typeof sin)[]): LeaseHome {
	return askers.reduce((before, asker) => ran(before, { ...read, asker }, at).home, home);
}

/** As a ledger finds it that starts later. */
function storedBy(runs: readonly ReturnType<typeof ran>[]) {
	const bodies = runs.flatMap(({ store }) => store.map(({ body }) => body));
	return {
		holders: bodies.filter((body): body is StoredHolder => "until" in body),
		recalls: bodies.filter((body): body is StoredRecall => "at" in body),
	};
}

describe("a ledger", () => {
	test("that nobody has a lease of stores, sends and waits for nothing", () => {
		expect(isQuiet(nobody, now)).toBe(true);
		expect(ran(nobody, change, now)).toEqual({ home: nobody, store: [], lease: null, after: null, send: [] });
		const ranOut = lendTo(nobody, now, sin);
		expect(isQuiet(ranOut, now)).toBe(false);
		expect(isQuiet(ranOut, now + leaseSpan)).toBe(true);
		expect(ran(ranOut, change, now + leaseSpan)).toMatchObject({ store: [], after: null, send: [] });
	});

	test("writes who may hold a lease with the first of them, and then once a minute at most", () => {
		let home = nobody;
		const writes: number[] = [];
		for (let at = now; at < now + 600_000; at += 500) {
			const result = ran(home, { ...read, asker: sin }, at);
			home = result.home;
			for (const { body } of result.store) {
				writes.push(at);
				expect("until" in body && body.until).toBeGreaterThanOrEqual(at + leaseSpan);
			}
			expect(result.lease).toEqual({ version: 0, span: replicaSpan });
		}
		// More often only at first: who asks a few times and leaves is not to be waited for long by a ledger that starts again.
		const spans = writes.map((at, index) => at - (writes[index - 1] ?? now));
		expect(spans.slice(0, 4)).toEqual([0, 10_500, 11_000, 22_000]);
		expect(spans.slice(5).every((span) => span > 60_000)).toBe(true);
		// Whose lease has run out is covered still.
		const later = ran(ran(home, { ...read, asker: fra }, now + 615_000).home, { ...read, asker: sin }, now + 616_000);
		expect(later.store).toEqual([]);
	});

	test("a change is told to each holder, and is over when each has dropped it", () => {
		const lentTo = lendTo(nobody, now, sin, fra);
		const { home, store, after, send, lease } = ran(lentTo, change, now);
		expect(send.map(({ to }) => to)).toEqual([sin, fra]);
		expect(store.map(({ kind, id }) => [kind, id])).toEqual([["recall", "1"]]);
		expect([after, lease]).toEqual([1, null]);
		const told = send.reduce((before, recall) => acknowledged(before, recall, recall.to.instance), home);
		expect([isOver(home, 1), isOver(acknowledged(home, send[0]!, "one"), 1), isOver(told, 1)]).toEqual([
			false,
			false,
			true,
		]);
		// Who has dropped it, and asked for nothing since, is not told of the next.
		expect(ran(told, change, now)).toMatchObject({ send: [], after: null });
	});

	test("who has dropped what is older has dropped it for every change before, and for none after", () => {
		const first = ran(lendTo(nobody, now, sin), change, now);
		const between = lendTo(first.home, now, sin);
		const second = ran(between, { ...change, changed: ["grant/grant-1"] }, now);
		const [one, two] = [first.send[0]!, second.send[0]!];
		const afterFirst = acknowledged(second.home, one, sin.instance);
		expect([isOver(afterFirst, 1), isOver(afterFirst, 2)]).toEqual([true, false]);
		const afterSecond = acknowledged(second.home, two, sin.instance);
		expect([isOver(afterSecond, 1), isOver(afterSecond, 2)]).toEqual([true, true]);
	});

	test("answers wait for the change of a row that they were made of, and no others do", () => {
		const { home } = ran(lendTo(nobody, now, sin), change, now);
		expect(ran(home, read, now).after).toBe(1);
		expect(ran(home, { ...read, touched: ["key"] }, now).after).toBe(1);
		expect(ran(home, { ...read, touched: ["grant/grant-1", "revoked_token/jti"] }, now).after).toBeNull();
	});

	test("an instance that answers for another is not counted; who cannot be reached is waited for while the lease lasts", () => {
		const { home, send } = ran(lendTo(nobody, now, sin), change, now + 4000);
		const another = acknowledged(home, send[0]!, "reborn");
		expect(isOver(another, 1)).toBe(false);
		expect(wakeAt(another)).toBe(now + leaseSpan);
		expect(tick(another, now + leaseSpan - 1)).toMatchObject({ send: [] });
		expect(isOver(tick(another, now + leaseSpan - 1).home, 1)).toBe(false);
		expect(isOver(tick(another, now + leaseSpan).home, 1)).toBe(true);
		expect(wakeAt(tick(another, now + leaseSpan).home)).toBeNull();
	});

	test("who has not answered is told again, once a second", () => {
		let { home } = ran(lendTo(nobody, now, sin, fra), change, now);
		home = acknowledged(home, { to: fra, version: 1 }, fra.instance);
		const sent: number[] = [];
		for (let at = wakeAt(home); at !== null; at = wakeAt(home)) {
			const { home: next, send } = tick(home, at);
			for (const { to } of send) expect(to).toEqual(sin);
			if (send.length > 0) sent.push(at - now);
			home = next;
		}
		expect(sent).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000]);
	});

	test("that starts again goes on with what it was recalling, and knows who may hold leases", () => {
		const first = ran(nobody, { ...read, asker: sin }, now);
		const second = ran(first.home, change, now + 5000);
		// The clock of the machine on which it starts is some seconds behind, and counts from there.
		const later = now - 9000;
		const again = homeFrom(storedBy([first, second]), later);
		expect(ran(again, read, later).after).toBe(1);
		expect(tick(again, later).send).toEqual(second.send);
		expect(isOver(tick(again, later + leaseSpan - 1).home, 1)).toBe(false);
		expect(isOver(tick(again, later + leaseSpan).home, 1)).toBe(true);
		expect(ran(again, change, later)).toMatchObject({ after: 2, send: [{ to: sin, version: 2 }] });
	});

	test("that starts by a clock that is some seconds ahead goes on as well", () => {
		const first = ran(nobody, { ...read, asker: sin }, now);
		const second = ran(first.home, change, now + 5000);
		const later = now + 5000 + leaseSpan + 9000;
		expect(ran(homeFrom(storedBy([first, second]), later), read, later).after).toBe(1);
	});

	test("that starts again after whoever asked a few times has left waits for nobody", () => {
		const first = ran(nobody, { ...read, asker: sin }, now);
		const again = (at: number) => ran(homeFrom(storedBy([first]), at), change, at);
		expect(again(now + 29_999).send).toEqual([{ to: sin, version: 1 }]);
		expect(wakeAt(tick(again(now + 29_000).home, now + 29_000).home)).toBe(now + 30_000);
		expect(again(now + 30_000)).toMatchObject({ send: [], after: null });
	});

	test("that starts long after the last lease waits for nobody", () => {
		const first = ran(nobody, { ...read, asker: sin }, now);
		const second = ran(first.home, change, now + 5000);
		const again = homeFrom(storedBy([first, second]), now + 200_000);
		expect(isQuiet(again, now + 200_000)).toBe(true);
		expect(isQuiet(homeFrom({ ...storedBy([first, second]), holders: [] }, now), now)).toBe(true);
		// Versions go on, as long as anything is stored that tells of them.
		expect(again.version).toBe(1);
	});

	test("the row of a change outlives those of the holders that it was for: the highest version is not lost", () => {
		let home = nobody;
		const outlived: boolean[] = [];
		for (let at = now; at < now + 300_000; at += 500) {
			const lent = ran(home, { ...read, asker: sin }, at);
			const [holder] = lent.store;
			const [recall] = ran(lent.home, change, at + leaseSpan - 1).store;
			if (holder) outlived.push(recall!.purgeAt >= holder.purgeAt);
			home = lent.home;
		}
		expect([outlived.length > 5, outlived.every(Boolean)]).toEqual([true, true]);
	});
});
