import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/**
 * A real Chromium: that of CHROME_PATH, else on Linux (x64) the one inside a package, so that a bare machine will do, else
 * an installed Chrome. What it asks for at a port of `ports`, of whichever host, is asked for at the other one of this machine.
 */
export async function startBrowser(ports: Readonly<Record<number, number>> = {}): Promise<Browser> {
	const isPackaged = process.platform === "linux" && process.arch === "x64";
	const path = process.env.CHROME_PATH ?? (isPackaged ? await packagedChromium() : null);
	const rules = Object.entries(ports).map(([from, to]) => `MAP *:${from} 127.0.0.1:${to}`);
	return chromium.launch({
		...(path === null ? { channel: "chrome" } : { executablePath: path }),
		args: [
			`--host-resolver-rules=${rules.join()}`,
			// Chromium refuses to run as root inside its sandbox.
			...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
		],
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
