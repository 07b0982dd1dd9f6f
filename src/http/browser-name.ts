// Each before those whose name it also carries: Edge and Opera say Chrome, and Chrome says Safari.
const browsers = [
	[/\bEdg(?:e|A|iOS)?\//, "Edge"],
	[/\bOPR\//, "Opera"],
	[/\b(?:Firefox|FxiOS)\//, "Firefox"],
	[/\b(?:(?:Headless)?Chrome|CriOS|Chromium)\//, "Chrome"],
	[/\bSafari\//, "Safari"],
] as const;
const systems = [
	[/\bAndroid\b/, "Android"],
	[/\b(?:iPhone|iPad|iPod)\b/, "iOS"],
	[/\bCrOS\b/, "ChromeOS"],
	[/\bWindows\b/, "Windows"],
	[/\bMac OS X\b|\bMacintosh\b/, "macOS"],
	[/\bLinux\b/, "Linux"],
] as const;

/** What sent a request, in words of ours: `Firefox on Linux`. Nothing of the header itself, which anybody may write. */
export function browserName(request: Request): string {
	const agent = (request.headers.get("user-agent") ?? "").slice(0, 500);
	const browser = browsers.find(([pattern]) => pattern.test(agent))?.[1] ?? "Another browser";
	const system = systems.find(([pattern]) => pattern.test(agent))?.[1];
	return system ? `${browser} on ${system}` : browser;
}

/** The same of what need not be a browser: `A program on Linux`. */
export function programName(request: Request): string {
	return browserName(request).replace(/^Another browser/, "A program");
}
