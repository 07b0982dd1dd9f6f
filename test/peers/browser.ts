import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/**
 * A real Chromium: that of CHROME_PATH, else on Linux (x64) the one inside a package, so that a bare machine will do, else
 * an installed Chrome.
 */
export async function startBrowser(): Promise<Browser> {
	const isPackaged = process.platform === "linux" && process.arch === "x64";
	const path = process.env.CHROME_PATH ?? (isPackaged ? await packagedChromium() : null);
	return chromium.launch({
		...(path === null ? { channel: "chrome" } : { executablePath: path }),
		// Chromium refuses to run as root inside its sandbox.
		args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
	});
}

async function packagedChromium(): Promise<string> {
	// Read when the package is imported: with it, it brings the system libraries as well.
	process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs24.x";
	const { default: packaged } = await import("@sparticuz/chromium");
	return packaged.executablePath();
}

/** A browser profile of its own with one tab, and what the browser itself complained of. */
export interface Tab {
	readonly page: Page;
	readonly context: BrowserContext;
	/** Violations of a Content-Security-Policy, as the console tells of them. */
	readonly violations: readonly string[];
	close(): Promise<void>;
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
	const context = await browser.newContext(options);
	// A page that waits for what never comes should fail before the test's own time is over.
	context.setDefaultTimeout(15_000);
	const page = await context.newPage();
	const violations: string[] = [];
	page.on("console", (message) => {
		if (/content security policy/i.test(message.text())) violations.push(message.text());
	});
	return { page, context, violations, close: () => context.close() };
}
