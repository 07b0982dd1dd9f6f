import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readLogo } from "../../../src/domain/svg.ts";

const programs = readdirSync("test/logos");

function drawingOf(text: string): string {
	const logo = readLogo(text);
	if (logo.kind === "refused") throw new Error(`The logo ${logo.reason}`);
	return logo.svg;
}

function reasonOf(text: string): string {
	const logo = readLogo(text);
	return logo.kind === "refused" ? logo.reason : `taken: ${logo.svg}`;
}

const svg = (inside: string, attributes = "") => `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inside}</svg>`;
const xlink = ' xmlns:xlink="http://www.w3.org/1999/xlink"';
const html = ' xmlns:h="http://www.w3.org/1999/xhtml"';

describe("what drawing programs write", () => {
	test.each(programs)("%s is taken: its shapes, and nothing beside the drawing", (name) => {
		const source = readFileSync(`test/logos/${name}`, "utf8");
		const drawing = drawingOf(source);
		const shapes = [...source.matchAll(/\s((?:d|points|cx|offset|stdDeviation|id)="[^"]*")/g)].map(
			([, shape]) => shape,
		);
		const ofPrograms = /namedview|grid1|metadata|CorelCorpID|path-effect|pgf/;
		const missing = shapes.filter((shape = "") => !drawing.includes(shape) && !ofPrograms.test(shape));
		expect(missing).toEqual([]);
		expect(drawing).not.toMatch(
			/xmlns:|inkscape:|sodipodi|sketch:|serif:|\si:|<!|<\?|foreignObject|http:(?!\/\/www\.w3)|https:/,
		);
		expect(drawingOf(drawing)).toBe(drawing);
	});

	test.each([
		[
			"a declaration, comments and white space around",
			`\ufeff<?xml version="1.0"?>\n<!-- a -- >b -->`.replace("-- >", ""),
		],
		["a DOCTYPE", '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://evil.example/svg.dtd">'],
		["entities that are not used", '<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY % c SYSTEM "file:///etc/passwd">]>'],
		["what a program says to itself", "<?xpacket begin='' id='W5M0'?>"],
	])("without %s", (_, before) => {
		expect(drawingOf(before + svg("<path d='M0 0h1'/>"))).toBe(svg('<path d="M0 0h1"/>'));
	});

	test.each([
		["elements of other namespaces, whatever is in them", '<x:a xmlns:x="urn:x"><script/><x:b onload="x"/></x:a>', ""],
		["a namespace for the elements in one", '<a xmlns="urn:x"><rect/></a><g xmlns=""><rect/></g>', ""],
		[
			"attributes of other namespaces",
			'<g xmlns:x="urn:x" x:href="https://x" x:onload="y" xml:base="https://z"/>',
			"<g/>",
		],
		["metadata", "<metadata><anything/></metadata>", ""],
		[
			"a prefix",
			'<s:g xmlns:s="http://www.w3.org/2000/svg" s:x="1"><s:rect width="1"/></s:g>',
			'<g><rect width="1"/></g>',
		],
		["where a link leads", `<a${xlink} xlink:href="https://x" target="_blank"><rect/></a>`, "<a><rect/></a>"],
		["where a link of SVG 2 leads", '<a href="#b" target="_blank"><rect/></a>', "<a><rect/></a>"],
		["the file of diagrams.net in it", '<g content="&lt;mxfile/&gt;"><rect/></g>', "<g><rect/></g>"],
		["an old href beside the new", `<use${xlink} xlink:href="#a" href="#b"/>`, '<use href="#b"/>'],
		["white space that is no text", '<g id="a\n&#10;b"/>', '<g id="a  b"/>'],
		["CDATA", "<style><![CDATA[a>b{fill:red}]]></style>", "<style>a&gt;b{fill:red}</style>"],
		[
			"the alternative of a switch",
			"<switch><foreignObject><p/></foreignObject><g/></switch>",
			"<switch><g/></switch>",
		],
	])("%s", (_, inside, kept) => {
		expect(drawingOf(svg(`${inside}<rect/>`))).toBe(svg(`${kept}<rect/>`));
	});

	test("text is the same text, whatever would be a tag in it", () => {
		const text = "a &amp; b &lt;c&gt; &quot;d&quot; &amp;lt;";
		const drawing = svg(`<title>${text}</title><g id="${text}"/>`);
		expect(drawingOf(drawing)).toBe(drawing);
		expect(drawingOf(drawing.replaceAll("&quot;", "&#34;").replaceAll("&gt;", "&#62;"))).toBe(drawing);
	});

	test("as large, as deep and with as many uses as a logo may be", () => {
		const deepest = "<g>".repeat(48) + "<g/>" + "</g>".repeat(48);
		const uses = '<use href="#a"/>'.repeat(20);
		const largest = (bytes: number) => svg(`<path d="${"M0 0".repeat(bytes / 4)}"/>`);
		const rest = 32 * 1024 - largest(0).length;
		const fill = largest(rest - (rest % 4)).replace('d="', `d="${" ".repeat(rest % 4)}`);
		expect(fill).toHaveLength(32 * 1024);
		for (const drawing of [svg(deepest), svg(uses), fill]) expect(drawingOf(drawing)).toBe(drawing);
		expect(drawingOf(`<!--${" ".repeat(256 * 1024 - 7 - svg("<g/>").length)}-->${svg("<g/>")}`)).toBe(svg("<g/>"));
	});

	test("the prefix may stand for SVG at the root as well", () => {
		expect(drawingOf('<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:g/></s:svg>')).toBe(svg("<g/>"));
	});
});

describe("what would draw something else without it, or acts, is refused", () => {
	test.each([
		["<s:script xmlns:s='http://www.w3.org/2000/svg'/>", "has an element <script>"],
		["<foreignObject/>", "has an element <foreignObject>"],
		["<switch><foreignObject/></switch>", "has an element <foreignObject>"],
		["<switch><foreignObject/><script/></switch>", "has an element <script>"],
		[`<h:img${html} src="x"/>`, "has HTML in it"],
		[`<g><h:script${html}>alert(1)</h:script></g>`, "has HTML in it"],
		[`<image${xlink} xlink:href="data:image/png;base64,AAAA"/>`, "has an element <image>"],
		["<animate attributeName='href'/>", "has an element <animate>"],
		["<set attributeName='onload'/>", "has an element <set>"],
		["<feImage href='#a'/>", "has an element <feImage>"],
		["<handler/>", "has an element <handler>"],
		["<rect onclick='x'/>", "has an attribute onclick"],
		["<rect ONCLICK='x'/>", "has an attribute ONCLICK"],
		[`<use xmlns:l="http://www.w3.org/1999/xlink" l:href="https://x#a"/>`, "refers to something outside itself"],
		[`<a${xlink} xlink:href="javascript:alert(1)"/>`, "has an attribute href"],
		[`<a href="java&#115;cript:alert(1)"/>`, "has an attribute href"],
		["<style>@im<!-- -->port 'x'</style>", "has a style"],
		["<style>@im<?a b?>port 'x'</style>", "has a style"],
		["<style>@im<x:y xmlns:x='z'/>port 'x'</style>", "has a style"],
		["<style><![CDATA[a{fill:url(]]>//x)}</style>", "refers to something outside itself"],
		["<rect style='fill:url( &quot;//x)'/>", "refers to something outside itself"],
		["<?xml-stylesheet href='x.css'?>", "has a style sheet"],
		["&ns_svg;", "uses an entity of its own, &ns_svg;"],
		["<rect width='&w;'/>", "uses an entity of its own, &w;"],
		["<x:g/>", "is not well-formed XML"],
		["<g x:y='1'/>", "is not well-formed XML"],
		["<g>", "is not well-formed XML"],
		["<g>".repeat(50) + "</g>".repeat(50), "is too intricate"],
		["<g>".repeat(60_000), "is too intricate"],
		["<use href='#a'/>".repeat(21), "is too intricate"],
		[`<path d="${"M0 0".repeat(8192)}"/>`, "is larger than 32 KiB"],
		["<title>\u0007</title>", "has characters that do not belong in an SVG file"],
		[`<metadata>${"a".repeat(256 * 1024)}</metadata>`, "is larger than 256 KiB"],
	])("%#. %.60s", (inside, reason) => {
		expect(reasonOf(svg(inside))).toContain(reason);
	});

	test("entities are never expanded, however few they are", () => {
		const bomb = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>';
		expect(reasonOf(bomb + svg("<title>&b;</title>"))).toContain("uses an entity of its own, &b;");
		const file = '<!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/passwd">]>';
		expect(reasonOf(file + svg("<title>&f;</title>"))).toContain("uses an entity of its own, &f;");
		const ofNamespace = '<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]><svg xmlns="&ns_svg;"/>';
		expect(reasonOf(ofNamespace)).toContain("uses an entity of its own, &ns_svg;");
	});

	test("a style sheet before the drawing, or another root", () => {
		expect(reasonOf(`<?xml-stylesheet href="https://x"?>${svg("")}`)).toContain("has a style sheet");
		expect(reasonOf('<svg xmlns="http://www.w3.org/1999/xhtml"/>')).toContain(
			'lacks xmlns="http://www.w3.org/2000/svg"',
		);
		expect(reasonOf('<html xmlns="http://www.w3.org/1999/xhtml"/>')).toContain("does not begin with an <svg> element");
		expect(reasonOf('<g xmlns="http://www.w3.org/2000/svg"/>')).toContain("does not begin with an <svg> element");
	});

	test("whatever is taken, it is the same when it is read again, and holds none of it", () => {
		const pieces = fc.constantFrom(
			..."<g> </g> <rect/> <script> </script> <style> </style> &lt; &#10; <![CDATA[ ]]> <!-- --> <a href='x'> </a> on=' url( @import".split(
				" ",
			),
			"<x:y xmlns:x='urn:x'>",
			"</x:y>",
			' onload="x" ',
			"<g xmlns='http://www.w3.org/1999/xhtml'>",
		);
		fc.assert(
			fc.property(fc.array(pieces, { maxLength: 12 }), (inside) => {
				const logo = readLogo(svg(inside.join("")));
				if (logo.kind === "refused") return;
				expect(readLogo(logo.svg)).toEqual(logo);
				for (const tag of logo.svg.match(/<[^>]*>/g) ?? []) {
					expect(tag).toMatch(/^<\/?(?:svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"|svg|g|a|rect|style)\/?>$/);
				}
				expect(logo.svg).not.toMatch(/<style>[^<]*@import/);
			}),
			{ numRuns: 1000 },
		);
	});
});
