import { describe, expect, test } from "vitest";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import {
	call,
	type Credential,
	good,
	inAcme,
	inGlobex,
	newKey,
	newName,
	newPolicy,
	opensWith,
	type ShownKey,
	usableKey,
} from "../support/keys-api.ts";
import { loggedIn, opens } from "../support/logins.ts";
import { refusal, times, saidIn } from "../support/requests.ts";
import { demo } from "../support/target.ts";

const { acme, globex } = demo.accounts;

/** A key of Acme that Globex has linked. */
async function linkedKey() {
	const made = await usableKey();
	const policy = await newPolicy(["environments:read"], await inGlobex());
	const link = await call("POST", "/v1/links", { key_id: made.key.id, policies: [policy] }, await inGlobex());
	return { ...made, linkPolicy: policy, link: good<ShownKey>(link, 201) };
}

const asLinker = async (method: "GET" | "PATCH" | "DELETE", id: string, body?: object) =>
	call(method, `/v1/links/${id}`, body, await inGlobex());

/** What an account's audit log has of a key, oldest first. */
async function logOf(id: string, account: Credential) {
	const answer = await call("GET", `/v1/audit?target=${id}&action=link`, undefined, account);
	const { entries } = good<{ entries: Record<"actor" | "action" | "target" | "address" | "detail", unknown>[] }>(
		answer,
	);
	return entries.map(({ actor, action, address, detail }) => ({ actor, action, address, detail })).toReversed();
}

