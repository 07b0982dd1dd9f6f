import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { barriersOf, tooSmallOn } from "./barriers.ts";
import { signedIn, signIn, signOut as leave, stage } from "./stage.ts";

// A real browser with a device of its own for passkeys: WebAuthn §11, by the browser's own protocol for tools.

const on = stage("alone");
const acme = "/console/acme";

/** A device that looks for its owner and finds them, until it is told not to. */
async function aDevice(page: Page) {
	const session = await page.context().newCDPSession(page);
	await session.send("WebAuthn.enable");
	const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
		options: {
			protocol: "ctap2",
			transport: "internal",
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
		},
	});
	return {
		findsOwner: (isUserVerified: boolean) =>
			session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
		credentials: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
	};
}

async function isAccessible(page: Page): Promise<void> {
	expect([page.url(), await barriersOf(page), await tooSmallOn(page)]).toEqual([page.url(), [], []]);
}

async function signOut(page: Page): Promise<void> {
	await leave(page);
	await page.getByRole("link", { name: "Sign in" }).first().waitFor();
	await page.goto(`${on.origin}/sign-in`);
}

const desk: BrowserContextOptions = { colorScheme: "light" };
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

// At the desk the browser offers it at the user name, where the device takes it by itself; the phone's browser cannot.
describe.each([
	["at a desk", desk, true],
	["on a phone", phone, false],
])("%s", (where, browser, autofills) => {
	test("a passkey is added, signs in with no name, proves its owner, is renamed and removed", async () => {
		const { page, context, violations } = await on.open(browser);
		if (!autofills) {
			await context.addInitScript(() => {
				Reflect.set(PublicKeyCredential, "isConditionalMediationAvailable", undefined);
			});
		}
		const device = await aDevice(page);
		const secure = async () => page.goto(`${on.origin}${acme}/security`);
		const looked = async () => (browser === desk ? isAccessible(page) : undefined);
		await page.goto(`${on.origin}/sign-in`);
		await looked();
		await signIn(page, demo.ada);
		await signedIn(page);
		await secure();
		await page.getByRole("link", { name: "Add a passkey" }).click();
		await looked();
		await page.getByLabel("Name").fill(`Ada's ${where}`);
		await page.getByLabel("Your password").fill("not hers");
		await page.getByRole("button", { name: "Go on" }).click();
		await page.getByRole("alert").waitFor();
		await page.getByLabel("Your password").fill(demo.ada.password);
		await page.getByRole("button", { name: "Go on" }).click();
		const make = page.getByRole("button", { name: "Create the passkey" });
		await make.waitFor();
		await looked();

		// Whoever holds it is not its owner: nothing is made, and it may be tried again.
		await device.findsOwner(false);
		await make.click();
		await page.getByText("Nothing was done: it was cancelled, or took too long.").waitFor();
		expect(await device.credentials()).toEqual([]);
		await device.findsOwner(true);
		await make.click();
		await page.getByText("The passkey is added.").waitFor();
		expect(await device.credentials()).toHaveLength(1);
		await looked();
		const row = page.getByRole("row", { name: new RegExp(`Ada's ${where}`) });
		await row.getByText("Never").waitFor();

		// Who has one shows it before there is another, and the same device is not asked for a second one.
		await page.getByRole("link", { name: "Add a passkey" }).click();
		await page.getByRole("heading", { name: "Your second factor first" }).waitFor();
		await looked();
		await page.getByRole("link", { name: "Sign in again" }).click();
		if (!autofills) await page.getByRole("button", { name: "Sign in with a passkey" }).click();
		await page.getByLabel("Your password").fill(demo.ada.password);
		await page.getByRole("button", { name: "Go on" }).click();
		await page.getByRole("button", { name: "Create the passkey" }).click();
		await page.getByText("This device has a passkey for you here already.").waitFor();

		await signOut(page);
		if (!autofills) await page.getByRole("button", { name: "Sign in with a passkey" }).click();
		await page.waitForURL(/\/console\/acme$/);
		await secure();
		expect(await row.getByText("Never").count()).toBe(0);

		await page.goto(`${on.origin}${acme}/security/recovery-codes`);
		await looked();
		await page.getByRole("button", { name: "Use a passkey" }).click();
		await page.locator("#codes").waitFor();

		await secure();
		await row.getByRole("link", { name: /^Rename/ }).click();
		await looked();
		await page.getByLabel("Name").fill("Renamed");
		await page.getByRole("button", { name: "Save the name" }).click();
		await page.getByText("The passkey has its new name.").waitFor();
		await page.getByRole("link", { name: /^Remove.*Renamed/ }).click();
		await looked();
		await page.getByRole("button", { name: "Use a passkey" }).click();
		await page.getByText("The passkey is removed").waitFor();

		// The device still has it, and it opens nothing any more.
		if (!autofills) {
			await signOut(page);
			await page.getByRole("button", { name: "Sign in with a passkey" }).click();
			await page.getByRole("alert").getByText("Nobody signs in with this passkey here").waitFor();
		}
		expect(violations).toEqual([]);
	});
});

test("without JavaScript the page says what a passkey needs, and a password signs in", async () => {
	const { page } = await on.open({ javaScriptEnabled: false });
	await page.goto(`${on.origin}/sign-in`);
	await page.getByText("A passkey needs JavaScript, which is disabled in this browser.").waitFor();
	expect(await page.getByRole("button", { name: "Sign in with a passkey" }).count()).toBe(0);
	await signIn(page, demo.ada);
	await signedIn(page);
});
