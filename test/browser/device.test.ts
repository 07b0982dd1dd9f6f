import { expect, test } from "vitest";
import { deviceCodeGrant } from "../../src/domain/client.ts";
import { demo } from "../support/demo-world.ts";
import { barriersOf, tooSmallOn } from "./barriers.ts";
import { signIn, stage } from "./stage.ts";

// RFC 8628: a program without a browser, and a person on a telephone who types the code that it shows.

const on = stage("alone");

async function post(path: string, body: string, type: string): Promise<Record<string, string>> {
	const answer = await fetch(on.origin + path, { method: "POST", headers: { "content-type": type }, body });
	return (await answer.json()) as Record<string, string>;
}

async function codesOf() {
	const registration = JSON.stringify({
		client_name: "A television",
		grant_types: [deviceCodeGrant],
		token_endpoint_auth_method: "none",
	});
	const { client_id = "" } = await post("/oauth/register", registration, "application/json");
	const form = (fields: Record<string, string>) => new URLSearchParams({ client_id, ...fields }).toString();
	const media = "application/x-www-form-urlencoded";
	const codes = await post("/oauth/device_authorization", form({ scope: "openid" }), media);
	const token = { grant_type: deviceCodeGrant, device_code: codes.device_code ?? "" };
	return { userCode: codes.user_code ?? "", poll: () => post("/oauth/token", form(token), media) };
}

test("sign in, type the code, compare it, and the device is let in", async () => {
	const { userCode, poll } = await codesOf();
	const { page, violations } = await on.open({ viewport: { width: 390, height: 800 } });
	await page.goto(`${on.origin}/device`);
	await signIn(page, demo.ada);
	await page.getByLabel("Code").fill("bcdf ghjk");
	await page.getByRole("button", { name: "Continue" }).click();
	await page.getByText("No device waits with this code").first().waitFor();
	expect(await barriersOf(page)).toEqual([]);
	await page.getByLabel("Code").fill(userCode.toLowerCase());
	await page.getByRole("button", { name: "Continue" }).click();
	await page.getByRole("heading", { level: 1, name: "A television asks for access" }).waitFor();
	await page.getByText(userCode).waitFor();
	expect([await barriersOf(page), await tooSmallOn(page)]).toEqual([[], []]);
	await page.getByRole("button", { name: "Allow", exact: true }).click();
	await page.getByRole("heading", { level: 1, name: "Go back to your device" }).waitFor();
	expect(await barriersOf(page)).toEqual([]);
	expect((await poll()).id_token).toMatch(/^ey/);
	expect(violations).toEqual([]);
});
