import { describe, expect, test } from "vitest";
import type { Api, ApiPermission } from "../../../src/domain/api.ts";
import { accessTokenAlgorithm, accessTokenTtlOf } from "../../../src/domain/access-token-terms.ts";
import {
	agreeable,
	type AskingClient,
	countsNow,
	type Holder,
	openAt,
	strangersScope,
} from "../../../src/domain/effective-scope.ts";
import type { ListedGrant } from "../../../src/domain/ledger-verdicts.ts";
import { roles } from "../../../src/domain/permission.ts";
import { stepUp } from "../../../src/domain/step-up.ts";
import { closedTarget, inOneToken, type Targets, targetsOf } from "../../../src/domain/targets.ts";
import { start } from "./builders.ts";

const issuer = "https://auth.example";

function permission(name: string, of: Partial<ApiPermission> = {}): ApiPermission {
	return { name, title: name, description: "", members: false, selfRegistered: false, ...of };
}

function anApi(fields: Partial<Api> = {}): Api {
	return {
		id: "api-1",
		accountId: "acme",
		identifier: "https://tasks.example/api",
		name: "Tasks",
		description: "",
		permissions: [
			permission("tasks:read", { members: true, selfRegistered: true }),
			permission("tasks:write", { selfRegistered: true }),
			permission("tasks:admin"),
		],
		tokenTtl: null,
		algorithm: null,
		servers: [],
		...fields,
	};
}

const tasks = anApi();
const notes = anApi({
	id: "api-2",
	accountId: null,
	identifier: "https://notes.example",
	permissions: [permission("notes:read", { members: true })],
});

function targets(...named: readonly (Api | string)[]): Targets {
	const apis = named.filter((each) => typeof each !== "string");
	const resources = named.map((each) => (typeof each === "string" ? each : each.identifier));
	return targetsOf(resources, issuer, apis);
}

const stranger: AskingClient = { accountId: null, scope: ["tasks:read"], options: {} };
const registered: AskingClient = {
	accountId: "acme",
	scope: ["events:read", "notes:read", "openid", "tasks:admin", "tasks:read"],
	options: {},
};
const elsewhere = "https://mcp.example";

function by(client: AskingClient | null, role: Holder["role"] = "admin", accountId: string | null = "acme"): Holder {
	return { client, accountId, role };
}

function access(at: Targets, holder: Holder) {
	return openAt(at, holder).filter((value) => value.includes(":"));
}

describe("what resources are", () => {
	test("latchkey's own, those of registered APIs, and others", () => {
		expect(targets(`${issuer}/v1/keys`, tasks, elsewhere)).toEqual({
			own: true,
			apis: [tasks],
			foreign: [elsewhere],
			isMisspelled: false,
		});
	});

	test.each(["https://tasks.example/api/", "https://tasks.example/API", "https://TASKS.example/api//"])(
		"%s is not the API, and nobody is told that it is",
		(resource) => {
			const found = targetsOf([resource], issuer, [tasks]);
			expect(found).toMatchObject({ apis: [], foreign: [resource], isMisspelled: true });
			expect(closedTarget(found, null)).toMatch(/spelled otherwise/);
			expect(agreeable(["tasks:write", "x"], found, by(stranger), [tasks])).toBeNull();
		},
	);

	test("RFC 3986 §6.2: the same by the case of its host is the same", () => {
		expect(targetsOf(["HTTPS://Tasks.example:443/api"], issuer, [tasks])).toMatchObject({
			apis: [tasks],
			foreign: [],
		});
	});

	test("an API of another account is closed, one of the whole deployment is not", () => {
		expect(closedTarget(targets(tasks), "globex")).toMatch(/another account/);
		expect(closedTarget(targets(notes), "globex")).toBeNull();
		expect(closedTarget(targets(tasks), "acme")).toBeNull();
	});
});

