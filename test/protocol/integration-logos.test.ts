import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { anIntegration, change, create } from "../support/integrations.ts";
import { type Answer, ask, refusal } from "../support/requests.ts";

const svg = (inside: string, attributes = "") => `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inside}</svg>`;

describe("an SVG that could act, load or hide", () => {
	test.each([
		svg("<script>alert(1)</script>"),
		svg("<SCRIPT>alert(1)</SCRIPT>"),
		svg('<svg:script xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:script>'),
		svg("", ' onload="alert(1)"'),
		svg("", " ONLOAD='alert(1)'"),
		svg('<rect onclick = "alert(1)"/>'),
		svg('<g/onclick="alert(1)"/>'),
		svg("<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>"),
		svg('<a href="javascript:alert(1)"><text>x</text></a>'),
		svg('<use href="https://evil.example/x.svg#a"/>'),
		svg('<use href="data:image/svg+xml,x#a"/>'),
		svg('<use xlink:href="//evil.example#a"/>', ' xmlns:xlink="http://www.w3.org/1999/xlink"'),
		svg('<use x:href="//evil.example#a"/>', ' xmlns:x="http://www.w3.org/1999/xlink"'),
		svg('<image href="https://evil.example/pixel.png"/>'),
		svg('<animate attributeName="href" values="javascript:alert(1)"/>'),
		svg('<set attributeName="onload" to="alert(1)"/>'),
		svg('<iframe src="https://evil.example"/>'),
		svg("<style>@import url(https://evil.example/a.css);</style>"),
		svg("<style>rect{fill:url(https://evil.example/a)}</style>"),
		svg("<style>rect{fill:u\\72l(https://evil.example/a)}</style>"),
		svg("<style>&#64;import 'https://evil.example/a.css'</style>"),
		svg('<rect fill="url(&#104;ttps://evil.example/a)"/>'),
		svg('<rect style="background:url(//evil.example)"/>'),
		svg("<style><![CDATA[@import 'x']]></style>"),
		`<!DOCTYPE svg [<!ENTITY x "y">]>${svg("&x;")}`,
		`<?xml-stylesheet href="https://evil.example/a.css"?>${svg("")}`,
		svg('<?xml-stylesheet href="https://evil.example/a.css"?>'),
		svg("&nbsp;"),
		svg("<g>"),
		svg("</g>"),
		svg('<rect width=1 height="1"/>'),
		svg('<rect width="1" width="2"/>'),
		svg('<rect a="<script>"/>'),
		svg("<!-- -- ><script>alert(1)</script> -->"),
		`${svg("")}<script>alert(1)</script>`,
		`${svg("")}${svg("")}`,
		`<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>`,
		'<svg xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></svg>',
		"<svg></svg>",
		"GIF89a",
		"\u0000<svg/>",
		svg("<g>".repeat(20_000)),
		svg("<g>".repeat(60) + "</g>".repeat(60)),
		svg('<g id="a"/>' + '<use href="#a"/>'.repeat(21)),
		svg(`<desc>${"a".repeat(32 * 1024)}</desc>`),
		svg(`<desc>${"\u{1f511}".repeat(8 * 1024)}</desc>`),
	])("is refused, and says why: %j", async (logo) => {
		const answer = await create({ logo_svg: logo });
		expect(refusal(answer)).toBe("400 Malformed request");
		expect((answer.body.errors as { field: string }[]).map(({ field }) => field)).toEqual(["logo_svg"]);
		expect(String(answer.body.detail)).toMatch(/The logo \w/);
	});

	test.each([
		svg("<title>A &amp; B</title>"),
		svg(
			'<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs><rect fill="url(#a)"/>',
			' viewBox="0 0 1 1"',
		),
		svg('<style>.a{fill:#0b6e4f}</style><g id="b" class="a"><path d="M0 0h1"/></g><use href="#b"/>'),
	])("a drawing is taken as it is: %j", async (logo) => {
		expect((await served(logo)).text).toBe(logo);
	});

	test.each(readdirSync("test/logos"))(
		"as %s, of a drawing program, is: what is served is the drawing alone",
		async (name) => {
			const shown = await served(readFileSync(`test/logos/${name}`, "utf8"));
			expect(shown.text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>$/s);
			expect(shown.text).not.toMatch(/<(?:!|\?|metadata|foreignObject)|\s\w+:(?!space|lang)\w+=|href="(?!#)/);
			// The defence that counts, whatever was uploaded.
			expect(shown.headers.get("content-security-policy")).toBe(
				"default-src 'none'; style-src 'unsafe-inline'; sandbox",
			);
			expect(shown.headers.get("x-content-type-options")).toBe("nosniff");
			expect(shown.headers.get("content-type")).toBe("image/svg+xml");
		},
	);

	test("what its page gives back to be edited is what is served, and saving it changes nothing", async () => {
		const logo_svg = readFileSync("test/logos/inkscape.svg", "utf8");
		const made = await anIntegration({ logo_svg });
		const path = `/integrations/${made.client.id}/logo.svg`;
		const { text } = await ask(path);
		const answer = await change(made, { logo_svg: text });
		expect([answer.status, (await ask(path)).text]).toEqual([200, text]);
	});
});

async function served(logo_svg: string): Promise<Answer> {
	const { client } = await anIntegration({ logo_svg });
	return ask(`/integrations/${client.id}/logo.svg`);
}
