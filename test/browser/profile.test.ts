import { describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { barriersOf } from "./barriers.ts";
import { signIn, stage } from "./stage.ts";

const on = stage();

describe.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])("a browser, %o", (browser) => {
	const hasScript = browser.javaScriptEnabled;

	test("a profile is filled in: what is wrong is told, what was typed is kept, and the rest is saved", async () => {
		const { page, violations } = await on.openSignedIn(demo.grace, browser);
		await page.goto(`${on.origin}/console/acme/settings`);
		await page.getByRole("link", { name: "Profile" }).click();
		await page.getByLabel("Nickname").fill("Amazing Grace");
		await page.getByLabel("E-mail address").fill("grace");
		await page.getByLabel("Street").fill("1 Navy Yard\nBuilding 2");
		await page.getByRole("button", { name: "Save profile" }).click();
		const alert = page.getByRole("alert");
		await alert.getByRole("link", { name: /^E-mail address: Enter an e-mail address/ }).click();
		expect(await page.evaluate(() => location.hash)).toBe("#email");
		expect(await page.getByLabel("E-mail address").getAttribute("aria-invalid")).toBe("true");
		expect(await page.getByLabel("Nickname").inputValue()).toBe("Amazing Grace");
		expect(hasScript ? await barriersOf(page) : []).toEqual([]);

		await page.getByLabel("E-mail address").fill("grace@globex.example");
		await page.getByRole("button", { name: "Save profile" }).click();
		await page.getByText("Your profile is saved.").waitFor();
		expect(await page.getByLabel("Street").inputValue()).toBe("1 Navy Yard\nBuilding 2");
		await page.getByLabel("E-mail address").fill("");
		await page.getByRole("button", { name: "Save profile" }).click();
		await page.getByText("Your profile is saved.").waitFor();
		expect(await page.getByLabel("E-mail address").inputValue()).toBe("");
		expect(violations).toEqual([]);
	});

	test("what was allowed once is not asked again, until it is withdrawn", async () => {
		const { page, violations } = await on.open(browser);
		const url = new URL("/oauth/authorize", on.origin);
		url.search = new URLSearchParams({
			response_type: "code",
			client_id: demo.webApp.id,
			redirect_uri: demo.webApp.redirectUri,
			scope: "openid email",
		}).toString();
		await page.goto(url.href);
		await signIn(page, demo.ada);
		await page.getByRole("button", { name: "Allow", exact: true }).click();
		await page.getByText("Thank you, you can go on").waitFor();
		await page.goto(url.href);
		await page.getByText("Thank you, you can go on").waitFor();

		await page.goto(`${on.origin}/console/acme/my-access`);
		expect(hasScript ? await barriersOf(page) : []).toEqual([]);
		await page.getByRole("link", { name: "Revoke Acme Portal" }).click();
		await page.getByText("See your e-mail address").waitFor();
		expect(hasScript ? await barriersOf(page) : []).toEqual([]);
		await page.getByRole("button", { name: "Revoke this consent" }).click();
		await page.getByText("Revoked.").waitFor();
		await page.getByText("Nothing is remembered").waitFor();
		await page.goto(url.href);
		await page.getByRole("button", { name: "Allow", exact: true }).waitFor();
		expect(violations).toEqual([]);
	});

	test("an application with keys of its own is registered, and gets no secret", async () => {
		const { page, violations } = await on.openSignedIn(demo.ada, browser);
		const name = `Keys ${hasScript ? "with" : "without"} a script`;
		await page.goto(`${on.origin}/console/acme/integrations/new`);
		await page.getByRole("radio", { name: /^Web application/ }).check();
		await page.getByLabel("Name", { exact: true }).fill(name);
		await page.getByLabel("Redirect URLs").fill("https://radar.example/done");
		await page.getByText("For an application: who people are, signing in and out").click();
		await page.getByRole("checkbox", { name: /^Know you again/ }).check();
		await page.getByText("For an application: its own keys, and security").click();
		await page.getByRole("radio", { name: /^By its own keys/ }).check();
		await page.getByRole("button", { name: "Register" }).click();
		// Where something in it is wrong, it stands open.
		await page.getByRole("alert").getByText("Give the client's public keys").waitFor();
		expect(await page.getByLabel("Public keys", { exact: true }).isVisible()).toBe(true);
		expect(hasScript ? await barriersOf(page) : []).toEqual([]);
		await page.getByLabel("URL of the keys").fill("https://radar.example/keys.json");
		await page.getByRole("button", { name: "Register" }).click();
		await page.getByText("It has none").waitFor();
		await page.getByRole("link", { name: "Continue" }).click();
		await page.getByText("https://radar.example/keys.json").waitFor();
		expect(await page.getByRole("link", { name: "Replace the secret" }).count()).toBe(0);
		expect(hasScript ? await barriersOf(page) : []).toEqual([]);
		expect(violations).toEqual([]);
	});
});