describe("links", () => {
	test("a link opens the linker's account by the linker's policies, and nothing is united", async () => {
		const { key, code, link, linkPolicy } = await linkedKey();
		expect(link).toMatchObject({
			id: key.id,
			kind: "linked",
			name: key.name,
			tags: [],
			state: "enabled",
			policies: [linkPolicy],
			switched_off_by: [],
		});
		expect([await opensWith(code.secret), await opensWith(code.secret, "globex")]).toEqual([200, 200]);
		const narrowed = await newPolicy(["alerts:read"], await inGlobex());
		good(await asLinker("PATCH", key.id, { policies: [narrowed] }));
		expect([await opensWith(code.secret), await opensWith(code.secret, "globex")]).toEqual([200, 403]);
	});

	test("the linker sees it among its keys, and the owner sees who has linked it, but not by which policies", async () => {
		const { key, linkPolicy } = await linkedKey();
		const shown = good<ShownKey>(await call("GET", `/v1/keys/${key.id}`, undefined, await inGlobex()));
		expect(shown).toMatchObject({ kind: "linked", policies: [linkPolicy] });
		const list = await call("GET", "/v1/keys?limit=100", undefined, await inGlobex());
		expect(good<{ keys: ShownKey[] }>(list).keys.find(({ id }) => id === key.id)).toEqual(shown);
		const links = await call("GET", `/v1/keys/${key.id}/links`);
		expect(good(links)).toEqual({
			links: [
				{
					account: { id: globex, name: "Globex" },
					enabled: true,
					switched_off_by: [],
					created_at: expect.stringMatching(/Z$/),
				},
			],
		});
		expect(links.text).not.toContain(linkPolicy);
	});

	test("what cannot be linked looks the same, whatever it is: no oracle", async () => {
		const policy = await newPolicy(["events:read"], await inGlobex());
		const own = await newKey({}, await inGlobex());
		const deleted = await newKey();
		await call("DELETE", `/v1/keys/${deleted.id}`);
		const answers = [];
		for (const key_id of [own.id, deleted.id, `key_any_${randomId(systemRandom)}`, "key_any_x", "", "constructor"]) {
			answers.push(await call("POST", "/v1/links", { key_id, policies: [policy] }, await inGlobex()));
		}
		expect(new Set(answers.map(refusal))).toEqual(new Set(["404 Not Found"]));
		expect(new Set(answers.map(saidIn)).size).toBe(1);
	});

	test("contract 003: a link needs a policy, when it is made and when it is edited", async () => {
		const { key } = await linkedKey();
		const other = await newKey();
		const globexToken = await inGlobex();
		expect(refusal(await call("POST", "/v1/links", { key_id: other.id, policies: [] }, globexToken))).toBe(
			"400 Malformed request",
		);
		expect(refusal(await asLinker("PATCH", key.id, { policies: [] }))).toBe("400 Malformed request");
		const foreign = await newPolicy(["events:read"]);
		expect(refusal(await call("POST", "/v1/links", { key_id: other.id, policies: [foreign] }, globexToken))).toBe(
			"400 Malformed request",
		);
		expect(good(await call("GET", `/v1/keys/${other.id}/links`))).toEqual({ links: [] });
	});

	test("linked twice: the same link again is that link, another is refused", async () => {
		const { key, linkPolicy } = await linkedKey();
		const globexToken = await inGlobex();
		const again = (policies: string[]) => call("POST", "/v1/links", { key_id: key.id, policies }, globexToken);
		expect((await again([linkPolicy])).status).toBe(201);
		const other = await newPolicy(["alerts:read"], globexToken);
		expect(refusal(await again([other]))).toBe("409 Conflict");
		const answers = await Promise.all(times(5, () => again([linkPolicy])));
		expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
		expect(good<{ links: object[] }>(await call("GET", `/v1/keys/${key.id}/links`)).links).toHaveLength(1);
	});

	test("a linked key is the linker's to link, and the owner's to manage", async () => {
		const { key, code } = await linkedKey();
		const globexToken = await inGlobex();
		for (const answer of [
			await call("PATCH", `/v1/keys/${key.id}`, { name: newName() }, globexToken),
			await call("DELETE", `/v1/keys/${key.id}`, undefined, globexToken),
			await call("GET", `/v1/keys/${key.id}/codes`, undefined, globexToken),
			await call("POST", `/v1/keys/${key.id}/codes`, { description: "Mine" }, globexToken),
			await call("PATCH", `/v1/keys/${key.id}/codes/${code.id}`, { enabled: false }, globexToken),
			await call("GET", `/v1/keys/${key.id}/links`, undefined, globexToken),
			await call("DELETE", `/v1/keys/${key.id}/links/${globex}`, undefined, globexToken),
			await call("PATCH", `/v1/links/${key.id}`, { enabled: false }),
			await call("DELETE", `/v1/links/${key.id}`),
			await call("DELETE", `/v1/keys/${key.id}/links/${acme}`),
			await call("PATCH", `/v1/keys/${key.id}/links/constructor`, { enabled: false }),
		]) {
			expect(refusal(answer)).toBe("404 Not Found");
		}
		expect([await opensWith(code.secret), await opensWith(code.secret, "globex")]).toEqual([200, 200]);
	});

	test("either side switches it off, and it works while both have it on", async () => {
		const { key, code } = await linkedKey();
		const token = await loggedIn({ api_key: code.secret, account: "globex" });
		const asOwner = async (enabled: boolean) => call("PATCH", `/v1/keys/${key.id}/links/${globex}`, { enabled });
		const there = () => opensWith(code.secret, "globex");
		expect([await there(), await opens(token)]).toEqual([200, 200]);

		expect(good(await asOwner(false))).toMatchObject({ enabled: false, switched_off_by: ["owner"] });
		expect([await there(), await opens(token), await opensWith(code.secret)]).toEqual([401, 401, 200]);
		// The linker's switch does not turn the owner's.
		expect(good(await asLinker("PATCH", key.id, { enabled: true }))).toMatchObject({
			state: "disabled",
			switched_off_by: ["owner"],
		});
		expect(await there()).toBe(401);
		good(await asLinker("PATCH", key.id, { enabled: false }));
		good(await asOwner(true));
		expect(await there()).toBe(401);
		good(await asLinker("PATCH", key.id, { enabled: true }));
		expect([await there(), await opens(token)]).toEqual([200, 401]);
	});

	test("what the owner switched off stays off, though the linker removes the link and links again", async () => {
		const { key, code, linkPolicy } = await linkedKey();
		good(await call("PATCH", `/v1/keys/${key.id}/links/${globex}`, { enabled: false }));
		expect((await asLinker("DELETE", key.id)).status).toBe(204);
		const again = await call("POST", "/v1/links", { key_id: key.id, policies: [linkPolicy] }, await inGlobex());
		expect(good(again, 201)).toMatchObject({ state: "disabled", switched_off_by: ["owner"] });
		expect(await opensWith(code.secret, "globex")).toBe(401);
	});

	test.each([
		["the linker", async (id: string) => asLinker("DELETE", id)],
		["the owner", async (id: string) => call("DELETE", `/v1/keys/${id}/links/${globex}`)],
	])("removed by %s it is gone across: nothing opens, and neither lists it", async (_, remove) => {
		const { key, code } = await linkedKey();
		const token = await loggedIn({ api_key: code.secret, account: "globex" });
		expect((await remove(key.id)).status).toBe(204);
		expect([await opensWith(code.secret, "globex"), await opens(token)]).toEqual([403, 401]);
		expect(await opensWith(code.secret)).toBe(200);
		expect(refusal(await call("GET", `/v1/keys/${key.id}`, undefined, await inGlobex()))).toBe("404 Not Found");
		const list = await call("GET", "/v1/keys?limit=100", undefined, await inGlobex());
		expect(list.text).not.toContain(key.id);
		expect(good(await call("GET", `/v1/keys/${key.id}/links`))).toEqual({ links: [] });
		expect(refusal(await remove(key.id))).toBe("404 Not Found");
	});

	test("an edit that crosses a cut does not bring the link back", async () => {
		const { key, code, linkPolicy } = await linkedKey();
		const edits = times(8, () => asLinker("PATCH", key.id, { policies: [linkPolicy], enabled: true }));
		const [cut] = await Promise.all([call("DELETE", `/v1/keys/${key.id}/links/${globex}`), ...edits]);
		expect(cut.status).toBe(204);
		expect(await opensWith(code.secret, "globex")).toBe(403);
		expect(good(await call("GET", `/v1/keys/${key.id}/links`))).toEqual({ links: [] });
	});

	test("DESIGN §3.5: linked and removed at once, 100 times: what opens is listed, and can be removed", async () => {
		const { key, code, linkPolicy } = await linkedKey();
		const globexToken = await inGlobex();
		const link = () => call("POST", "/v1/links", { key_id: key.id, policies: [linkPolicy] }, globexToken);
		const cuts = [
			() => asLinker("DELETE", key.id),
			() => call("DELETE", `/v1/keys/${key.id}/links/${globex}`),
		] as const;
		for (let round = 0; round < 100; round++) {
			await Promise.all([cuts[round % 2]?.(), link()]);
			const isOpen = (await opensWith(code.secret, "globex")) === 200;
			const list = await call("GET", "/v1/keys?limit=100", undefined, globexToken);
			const shown = await call("GET", `/v1/keys/${key.id}`, undefined, globexToken);
			const links = good<{ links: object[] }>(await call("GET", `/v1/keys/${key.id}/links`)).links;
			const seen = [list.text.includes(key.id), shown.status === 200, links.length === 1];
			expect(seen, `round ${round}`).toEqual([isOpen, isOpen, isOpen]);
			const removed = await asLinker("DELETE", key.id);
			expect([removed.status, await opensWith(code.secret, "globex")]).toEqual([isOpen ? 204 : 404, 403]);
			good(await link(), 201);
		}
	});

	test("contract 003: deleting the key cuts off every link", async () => {
		const { key, code } = await linkedKey();
		expect((await call("DELETE", `/v1/keys/${key.id}`)).status).toBe(204);
		expect(await opensWith(code.secret, "globex")).toBe(401);
		expect(refusal(await call("GET", `/v1/keys/${key.id}`, undefined, await inGlobex()))).toBe("404 Not Found");
		const audit = await call("GET", `/v1/audit?target=${key.id}`, undefined, await inGlobex());
		const { entries } = good<{ entries: { action: string; actor: string; actor_name: string }[] }>(audit);
		// The linker's log says why and by which account, and not who of the owner's people it was.
		expect(entries[0]).toMatchObject({ action: "link.ended", actor: acme, actor_name: "Acme" });
	});

	test("what one side does, both find in their log, and of the other no more than which account it was", async () => {
		const key = await newKey();
		const linkPolicy = await newPolicy(["environments:read"], await inGlobex());
		const otherPolicy = await newPolicy(["events:read"], await inGlobex());
		const address = "192.0.2.71";
		const owners = { ...(await inAcme()), "cf-connecting-ip": address };
		const linkers = { ...(await inGlobex()), "cf-connecting-ip": address };
		const byOwner = (method: "PATCH" | "DELETE", body?: object) =>
			call(method, `/v1/keys/${key.id}/links/${globex}`, body, owners);
		const byLinker = (method: "PATCH" | "DELETE", body?: object) => call(method, `/v1/links/${key.id}`, body, linkers);
		const link = () => call("POST", "/v1/links", { key_id: key.id, policies: [linkPolicy] }, linkers);
		const everything = [
			link,
			() => byOwner("PATCH", { enabled: false }),
			// What is so already is nothing that was done.
			() => byOwner("PATCH", { enabled: false }),
			() => byOwner("PATCH", { enabled: true }),
			() => byLinker("PATCH", { enabled: false }),
			() => byLinker("PATCH", { enabled: true }),
			() => byLinker("PATCH", { policies: [linkPolicy, linkPolicy] }),
			() => byLinker("PATCH", { policies: [otherPolicy, otherPolicy] }),
			() => byOwner("DELETE"),
			link,
			link,
			() => byLinker("DELETE"),
			() => byOwner("DELETE"),
			link,
			() => call("DELETE", `/v1/keys/${key.id}`, undefined, owners),
		];
		for (const act of everything) await act();

		const [owner, linker] = [demo.people[0]?.id, demo.people[1]?.id];
		const { name } = key;
		const switched = (side: string) => ({ account: globex, side });
		const told = [
			["linker", "link.create", { name }],
			["owner", "link.disable", switched("owner")],
			["owner", "link.enable", switched("owner")],
			["linker", "link.disable", switched("linker")],
			["linker", "link.enable", switched("linker")],
			["linker", "link.edit_policies", { policies: otherPolicy }],
			["owner", "link.delete", { account: globex, name }],
			["linker", "link.create", { name }],
			["linker", "link.delete", { account: globex, name }],
			["linker", "link.create", { name }],
			["owner", "link.ended", { name }],
		] as const;
		// Which policies a link has is the linker's business, and that the key was deleted stands in the owner's log as that.
		const notForOwner: readonly string[] = ["link.edit_policies", "link.ended"];
		const asSeenBy = (side: "owner" | "linker", person: string | undefined) =>
			told
				.filter(([, action]) => side === "linker" || !notForOwner.includes(action))
				.map(([actor, action, detail]) =>
					actor === side
						? { actor: person, action, address, detail }
						: {
								actor: actor === "owner" ? acme : globex,
								action,
								address: null,
								detail: { ...detail, actor_name: actor === "owner" ? "Acme" : "Globex" },
							},
				);
		expect(await logOf(key.id, await inAcme())).toEqual(asSeenBy("owner", owner));
		expect(await logOf(key.id, await inGlobex())).toEqual(asSeenBy("linker", linker));
	});

	test("a disabled key opens no linked account", async () => {
		const { key, code } = await linkedKey();
		good(await call("PATCH", `/v1/keys/${key.id}`, { enabled: false }, await inAcme()));
		expect(await opensWith(code.secret, "globex")).toBe(401);
		expect(good(await call("GET", `/v1/keys/${key.id}`, undefined, await inGlobex()))).toMatchObject({
			state: "disabled",
		});
	});
});
