import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { setupSecret } from "../support/setup-secret.ts";
import * as byHand from "./by-hand.ts";
import { signedIn, signOut, stage } from "./stage.ts";

const on = stage("alone", byHand.nothingMade);
const [desk, , phone] = byHand.browsers;
const passkeyPage = { name: "Create your passkey" };

/** A device with a keychain that knows its owner (WebAuthn §11.3); `lose` takes it away with all that is in it. */
async function aDevice(page: Page): Promise<{ readonly lose: () => Promise<unknown> }> {
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
	return { lose: () => session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }) };
}

async function signInByPasskey(page: Page): Promise<void> {
	await page.goto(`${on.origin}/sign-in`);
	// Its passkey stands among what the browser fills in, and this device takes what it is offered.
	await signedIn(page);
}

async function makePasskey(page: Page): Promise<void> {
	await page.getByRole("button", { name: "Use a passkey instead" }).click();
	await page.getByRole("heading", passkeyPage).waitFor();
	await byHand.lookIn({ javaScriptEnabled: true })(page);
	await page.getByRole("button", { name: "Create the passkey" }).click();
}

test("a new person gets in by a passkey alone, loses it and comes back by a recovery code: no password anywhere", async () => {
	const { page: idas, violations } = await on.open(desk);
	await aDevice(idas);
	await idas.goto(`${on.origin}/setup`);
	await idas.getByLabel("Setup secret").fill(setupSecret);
	await idas.getByLabel("Account name").fill("Bureau of Counting");
	await idas.getByLabel("Short name").fill("bureau");
	await idas.getByLabel("Your name").fill("Ida Rhodes");
	await idas.getByLabel("User name").fill("ida");
	await makePasskey(idas);
	await idas.getByRole("heading", { name: "latchkey is set up" }).waitFor();
	await signInByPasskey(idas);
	const base = `${on.origin}/console/bureau`;
	const link = await byHand.invite(idas, base, "Member", "For Joan", async () => {});

	const { page, violations: onPhone } = await on.open(phone);
	const device = await aDevice(page);
	await page.goto(link);
	await page.getByLabel("Your name").fill("Joan Clarke");
	await page.getByLabel("User name").fill("joan");
	await makePasskey(page);
	await signedIn(page);
	await page.goto(`${base}/security/recovery-codes`);
	// The one way that there is: the form's own button asks the device.
	expect(await page.getByRole("button", { name: "Use a passkey" }).count()).toBe(0);
	await page.getByRole("button", { name: "Create ten codes" }).click();
	await page.locator("#codes").waitFor();
	const [code = ""] = (await page.locator("#codes").innerText()).split("\n");
	await signOut(page);
	await signInByPasskey(page);

	await device.lose();
	await page.context().clearCookies();
	await aDevice(page);
	await page.goto(`${on.origin}/recover`);
	await page.getByLabel("User name").fill("joan");
	await page.getByLabel("Recovery code").fill(code);
	await makePasskey(page);
	await page.getByRole("heading", { name: "Your passkey is created" }).waitFor();
	await signInByPasskey(page);
	await page.goto(`${base}/security`);
	await page.getByText("You have none, and need none").waitFor();
	expect(await page.getByText("9 codes").count()).toBe(1);
	expect([...violations, ...onPhone]).toEqual([]);
});
