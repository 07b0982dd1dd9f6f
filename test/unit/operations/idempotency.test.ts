import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { utf8 } from "../../../src/crypto/encoding.ts";
import { createApp } from "../../../src/app.ts";
import type { RemoteLedger } from "../../../src/domain/ports/ledgers.ts";
import type { Platform } from "../../../src/domain/ports/platform.ts";
import type { SubjectId } from "../../../src/domain/subject.ts";
import { type Begun, beginOnce, type KeyedRequest, type Turn } from "../../../src/operations/idempotency.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { seedDemo } from "../../../src/operations/upkeep/seed-demo.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { rowsOf } from "../../runners/stored.ts";
import { storedPassword } from "../../runners/stored-password.ts";
import { stoppedAt } from "../stopped-at.ts";

const otherKey = `${"B".repeat(42)}A`;

/** A deployment whose clock stands still until it is moved. */
function aDeployment() {
	let time = 1_900_000_000;
	const now = () => time;
	const { platform, files } = openPlatform(":memory:", { now });
	const servicesWith = (sealKeys: string, ports: Platform = platform) =>
		createServices(readConfig({ ISSUER: "http://localhost", SEAL_KEYS: sealKeys }), ports, {
			now,
			random: systemRandom,
			log: () => {},
		});
	const services = servicesWith(`1:${developmentSealKey}`);
	const stored = () => JSON.stringify(rowsOf((sql) => files.register.exec(sql).toArray()));
	return { services, servicesWith, platform, stored, advance: (seconds: number) => (time += seconds) };
}

function asked(changes: Partial<KeyedRequest> = {}): KeyedRequest {
	const caller = { subject: "person_1", accountId: "acme" };
	const body = utf8('{"password":"hunter2"}');
	return { caller, key: "k", target: "POST /v1/keys?", body, isResumable: false, ...changes };
}

const answer = { status: 201, headers: {}, body: "lkcs_a-secret-that-is-shown-once" };

function turnOf(begun: Begun): Turn {
	if (begun.kind !== "begun") throw new Error(`Not begun: ${begun.kind}`);
	return begun;
}

test("a run that was broken off is not made again: nobody knows what it did", async () => {
	const { services, advance } = aDeployment();
	turnOf(await beginOnce(asked(), services));
	advance(59);
	expect(await beginOnce(asked(), services)).toEqual({ kind: "running" });
	advance(1);
	expect(await beginOnce(asked(), services)).toEqual({ kind: "unfinished" });
	advance(86_400 - 61);
	expect(await beginOnce(asked(), services)).toEqual({ kind: "unfinished" });
	advance(1);
	turnOf(await beginOnce(asked(), services));
});

test("one that does nothing twice by its nonce is made again, with that nonce, by one at a time", async () => {
	const { services, advance } = aDeployment();
	const request = asked({ isResumable: true });
	const first = turnOf(await beginOnce(request, services));
	advance(61);
	const others = await Promise.all([1, 2, 3].map(() => beginOnce(request, services)));
	const [second] = others.filter((each) => each.kind === "begun");
	expect(others.map(({ kind }) => kind).toSorted()).toEqual(["begun", "running", "running"]);
	expect(second?.kind === "begun" && second.nonce).toBe(first.nonce);
	// Who comes late writes nothing, and takes nothing away.
	await first.keep({ ...answer, status: 200 });
	await first.release();
	expect(await beginOnce(request, services)).toEqual({ kind: "running" });
	if (second) await turnOf(second).keep(answer);
	expect(await beginOnce(request, services)).toEqual({ kind: "answered", answer });
	// After its time the key is a new one, and makes another thing.
	advance(86_400);
	expect(turnOf(await beginOnce(request, services)).nonce).not.toBe(first.nonce);
});

test("one that a fault broke off is said to be at once", async () => {
	const { services } = aDeployment();
	await turnOf(await beginOnce(asked(), services)).breakOff();
	expect(await beginOnce(asked(), services)).toEqual({ kind: "unfinished" });
	const resumable = asked({ key: "other", isResumable: true });
	const first = turnOf(await beginOnce(resumable, services));
	await first.breakOff();
	expect(turnOf(await beginOnce(resumable, services)).nonce).toBe(first.nonce);
});

test("neither the answer nor the body nor the key stands in the stores, and no other row opens the seal", async () => {
	const { services, stored } = aDeployment();
	await turnOf(await beginOnce(asked({ key: "a-key-of-theirs" }), services)).keep(answer);
	const rows = stored();
	expect(rows).toContain("idempotency_keys");
	for (const secret of [answer.body, "hunter2", "a-key-of-theirs"]) expect(rows).not.toContain(secret);
});

