import { describe, expect, test } from "vitest";
import refusals from "../../src/ui/public/static/examples/refusals.json" with { type: "json" };
import { described, document } from "../support/documented.ts";
import { wordsOf } from "../support/console.ts";
import { type Answer, ask, postJson } from "../support/requests.ts";
import { issuer, logged } from "../support/target.ts";

const subjects = document.tags.map(({ name }) => subjectOf(name));
const pages = new Map<string, Answer>();
const guides = ["first-token", "install-flow", "verify", "rotate", "mcp-server", "api-habits"].map(
	(name) => `/docs/guides/${name}`,
);
for (const path of ["/docs", "/docs/errors", "/docs/search?q=key", ...subjects, ...guides])
	pages.set(path, await ask(path));

describe("/docs", () => {
	test.each([...pages])(
		"%s works under the policy of every page, and each link of it leads somewhere",
		(path, page) => {
			expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
			expect(page.headers.get("cache-control")).toBe("public, max-age=300");
			expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
			expect(page.text).not.toMatch(/<script(?! src="\/static\/)|\sstyle=|\son\w+=/);
			const ids = idsOf(page);
			expect(new Set(ids).size).toBe(ids.length);
			for (const [, anchor] of page.text.matchAll(/href="#([^"]+)"/g))
				expect([path, ids]).toEqual([path, expect.arrayContaining([anchor])]);
			for (const [, to = "", anchor = ""] of page.text.matchAll(/href="(\/docs[^"#]*)#([^"]+)"/g)) {
				expect([to, idsOf(pages.get(to))]).toEqual([to, expect.arrayContaining([anchor])]);
			}
		},
	);

	test("a guide names this deployment, and no other place that it was written for", () => {
		for (const path of guides) {
			expect(pages.get(path)?.text).toContain(`ISSUER=${issuer}`);
			expect(pages.get("/docs")?.text).toContain(`href="${path}"`);
		}
	});

	test("every operation is in the overview, and in its subject with a request to copy", () => {
		for (const { operation } of described) {
			expect(pages.get("/docs")?.text).toContain(`id="${operation.operationId}"`);
			expect(pages.get(subjectOf(operation.tags[0]))?.text).toContain(`id="${operation.operationId}-curl"`);
		}
	});

	test("each answer that has a body is shown as it was answered once, refusals too", () => {
		const [created = ""] =
			/<code id="post_v1_keys-201"[^]*?<\/code>/.exec(pages.get("/docs/api/api-keys")?.text ?? "") ?? [];
		expect(created).toContain("&quot;id&quot;");
		expect(pages.get("/docs/api/api-keys")?.text).toContain(`id="post_v1_keys-409"`);
	});

	test("what is not there is a page that says so", async () => {
		for (const path of ["/docs/api/nothing", "/docs/guides/nothing", "/docs/errors/constructor"]) {
			const answer = await ask(path);
			expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
			expect(wordsOf(answer)).toContain("There is no document at this address.");
		}
	});
});

describe("GET /docs/search", () => {
	test("finds operations by path, permission and member, errors by their code, in the order of what fits best", async () => {
		expect((await found("keys/verify"))[0]).toBe("/docs/api/verification#post_v1_keys_verify");
		expect(await found("keys:write")).toContain("/docs/api/api-keys#post_v1_keys");
		expect(await found("outage rotate")).toContain("/docs/guides/rotate");
		expect((await found("permission_missing"))[0]).toBe("/docs/errors/permission_missing");
		expect(await found("keys nothing-of-the-kind")).toEqual([]);
		expect(await found("")).toEqual([]);
	});

	test("what was looked for is shown as text, and cut where nobody would type it", async () => {
		const { status, text } = await ask(
			`/docs/search?q=${encodeURIComponent(`"><script>alert(1)</script>${"x".repeat(5000)}`)}`,
		);
		expect(status).toBe(200);
		expect(text).not.toContain("<script>alert");
		expect(text).not.toContain("x".repeat(101));
	});
});

describe("RFC 9457 §3.1.1: the type of a problem", () => {
	test("is the address of a page about its code, which has the status of the answer", async () => {
		for (const answer of [
			await ask("/v1/keys"),
			await ask("/nothing"),
			await ask("/v1/keys", { method: "PUT" }),
			await ask("/v1/keys?tag=x&tag=y"),
			await postJson("/auth/login", { api_key: "x" }),
		]) {
			const { type, code, status } = answer.body as Record<string, string | number>;
			expect([type, status]).toEqual([`${issuer}/docs/errors/${String(code)}`, answer.status]);
			const page = await ask(String(type).slice(issuer.length));
			expect(page.status).toBe(200);
			expect(page.text).toContain(`<h1><code>${String(code)}</code></h1>`);
			expect(wordsOf(page)).toContain(`Status ${answer.status}`);
			expect(wordsOf(page)).toContain("What to do:");
		}
	});

	test("never changes: these are the codes that there are for what each operation refuses", async () => {
		const bodies = Object.values(refusals).flatMap((of) => Object.entries(of as Record<string, unknown>));
		const seen = new Map<string, Set<string>>();
		for (const [status, body] of bodies) {
			if (typeof body !== "object" || body === null || !("code" in body) || typeof body.code !== "string") continue;
			seen.set(body.code, (seen.get(body.code) ?? new Set()).add(status));
		}
		for (const [code, statuses] of seen) {
			expect([code, statuses.size]).toEqual([code, 1]);
			const page = await ask(`/docs/errors/${code}`);
			expect(wordsOf(page)).toContain(`Status ${[...statuses].join()}`);
			expect(page.text).toContain('id="answered-by"');
		}
		expect(seen.size).toBeGreaterThan(15);
	});

	test("a 409 says what to do next", () => {
		const conflicts = Object.entries(refusals as Record<string, Record<string, { detail?: string; error?: string }>>);
		const silent = conflicts.flatMap(([name, { 409: conflict }]) =>
			conflict?.detail !== undefined && !remedy.test(conflict.detail) ? [`${name}: ${conflict.detail}`] : [],
		);
		expect(silent).toEqual([]);
	});
});

/** Words that tell somebody to do something. */
const remedy =
	/\b(?:choose|create|make|delete|end|remove|enable|disable|edit|set|save|change|send|try|add|ask|read|turn|turning|PATCH|POST|PUT)\b/i;

test("none of this failed on our side", async () => {
	expect((await logged()).filter((line) => line.includes("request.failed"))).toEqual([]);
});

function idsOf(page: Answer | undefined): readonly string[] {
	return [...(page?.text ?? "").matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => id);
}

function subjectOf(tag: string): string {
	return `/docs/api/${tag.toLowerCase().replaceAll(/\W+/g, "-")}`;
}

async function found(query: string): Promise<readonly (string | undefined)[]> {
	const { text } = await ask(`/docs/search?q=${encodeURIComponent(query)}`);
	return [...(text.split('<ul class="docs-found">')[1]?.matchAll(/<a href="([^"]+)">/g) ?? [])].map(([, url]) => url);
}
