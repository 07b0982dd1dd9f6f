import { expect, test } from "vitest";
import { browserName } from "../../../src/http/browser-name.ts";

const agents = {
	"Firefox on Linux": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
	"Chrome on Windows":
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
	"Edge on Windows":
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
	"Safari on macOS":
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
	"Safari on iOS":
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
	"Chrome on Android":
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
	"Another browser": "curl/8.9.1 <script>alert(1)</script>",
} as const;

test.each(Object.entries(agents))("%s is told from its header, of which nothing is kept", (name, agent) => {
	expect(browserName(new Request("https://a.example", { headers: { "user-agent": agent } }))).toBe(name);
});

test("a header that is not there, or has no end, is another browser", () => {
	expect(browserName(new Request("https://a.example"))).toBe("Another browser");
	const long = `${"x".repeat(100_000)} Firefox/1`;
	expect(browserName(new Request("https://a.example", { headers: { "user-agent": long } }))).toBe("Another browser");
});
