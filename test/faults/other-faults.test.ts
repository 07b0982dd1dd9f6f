import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { type Edge, type Faulty, startFaulty } from "../runners/start-faulty.ts";
import { demo } from "../support/demo-world.ts";
import { type Api, createApi } from "./api.ts";
import { notedIn } from "./noted.ts";
import { type FaultRow, noAnswers, report } from "./report.ts";
import type { otherFaults } from "./stated-faults.ts";
import { createPeople, type People } from "./traffic.ts";

// What docs/faults.md states of faults that are no single call's: alarms, signing keys, clocks. On workerd.

let faulty: Faulty;
const apis = {} as Record<Edge, Api>;
const people = {} as Record<Edge, People>;
let row: FaultRow;
const { note, kept } = notedIn(() => row);
const rounds = Number(process.env.FAULT_ROUNDS ?? 1);

const [newer, older] = [`2:${"A".repeat(43)}`, `1:${developmentSealKey}`];
/** Ids and secrets are made under the older one, as the demonstration data's are. */
const bothKeys = { SEAL_KEYS: `${older},${newer}` };
/** Milliseconds: each start of three isolates takes some seconds on a busy machine. */
const patience = 120_000 * rounds;

beforeAll(async () => {
	faulty = await startFaulty();
	for (const edge of ["right", "ahead", "behind"] as const) {
		apis[edge] = createApi(faulty.edges[edge]);
		people[edge] = createPeople(faulty.issuer, (url, init) =>
			fetch(url.replace(faulty.issuer, faulty.edges[edge]), init),
		);
	}
});
afterAll(() => faulty?.stop());
afterEach(() => report(row));

function begin(fault: (typeof otherFaults)[number]): void {
	row = noAnswers(fault, "workerd");
}

async function family(edge: Edge): Promise<string> {
	const code = await people[edge].install(demo.webApp);
	return String(kept(await apis[edge].exchange(demo.webApp, code)).body.refresh_token);
}

test(
	"a signing key that no configured key opens burns nothing, and goes on when that is there again",
	async () => {
		begin("the signing key is sealed by a key that is not configured");
		// The demonstration data is there, and the ring is made under the newer of two keys.
		kept(await apis.right.introspect(demo.webApp, "none"));
		await faulty.restart({ SEAL_KEYS: `${newer},${older}`, DEMO_DATA: "off" });
		const session = crypto.randomUUID();
		const before = kept(await apis.right.logIn(session)).body.access_token;
		await faulty.restart();
		await people.right.signIn();
		const code = await people.right.install(demo.webApp);
		row.rounds += 1;
		note(await apis.right.exchange(demo.webApp, code));
		note(await apis.right.logIn(session));
		await faulty.restart(bothKeys);
		kept(await apis.right.exchange(demo.webApp, code));
		expect(kept(await apis.right.logIn(session)).body.access_token).toBe(before);
	},
	patience,
);

test(
	"a ledger's alarm fails: what a request could not copy to the register is copied all the same",
	async () => {
		begin("a ledger's alarm fails");
		const api = apis.right;
		const admin = String((await api.logInAs(demo.ada, "acme")).body.access_token);
		const key = await api.manage("POST", "/v1/keys", admin, { name: `Alarm ${crypto.randomUUID()}` });
		const id = String(key.body.id);
		const path = `/v1/keys/${id}`;
		const listed = async () => {
			const { body } = await api.manage("GET", "/v1/keys?limit=100", admin);
			return (body.keys as { id: string; state: string }[]).find((each) => each.id === id)?.state;
		};
		for (let round = 0; round < rounds; round++) {
			row.rounds += 1;
			kept(await api.manage("PATCH", path, admin, { enabled: true }));
			expect(await listed()).toBe("enabled");
			// The ledger has decided, and the register does not get its copy: one of the calls to D1 after that.
			let after = 0;
			for (let status = 0; status !== 200; after++) {
				await faulty.order({ part: "register", fault: "fails", after, calls: null });
				({ status } = await api.manage("PATCH", path, admin, { enabled: false }));
				await faulty.order(null);
				if (status === 503 && (await api.manage("GET", path, admin)).body.state === "disabled") break;
			}
			expect(await listed()).toBe("enabled");
			await faulty.ring(id, 1);
			await expect.poll(() => faulty.rung(id), { timeout: 20_000 }).toBeGreaterThan(1);
			await expect.poll(listed, { timeout: 20_000 }).toBe("disabled");
			note(await api.manage("PATCH", path, admin, { enabled: false }));
		}
	},
	patience,
);

describe("signing keys", () => {
	test(
		"that cannot be reached burn no code, rotate no token, and end no session",
		async () => {
			begin("the signing key cannot be reached");
			const api = apis.right;
			const token = await family("right");
			const session = crypto.randomUUID();
			const before = kept(await api.logIn(session)).body.access_token;
			const code = await people.right.install(demo.integration);
			await faulty.forgetPublishedKeys();
			await faulty.restart({ ...bothKeys, DEMO_DATA: "off" });
			await faulty.order({ part: "key ring", fault: "fails", after: 0, calls: null });
			row.rounds += 1;
			note(await api.exchange(demo.integration, code));
			note(await api.refresh(demo.webApp, token));
			note(await api.logIn(session));
			await faulty.order(null);
			kept(await api.exchange(demo.integration, code));
			kept(await api.exchange(demo.integration, code), 400);
			kept(await api.refresh(demo.webApp, token));
			expect(kept(await api.logIn(session)).body.access_token).toBe(before);
		},
		patience,
	);

	test(
		"whose published copy is missing are published again",
		async () => {
			begin("the published signing keys are missing");
			const session = crypto.randomUUID();
			const before = note(await apis.right.logIn(session)).body.access_token;
			await faulty.forgetPublishedKeys();
			await faulty.restart({ ...bothKeys, DEMO_DATA: "off" });
			row.rounds += 1;
			expect(note(await apis.right.logIn(session)).body.access_token).toBe(before);
		},
		patience,
	);
});

describe("clocks", () => {
	test.for(["ahead", "behind"] as const)(
		"an edge that is five minutes %s gives and takes as the others do",
		{ timeout: patience },
		async (wrong) => {
			begin(`a clock is 5 minutes ${wrong}`);
			await people[wrong].signIn();
			await people[wrong === "ahead" ? "behind" : "ahead"].signIn();
			for (let round = 0; round < rounds; round++) {
				for (const [here, there] of [
					[wrong, "right"],
					["right", wrong],
					[wrong, wrong === "ahead" ? "behind" : "ahead"],
				] as const) {
					row.rounds += 1;
					const code = await people[here].install(demo.webApp);
					const { access_token, refresh_token } = note(await apis[there].exchange(demo.webApp, code)).body;
					const first = note(await apis[here].refresh(demo.webApp, String(refresh_token))).body.refresh_token;
					// Whoever did not hear the answer asks again, somewhere else.
					const second = note(await apis[there].refresh(demo.webApp, String(refresh_token))).body.refresh_token;
					if (first !== second) row.doubled += 1;
					expect(second).toBe(first);
					expect(note(await apis[here].introspect(demo.webApp, String(access_token))).body.active).toBe(true);
					const session = crypto.randomUUID();
					const token = note(await apis[here].logIn(session)).body.access_token;
					expect(note(await apis[there].logIn(session)).body.access_token).toBe(token);
					kept(await apis[there].listSessions(String(token)));
					kept(await apis[here].exchange(demo.webApp, code), 400);
				}
			}
		},
	);
});
