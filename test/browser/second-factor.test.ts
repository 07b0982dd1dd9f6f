import { generateSync } from "otplib";
import type { Page } from "playwright-core";
import { decodeQR } from "qr/decode.js";
import { describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { barriersOf, tooSmallOn } from "./barriers.ts";
import { signIn, stage } from "./stage.ts";

const on = stage("alone");
const acme = "/console/acme";

describe.each([
	["on a phone", demo.ada, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
	["without a script, in the dark", demo.grace, { javaScriptEnabled: false, colorScheme: "dark" }],
] as const)("%s", (_, who, options) => {
	const hasScript = !("javaScriptEnabled" in options);

	/** Axe needs a script; every state of these pages is looked at. */
	async function isAccessible(page: Page): Promise<void> {
		expect(hasScript ? [page.url(), await barriersOf(page), await tooSmallOn(page)] : [page.url(), [], []]).toEqual([
			page.url(),
			[],
			[],
		]);
	}

	test(
		"one-time codes: set up by the picture, asked for at sign-in, replaced by a recovery code, and turned off",
		{ timeout: 150_000 },
		async () => {
			const { page, violations } = await on.openSignedIn(who, options);
			await page.goto(`${on.origin}${acme}/security`);
			await page.getByRole("link", { name: "Set up one-time codes" }).click();
			const key = (await page.locator("#secret").innerText()).replaceAll(/\s/g, "");
			expect(hasScript ? await seenBy(page) : `secret=${key}&`).toContain(`secret=${key}&`);
			await isAccessible(page);

			await page.getByLabel("One-time code").fill("000000");
			await page.getByLabel("Your password").fill(who.password);
			await page.getByRole("button", { name: "Enable one-time codes" }).click();
			await page.locator("#code-error").waitFor();
			await isAccessible(page);
			await page.getByLabel("One-time code").fill(codeOf(key));
			await page.getByLabel("Your password").fill(who.password);
			await page.getByRole("button", { name: "Enable one-time codes" }).click();
			const codes = (await page.locator("#codes").innerText()).trim().split(/\s+/);
			expect(codes).toHaveLength(10);
			await isAccessible(page);

			const { page: other, violations: more } = await on.open(options);
			await other.goto(`${on.origin}/sign-in?continue=${acme}/security`);
			await signIn(other, who);
			await other.getByRole("heading", { name: "One-time code" }).waitFor();
			const field = other.getByLabel("One-time code");
			expect([await field.getAttribute("autocomplete"), await field.getAttribute("inputmode")]).toEqual([
				"one-time-code",
				"numeric",
			]);
			await isAccessible(other);
			await field.fill("123");
			await other.getByRole("button", { name: "Sign in", exact: true }).click();
			await other.locator("#code-error").waitFor();
			await isAccessible(other);
			// The code of now was taken: that of the next half minute is as good.
			await field.fill(codeOf(key, 30));
			await other.getByRole("button", { name: "Sign in", exact: true }).click();
			await other.getByText("Your password alone does not sign you in").waitFor();

			const { page: third } = await on.open(options);
			await third.goto(`${on.origin}/sign-in?continue=${acme}/security`);
			await signIn(third, who);
			await third.getByRole("link", { name: "Use a recovery code" }).click();
			await isAccessible(third);
			await third.getByLabel("Recovery code").fill(codes[0] ?? "");
			await third.getByRole("button", { name: "Sign in", exact: true }).click();
			// The app that was lost is replaced by another: its address is `security/one-time-codes/change`.
			await third.getByRole("link", { name: "Change the authenticator app" }).click();
			await isAccessible(third);
			const next = (await third.locator("#secret").innerText()).replaceAll(/\s/g, "");
			await third.getByLabel("One-time code").fill(codeOf(next));
			await third.getByLabel("Your password").fill(who.password);
			await third.getByRole("button", { name: "Use the new app" }).click();
			await third.getByText("Your new app makes the codes from now on").waitFor();
			await third.getByRole("link", { name: "Disable one-time codes" }).click();
			await isAccessible(third);
			await third.getByLabel("Your password").fill(who.password);
			await third.getByRole("button", { name: "Disable one-time codes" }).click();
			await third.getByText("One-time codes are off").waitFor();
			expect([violations, more]).toEqual([[], []]);
		},
	);
});

function codeOf(secret: string, later = 0): string {
	return generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + later });
}

/** What a camera before the screen reads. */
async function seenBy(page: Page): Promise<string> {
	const drawn = await page.locator(".qr-code").evaluate((image: HTMLImageElement) => {
		const canvas = document.createElement("canvas");
		canvas.width = canvas.height = 400;
		const context = canvas.getContext("2d");
		context?.drawImage(image, 0, 0, 400, 400);
		return [...(context?.getImageData(0, 0, 400, 400).data ?? [])];
	});
	return decodeQR({ width: 400, height: 400, data: Uint8Array.from(drawn) });
}