describe("what can be had at an API", () => {
	test("by role: an administrator has all of it, a member what the API says", () => {
		expect(access(targets(tasks), by(null))).toEqual(["tasks:admin", "tasks:read", "tasks:write"]);
		expect(access(targets(tasks), by(null, "member"))).toEqual(["tasks:read"]);
	});

	test("by client: what people registered it for; what strangers may, where it registered itself, whatever it said", () => {
		expect(access(targets(tasks), by(registered))).toEqual(["tasks:admin", "tasks:read"]);
		expect(access(targets(tasks), by(stranger))).toEqual(["tasks:read", "tasks:write"]);
		// It said the name when the API was not there yet.
		expect(access(targets(tasks), by({ ...stranger, scope: ["tasks:admin"] }))).toEqual(["tasks:read", "tasks:write"]);
	});

	test("an administrator's ceiling holds for a client that says nothing of itself", () => {
		const held = { ...registered, options: { statesNoScope: true, ceiling: { scope: ["tasks:read"] } } } as const;
		expect(access(targets(tasks), by(held))).toEqual(["tasks:read"]);
	});

	test("nothing of ours, nor of another API, nor in another account", () => {
		expect(
			agreeable(["events:read", "notes:read", "tasks:read"], targets(tasks), by(registered), [tasks, notes]),
		).toEqual({
			scope: ["tasks:read"],
			unchecked: [],
		});
		expect(access(targets(tasks), by(registered, "admin", "globex"))).toEqual([]);
	});
});

describe("what nobody registered", () => {
	const at = targets(elsewhere);

	test("is passed on as it is, and said to be so", () => {
		expect(agreeable(["mcp:tools", "openid"], at, by(registered), [])).toEqual({
			scope: ["mcp:tools", "openid"],
			unchecked: ["mcp:tools"],
		});
	});

	test.each([
		["a permission of ours", "events:read"],
		["what a token pair has", "write"],
		["a permission of an API that the account sees", "tasks:read"],
		["the same in other letters", "Tasks:READ"],
	])("but for %s", (_, value) => {
		expect(agreeable([value], at, by(registered), [tasks])).toBeNull();
	});

	test("nothing where an administrator said what is the most, and nothing at an API that is registered", () => {
		const held = { ...stranger, options: { ceiling: { scope: ["events:read"] } } };
		expect(agreeable(["mcp:tools"], at, by(held), [])).toBeNull();
		expect(agreeable(["mcp:tools"], targets(tasks), by(stranger), [])).toBeNull();
	});

	test("what was passed on opens nothing that is registered since, and what was checked is not passed on once it is gone", () => {
		const agreed = { scope: ["tasks:read", "x"], unchecked: ["tasks:read", "x"] };
		expect(countsNow(agreed, targets(tasks), by(stranger), []).scope).toEqual([]);
		// Wherever in the account it is registered.
		expect(countsNow(agreed, at, by(stranger), [tasks]).scope).toEqual(["x"]);
		expect(countsNow(agreed, at, by(stranger), []).scope).toEqual(["tasks:read", "x"]);
		const checked = { scope: ["tasks:read"] };
		expect(countsNow(checked, targets(tasks), by(stranger), []).scope).toEqual(["tasks:read"]);
		expect(countsNow(checked, targets(tasks.identifier), by(stranger), []).scope).toEqual([]);
	});
});

