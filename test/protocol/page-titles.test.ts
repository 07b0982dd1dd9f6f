import { expect, test } from "vitest";
import { newApi } from "../support/apis.ts";
import { atConsole } from "../support/console.ts";
import { anIntegration } from "../support/integrations.ts";
import { newCode, newKey, newName } from "../support/keys-api.ts";
import { ada } from "../support/people.ts";

const admin = await atConsole(ada);

test("WCAG 2.4.2: a title names the thing and the part of it that a page shows, and no two are the same", async () => {
	const [key, api, { client, name }] = await Promise.all([
		newKey({ name: newName("Export") }),
		newApi({ name: newName("Orders") }),
		anIntegration(),
	]);
	const code = await newCode(key.id);
	const parts: readonly (readonly [thing: string, base: string, pages: readonly string[]])[] = [
		[
			key.name,
			`keys/${key.id}`,
			["", "/policies", "/limits", "/codes", "/sessions", "/links", "/usage", "/delete", "/tokens/end"],
		],
		[key.name, `keys/${key.id}/codes/${code.id}`, ["/rotate", "/secret"]],
		[api.name, `apis/${api.id}`, ["", "/edit", "/permissions", "/servers", "/servers/new", "/delete"]],
		[name, `integrations/${client.id}`, ["", "/edit", "/secret", "/tokens/end", "/delete"]],
	];
	const all = parts.flatMap(([thing, base, pages]) => pages.map((page) => ({ thing, path: `${base}${page}` })));
	const shown = await Promise.all(
		all.map(async ({ thing, path }) => {
			const page = await admin.open(`/console/acme/${path}`);
			const [, title = ""] = /<title>([^<]*)</.exec(page.text) ?? [];
			return { path, status: page.status, title, names: title.includes(thing) };
		}),
	);
	expect(shown.filter(({ status, names }) => status !== 200 || !names)).toEqual([]);
	// An access code is of its key's tab.
	const titles = shown.filter(({ path }) => !path.includes("/codes/")).map(({ title }) => title);
	expect(new Set(titles).size).toBe(titles.length);
});

test("WCAG 2.4.2: each tab of the settings has a title of its own", async () => {
	const titles = await Promise.all(
		["", "/account", "/profile", "/people", "/sign-in", "/trusted-issuers"].map(async (tab) => {
			const { text } = await admin.open(`/console/acme/settings${tab}`);
			return /<title>([^<]*)</.exec(text)?.[1];
		}),
	);
	expect(titles).toEqual(titles.map(() => expect.stringMatching(/^\S.* · Settings · Acme/)));
	expect(new Set(titles).size).toBe(titles.length);
});
