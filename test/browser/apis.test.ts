import { beforeAll, describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { barriersOf } from "./barriers.ts";
import { stage } from "./stage.ts";

const on = stage("alone");
const apis = () => `${on.origin}/console/acme/apis`;

test("an administrator registers an API and says what may be permitted there, without JavaScript", async () => {
	const { page } = await on.openSignedIn(demo.ada, { javaScriptEnabled: false });
	await page.goto(apis());
	await page.getByRole("link", { name: "Register an API" }).click();
	await page.getByLabel("Identifier").fill("https://orders.example.com/v1");
	await page.getByLabel("Name", { exact: true }).fill("Orders");
	await page.getByRole("button", { name: "Register the API" }).click();
	for (const [index, [name, title]] of [
		["orders:read", "See orders"],
		["orders:write", "Change orders"],
	].entries()) {
		if (index > 0) await page.getByRole("button", { name: "Add another" }).click();
		const row = page.getByRole("group", { name: "A new permission" }).nth(index);
		await row.getByLabel("Name").fill(name ?? "");
		await row.getByLabel("What people read").fill(title ?? "");
		if (index === 0) await row.getByLabel("Members have it").check();
	}
	await page.getByRole("button", { name: "Save permissions" }).click();
	await page.getByRole("row", { name: "orders:write" }).waitFor();
	expect(await page.getByRole("row", { name: "orders:read" }).innerText()).toMatch(/See orders\s+May\s+May not ask/);

	await page.getByRole("link", { name: "Choose the clients that serve it" }).click();
	await page.getByRole("link", { name: "Create a client for a server" }).click();
	await page.getByRole("button", { name: "Create client" }).click();
	await page.getByText("Copy the secret now").waitFor();
	await page.getByRole("link", { name: "I have kept it" }).click();
	await page.getByRole("link", { name: "Orders server" }).waitFor();

	await page.getByRole("link", { name: "Add or change permissions" }).click();
	await page.getByRole("group", { name: "orders:write" }).getByRole("link", { name: "Remove" }).click();
	await page.getByRole("button", { name: "Remove this permission" }).click();
	await page.getByText("The permission is gone").waitFor();
	expect(await page.getByRole("row", { name: "orders:write" }).count()).toBe(0);

	await page.getByRole("link", { name: "Delete", exact: true }).click();
	await page.getByRole("button", { name: "Delete this API" }).click();
	await page.getByText("The API was deleted").waitFor();
});

describe("WCAG 2.2 AA: no page of APIs is in anybody's way, on a phone neither", () => {
	let id = "";
	let wideId = "";
	beforeAll(async () => {
		const { access_token: token } = await on.post<{ access_token: string }>("/auth/login", {
			...demo.ada,
			account: "acme",
		});
		const permissions = [
			{ name: "invoices:read", title: "See invoices", description: "And who paid them.", members: true },
			{ name: "invoices:write", title: "Write invoices", self_registered: true },
		];
		const body = { identifier: "https://invoices.example.com/a/rather/long/path/to/it", name: "Invoices", permissions };
		({ id } = await on.post<{ id: string }>("/v1/apis", body, token));
		const wide = { ...body, identifier: "https://wide.example.com", name: "Wide", permissions: [] };
		({ id: wideId } = await on.post<{ id: string }>("/v1/deployment/apis", wide, token));
	});

	const places: Readonly<Record<string, () => readonly string[]>> = {
		"an account's": () =>
			["", "/new", `/${id}`, "/latchkey", `/${wideId}`].map((place) => `/console/acme/apis${place}`),
		"what is done to one": () => {
			const remove = "permissions/remove?name=invoices%3Aread";
			const doing = ["edit", "permissions", remove, "servers", "servers/new", "delete"];
			return doing.map((place) => `/console/acme/apis/${id}/${place}`);
		},
		"an operator's": () =>
			["", "/new", `/${wideId}`, `/${wideId}/permissions`, `/${wideId}/servers`].map(
				(place) => `/operator/apis${place}`,
			),
	};

	test.each(Object.entries(places))("%s", async (_, paths) => {
		const { page } = await on.openSignedIn(demo.ada);
		for (const path of paths()) {
			await page.goto(on.origin + path);
			await page.locator("main details").evaluateAll((all) => {
				for (const each of all) each.setAttribute("open", "");
			});
			expect([path, await barriersOf(page)]).toEqual([path, []]);
		}
	});
});