describe("one token", () => {
	test("RFC 9700 §2.3: ours go to nobody else, and those of an API to no resource that nobody answers for", () => {
		for (const [named, carried] of [
			[[issuer, tasks], ["tasks:read"]],
			[[issuer, elsewhere], []],
			[[tasks, elsewhere], []],
			[
				[tasks, notes],
				["notes:read", "tasks:read"],
			],
			[[issuer], roles.member],
		] as const) {
			expect(access(inOneToken(targets(...named)), by(null, "member"))).toEqual([...carried].toSorted());
		}
	});

	const usual = { accountId: "acme", accessTokenTtl: 3600 };
	const short = anApi({ tokenTtl: 60, identifier: "https://short.example" });
	const long = anApi({ tokenTtl: 7200 });

	test("is good no longer than any of its APIs allows, nor than people said of its client", () => {
		expect(accessTokenTtlOf(usual, targets(short, long))).toBe(60);
		expect(accessTokenTtlOf(usual, targets(long))).toBe(3600);
		expect(accessTokenTtlOf(usual, targets(issuer))).toBe(3600);
	});

	test("of software that registered itself nobody said anything: its APIs do, where all of them do", () => {
		const own = { ...usual, accountId: null };
		expect(accessTokenTtlOf(own, targets(long))).toBe(7200);
		for (const at of [targets(long, notes), targets(long, elsewhere), targets(long, issuer), targets(tasks)]) {
			expect(accessTokenTtlOf(own, at)).toBe(3600);
		}
	});

	test("is signed as its client chose, else as its APIs agree, else as all are", () => {
		const rs = anApi({ algorithm: "RS256" });
		const ps = anApi({ algorithm: "PS256", identifier: "https://ps.example" });
		const none = anApi({ identifier: "https://none.example" });
		expect(accessTokenAlgorithm({ options: { accessTokenAlg: "EdDSA" } }, targets(rs))).toBe("EdDSA");
		expect(accessTokenAlgorithm({ options: {} }, targets(rs, rs))).toBe("RS256");
		for (const at of [targets(rs, ps), targets(rs, none), targets(rs, issuer), targets(rs, elsewhere), targets(none)]) {
			expect(accessTokenAlgorithm({ options: {} }, at)).toBe("ES256");
		}
	});
});

describe("asking again for more", () => {
	const reading = { targets: targets(tasks), holder: by(stranger), visible: [tasks], issuer };
	const grant = (id: string, scope: readonly string[], resource = [tasks.identifier]): ListedGrant => {
		return { id, clientId: "c", accountId: "acme", scope, resource, createdAt: start, expiresAt: start + 100 };
	};
	const ask = (scope: readonly string[], ...held: readonly ListedGrant[]) =>
		stepUp({ asked: { scope, unchecked: [] }, held, resource: [tasks.identifier] }, reading);

	test("adds to what is there, which ends", () => {
		expect(ask(["tasks:write"], grant("g1", ["openid", "tasks:read"]), grant("g2", ["tasks:read"]))).toEqual({
			scope: ["openid", "tasks:read", "tasks:write"],
			unchecked: [],
			replaces: ["g1", "g2"],
		});
	});

	test("for no more, or only for who somebody is, is a grant of its own", () => {
		const held = grant("g1", ["tasks:read"]);
		expect(ask(["tasks:read"], held)).toEqual({ scope: ["tasks:read"], unchecked: [], replaces: [] });
		expect(ask(["openid"], held)).toEqual({ scope: ["openid"], unchecked: [], replaces: [] });
		expect(ask(["tasks:read"], grant("g1", ["openid"]))).toMatchObject({ scope: ["tasks:read"], replaces: [] });
	});

	test("for other resources leaves it alone", () => {
		const both = { asked: { scope: ["tasks:write"], unchecked: [] }, resource: [tasks.identifier, notes.identifier] };
		expect(stepUp({ ...both, held: [grant("g1", ["tasks:read"])] }, reading).replaces).toEqual([]);
		expect(ask(["tasks:write"], grant("g1", ["tasks:read"], [tasks.identifier, notes.identifier]))).toMatchObject({
			replaces: [],
		});
	});

	test("brings nothing back that role, client or API do not permit any more", () => {
		expect(ask(["tasks:write"], grant("g1", ["tasks:admin", "tasks:gone", "tasks:read"]))).toMatchObject({
			scope: ["tasks:read", "tasks:write"],
			replaces: ["g1"],
		});
	});
});

test("what strangers may ask of latchkey never manages keys, integrations, APIs or an account", () => {
	expect(strangersScope.join(" ")).not.toMatch(/keys|integrations|audit|apis|environments:write|(^| )events:delete/);
});