test("a body is compared by a key of ours: by its hash alone a password in it could be guessed", async () => {
	const one = aDeployment();
	const other = aDeployment();
	const services = other.servicesWith(`1:${otherKey}`);
	await beginOnce(asked(), one.services);
	await beginOnce(asked(), services);
	const fingerprints = [one, other].map(({ stored }) => /"1 ([\w-]{43})"/.exec(stored().replaceAll("\\", ""))?.[1]);
	expect(fingerprints[0]).toMatch(/^[\w-]{43}$/);
	expect(fingerprints[1]).toMatch(/^[\w-]{43}$/);
	expect(fingerprints[0]).not.toBe(fingerprints[1]);
});

test("a new SEAL_KEYS: what the older one sealed is answered, and without that it is neither answered nor done again", async () => {
	const { services, servicesWith } = aDeployment();
	await turnOf(await beginOnce(asked(), services)).keep(answer);
	const both = servicesWith(`2:${otherKey},1:${developmentSealKey}`);
	expect(await beginOnce(asked({ isResumable: true }), both)).toEqual({ kind: "answered", answer });
	expect(await beginOnce(asked({ target: "POST /v1/policies?" }), both)).toEqual({ kind: "other_request" });
	const newest = servicesWith(`2:${otherKey}`);
	expect(await beginOnce(asked({ isResumable: true }), newest)).toEqual({ kind: "unfinished" });
});

test("an account sends so many keys in an hour, whoever of it does", async () => {
	const { services } = aDeployment();
	for (let index = 0; index < 1000; index++) {
		await beginOnce(asked({ key: String(index), caller: { subject: `p${index % 3}`, accountId: "acme" } }), services);
	}
	expect(await beginOnce(asked({ key: "one more" }), services)).toMatchObject({ kind: "limited" });
	expect((await beginOnce(asked({ caller: { subject: "p1", accountId: "globex" } }), services)).kind).toBe("begun");
});

test.each([false, true])(
	"POST /v1/keys stopped at any call (after it: %s) and sent again makes one key, and tells its secret",
	async (isAfter) => {
		const { services, servicesWith, platform } = aDeployment();
		await seedDemo({ ...services, passwords: { ...services.passwords, hash: storedPassword } });
		const good = createApp(services);
		const json = { "content-type": "application/json" };
		const credentials = JSON.stringify({ username: "ada", password: "ada-demo-password", account: "acme" });
		const login = { method: "POST", headers: json, body: credentials };
		const { access_token: token } = await read(
			await good.fetch(new Request("http://localhost/auth/login", login), null),
		);
		let wasWhole = false;
		for (let at = 1; !wasWhole && at < 50; at++) {
			const counter = { calls: 0 };
			const keyRegister = stoppedAt(platform.keyRegister, counter, at, isAfter);
			const ledgers = {
				of: (subject: SubjectId): RemoteLedger =>
					isKey(subject) ? stoppedAt(platform.ledgers.of(subject), counter, at, isAfter) : platform.ledgers.of(subject),
			};
			const broken = createApp(servicesWith(`1:${developmentSealKey}`, { ...platform, keyRegister, ledgers }));
			const name = `Key ${isAfter} ${at}`;
			const send = (app: typeof good) => {
				const headers = { ...json, authorization: `Bearer ${String(token)}`, "idempotency-key": `k-${isAfter}-${at}` };
				const sent = { method: "POST", headers, body: JSON.stringify({ name, type: "integration" }) };
				return app.fetch(new Request("http://localhost/v1/keys", sent), null);
			};
			const first = await send(broken);
			wasWhole = counter.calls < at;
			expect([at, first.status]).toEqual([at, wasWhole ? 201 : 503]);
			const second = await send(good);
			const made = await read(second);
			expect([at, second.status, made.name]).toEqual([at, 201, name]);
			expect(made).toHaveProperty("code.secret");
			const listed = await good.fetch(
				new Request(`http://localhost/v1/keys?q=${encodeURIComponent(name)}`, {
					headers: { authorization: `Bearer ${String(token)}` },
				}),
				null,
			);
			expect([at, (await read(listed)).keys]).toEqual([at, [expect.objectContaining({ id: made.id })]]);
		}
		expect(wasWhole).toBe(true);
	},
);

const isKey = (subject: string) => subject.startsWith("key_");

async function read(response: Response): Promise<Record<string, unknown>> {
	const members: Record<string, unknown> = await response.json();
	return members;
}
