import { beforeAll, describe, expect, test } from "vitest";
import { atConsole, wordsOf } from "../support/console.ts";
import { call, good, keyWith, newKey, tokenOf } from "../support/keys-api.ts";
import { grace } from "../support/people.ts";
import { anAccount, anOperator, aPerson, slugOf } from "../support/registered.ts";
import { ask, bearer, postJson, times } from "../support/requests.ts";

interface Entry {
	readonly action: string;
	readonly target: string;
	readonly target_name: string | null;
	readonly detail: Readonly<Record<string, unknown>>;
}

interface Page {
	readonly entries: readonly Entry[];
	readonly next: string | null;
	readonly previous: string | null;
}

async function anOffice() {
	const account = await anAccount();
	const slug = slugOf(account);
	const admin = await aPerson({ [account]: "admin" }, undefined, { name: "Rosalind" });
	const token = await tokenOf(admin, slug);
	const visitor = await atConsole(admin);
	const read = async (query: string) => good<Page>(await call("GET", `/v1/audit?${query}`, undefined, token));
	return { account, slug, admin, token, visitor, read, base: `/console/${slug}/audit` };
}

let office: Awaited<ReturnType<typeof anOffice>>;
const formula = '=HYPERLINK("https://evil.example")';
/** Nine of them, and one more whose name is a formula. */
let keys: readonly { readonly id: string; readonly name: string }[];
beforeAll(async () => {
	office = await anOffice();
	const made: { id: string; name: string }[] = [];
	for (const name of [...times(9, (index) => `Nightly ${index}`), formula]) {
		made.push(await newKey({ name }, office.token));
	}
	keys = made;
});

describe("the log, page by page", () => {
	test("it is walked both ways by the same filters, and neither skips nor repeats", async () => {
		const filters = "action=key.create&limit=3";
		const onward: string[][] = [];
		const cursors: string[] = [];
		let back: string | null = null;
		let firstBack: { previous: string | null } | null = null;
		for (let next: string | null = ""; next !== null;) {
			const page: Page = await office.read(`${filters}${next && `&cursor=${next}`}`);
			onward.push(page.entries.map(({ target }) => target));
			// The first page has none before it.
			firstBack ??= { previous: page.previous };
			[next, back] = [page.next, page.previous];
			if (next) cursors.push(next);
		}
		expect(firstBack).toEqual({ previous: null });
		expect(onward.flat()).toEqual(keys.map(({ id }) => id).toReversed());
		for (const page of onward.slice(0, -1).toReversed()) {
			const before: Page = await office.read(`${filters}&cursor=${back}`);
			expect(before.entries.map(({ target }) => target)).toEqual(page);
			back = before.previous;
		}
		expect(back).toBeNull();
		const other = await call("GET", `/v1/audit?action=key&cursor=${cursors[0]}`, undefined, office.token);
		expect(other.status).toBe(400);
	});

	test("a noun's actions as well, and a page that finds nothing leads back to where it came from", async () => {
		const first = await office.read("action=key&limit=4");
		const second = await office.read(`action=key&limit=4&cursor=${first.next}`);
		expect(await office.read(`action=key&limit=4&cursor=${second.previous}`)).toMatchObject({ entries: first.entries });
		// Ten entries are looked at for each that a page may have: the first twenty are none of these.
		const sought = `actor=${office.admin.id}&action=key.create&limit=1`;
		for (const _ of times(12, () => null)) await ask("/v1/audit/export?action=no.such", { headers: office.token });
		const none = await office.read(sought);
		expect(none).toMatchObject({ entries: [], previous: null });
		const further = await office.read(`${sought}&cursor=${none.next}`);
		expect(further.entries.map(({ target }) => target)).toEqual([keys[9]?.id]);
		const turned = await office.read(`${sought}&cursor=${further.previous}`);
		expect(turned.entries).toEqual([]);
		const again = await office.read(`${sought}&cursor=${turned.next}`);
		expect(again.entries).toEqual(further.entries);
	});
});

const file = (query: string) => ask(`/v1/audit/export${query}`, { headers: office.token });

