import { darkShades, lightShades, type Shades } from "../../domain/brand-color.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { empty } from "../../http/reply.ts";

/**
 * `GET /brand.css`: the deployment's own colour, in the place of ours. A file of its own, as no page may have a style in it.
 * Its address on a page has the colour in it, so that the next one is fetched at once.
 */
function showBrandStyle({ services }: Call): Response {
	const { color } = services.config.brand;
	const { headers } = empty(200, {
		"cache-control": "public, max-age=86400",
		"content-type": "text/css; charset=utf-8",
	});
	return new Response(color === null ? "/* latchkey.css has them all. */\n" : styleOf(color), { headers });
}

export const brandStyleEndpoint = endpoint(showBrandStyle, {
	tag: "Discovery",
	summary: "The colour of this deployment's pages",
	description: "A stylesheet, made of `BRAND_COLOR`, for the pages here.",
	credentials: [],
	answers: {
		200: { description: "The stylesheet, with nothing in it where there is no such variable.", media: "text/css" },
	},
});

function styleOf(color: string): string {
	const dark = rule(darkShades(color));
	return `${rule(lightShades(color))}\n@media (prefers-color-scheme: dark) {\n${dark}\n}\n`;
}

function rule({ text, hover, button, buttonHover, onButton, tint }: Shades): string {
	const variables = {
		"--pico-primary": text,
		"--pico-primary-hover": hover,
		"--pico-primary-underline": `color-mix(in srgb, ${text} 45%, transparent)`,
		"--pico-primary-focus": text,
		"--pico-form-element-focus-color": text,
		"--pico-primary-background": button,
		"--pico-primary-border": button,
		"--pico-primary-hover-background": buttonHover,
		"--pico-primary-hover-border": buttonHover,
		"--pico-primary-inverse": onButton,
		"--accent-background": tint,
	};
	const lines = Object.entries(variables).map(([name, value]) => `\t${name}: ${value};`);
	return `:root:not([data-theme]) {\n${lines.join("\n")}\n}`;
}
