import assert from "node:assert/strict";
import type { Send } from "../../test/support/person.ts";

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Readonly<Record<string, unknown>>;
}

/** What the demonstration says of itself as it goes. */
export interface Steps {
	readonly begin: (title: string) => void;
	/** Says that something holds, or ends the demonstration. */
	readonly holds: (what: string, isTrue: boolean) => void;
	readonly exactly: (what: string, body: Answer["body"], members: readonly string[]) => void;
	readonly count: () => number;
	/** For whoever tells where it ended. */
	readonly now: () => string;
}

/** Where a part of it plays. */
export interface Scene extends Steps {
	readonly origin: string;
	readonly send: Send;
	readonly ask: (path: string, init?: RequestInit) => Promise<Answer>;
}

export function createSteps(print: (line: string) => void): Steps {
	let count = 0;
	let title = "";
	return {
		begin(next) {
			count++;
			title = next;
			print(`\n${count}. ${title}`);
		},
		holds(what, isTrue) {
			assert.ok(isTrue, `This does not hold: ${what}`);
			print(`   ✓ ${what}`);
		},
		exactly(what, body, members) {
			assert.deepEqual(Object.keys(body).toSorted(), members.toSorted());
			if (what !== "") print(`   ✓ ${what}`);
		},
		count: () => count,
		now: () => (count === 0 ? "the start" : `step ${count}, "${title}"`),
	};
}

export function sceneAt(origin: string, steps: Steps, send: Send): Scene {
	return {
		...steps,
		origin,
		send,
		async ask(path, init = {}) {
			const response = await send(origin + path, init);
			const content = await response.text();
			const body = content === "" ? {} : (JSON.parse(content) as Answer["body"]);
			return { status: response.status, headers: response.headers, body };
		},
	};
}

export function json(body: object, more: Record<string, string> = {}): RequestInit {
	return { method: "POST", headers: { "content-type": "application/json", ...more }, body: JSON.stringify(body) };
}

export function bearer(token: unknown): { authorization: string } {
	return { authorization: `Bearer ${String(token)}` };
}

export function basic({ id, secret }: { readonly id: string; readonly secret: string }): { authorization: string } {
	return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
}