describe("an export", () => {
	test("is all that the filters find, as the list has it, in JSON and in CSV", async () => {
		const listed = await office.read("action=key.create&limit=100");
		const json = await file("?action=key.create");
		expect(json.headers.get("content-disposition")).toBe('attachment; filename="audit.json"');
		expect(json.body).toEqual({ entries: listed.entries });
		const csv = await file("?action=key.create&format=csv");
		expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
		const lines = csv.text.split("\r\n");
		expect(lines[0]).toBe('"at","actor","actor_name","action","target","target_name","address","detail"');
		expect(lines).toHaveLength(listed.entries.length + 2);
		expect(lines[2]).toContain(`"${keys[8]?.id}","Nightly 8"`);
	});

	test("has no cell that a spreadsheet takes for a formula", async () => {
		const csv = await file("?action=key.create&format=csv");
		expect(csv.text).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
		expect(csv.text).not.toMatch(/(?:^|,)"[=+\-@]/m);
	});

	test("is noted in the log before it begins, with what it was of", async () => {
		await file("?action=key.create&format=csv");
		const [entry] = (await office.read("action=audit.export&limit=1")).entries;
		expect(entry).toMatchObject({ target: office.account, detail: { format: "csv", action: "key.create" } });
	});

	test.each(["?format=xml", "?format=csv&format=json", "?from=today", "?who=me"])(
		"of what there is not is refused, and not noted: %s",
		async (query) => {
			const before = (await office.read("action=audit.export")).entries.length;
			expect((await file(query)).status).toBe(400);
			expect((await office.read("action=audit.export")).entries).toHaveLength(before);
		},
	);

	test("is for who may read the log, of their own account; the deployment's for who operates it", async () => {
		const refused = await ask("/v1/audit/export", { headers: await keyWith(["keys:read"]) });
		expect([refused.status, refused.body.permission]).toEqual([403, "audit:read"]);
		const stranger = await anOffice();
		expect((await ask("/v1/audit/export", { headers: stranger.token })).text).not.toContain(keys[0]?.id);
		expect((await ask("/v1/deployment/audit/export", { headers: office.token })).status).toBe(403);
		const operator = await anOperator();
		const { body } = await postJson("/auth/login", { username: operator.username, password: operator.password });
		const whole = await ask("/v1/deployment/audit/export", { headers: bearer(String(body.access_token)) });
		expect([whole.status, Array.isArray(whole.body.entries)]).toEqual([200, true]);
	});

	test("from the page it is a form, which takes the filters that are shown", async () => {
		const shown = `${office.base}?action=key.create`;
		const csv = await office.visitor.send(shown, `${office.base}/export`);
		expect([csv.status, csv.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
		expect(csv.text.split("\r\n")).toHaveLength(keys.length + 2);
		expect((await office.visitor.post(`${office.base}/export`, { format: "xml" })).status).toBe(404);
		const visitor = await atConsole(grace);
		expect((await visitor.post("/console/acme/audit/export", { format: "csv" })).status).toBe(403);
	});
});

describe("the page's choices", () => {
	test("who and what are chosen by their names, and what is looked at is among them", async () => {
		const page = await office.visitor.open(`${office.base}?target=${keys[0]?.id}&actor=system`);
		expect(page.text).toContain(`<option value="${office.admin.id}">Rosalind</option>`);
		expect(page.text).toContain('<option value="system" selected>latchkey</option>');
		expect(page.text).toContain(`<option value="${keys[0]?.id}" selected>Nightly 0</option>`);
		expect(page.text).toContain('<option value="key.create">key.create: created API key</option>');
	});

	test("the beginning of a name finds what has it, with the ways to its entries, and nothing of another account", async () => {
		const page = await office.visitor.open(`${office.base}?q=nightly%201`);
		expect(wordsOf(page)).toContain("Nightly 1 (API key)");
		expect(page.text).toContain(`href="${office.base}?target=${keys[1]?.id}"`);
		expect(page.text).toContain(`href="${office.base}?actor=${keys[1]?.id}"`);
		expect(wordsOf(await office.visitor.open(`${office.base}?q=rosa`))).toContain("Rosalind (person)");
		const stranger = await anOffice();
		expect(wordsOf(await stranger.visitor.open(`${stranger.base}?q=nightly`))).toContain("Nothing here has a name");
		expect(wordsOf(await office.visitor.open(`${office.base}?q=%25`))).toContain("Nothing here has a name");
	});
});
