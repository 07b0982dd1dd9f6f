/** A colour of sRGB: 0 to 255 each. */
type Rgb = readonly [number, number, number];

/** The colours that an accent becomes, as `#rrggbb`. */
export interface Shades {
	/** Of links and the edges of what has the focus. */
	readonly text: string;
	readonly hover: string;
	/** Of buttons, and what is written on them. */
	readonly button: string;
	readonly buttonHover: string;
	readonly onButton: string;
	/** Behind what is only a little of it. */
	readonly tint: string;
}

// The grounds of latchkey.css that are nearest to what is written on them.
const lightGround = "#f4f5f9";
const darkGround = "#181d28";
const white = "#ffffff";
const black = "#000000";

/** WCAG 2.2 §1.4.3. */
const readable = 4.5;

export function isColor(text: string): boolean {
	return /^#[0-9a-f]{6}$/i.test(text);
}

/** WCAG 2.2 §1.4.3: as the text of a link on a light page, and so under white on a button as well. Null where it is enough. */
export function colorProblem(color: string): string | null {
	const contrast = contrastOf(color, lightGround);
	if (contrast >= readable) return null;
	return `has a contrast of ${contrast.toFixed(2)} to the page, of which WCAG 2.2 asks ${readable}: take a darker one`;
}

export function lightShades(color: string): Shades {
	const darker = mix(color, black, 0.2);
	return {
		text: color,
		hover: darker,
		button: color,
		buttonHover: darker,
		onButton: white,
		tint: mix(white, color, 0.06),
	};
}

/** The same colour, as much lighter as a dark page asks. */
export function darkShades(color: string): Shades {
	const steps = Array.from({ length: 20 }, (_, step) => mix(color, white, step / 20));
	const text = steps.find((each) => contrastOf(each, darkGround) >= 7) ?? white;
	const hover = mix(text, white, 0.3);
	return { text, hover, button: text, buttonHover: hover, onButton: "#0f1219", tint: mix(darkGround, text, 0.12) };
}

/** WCAG 2.2, "contrast ratio": 1 to 21. */
export function contrastOf(one: string, other: string): number {
	const [dark = 0, light = 0] = [luminance(rgbOf(one)), luminance(rgbOf(other))].toSorted((a, b) => a - b);
	return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(rgb: Rgb): number {
	const [red = 0, green = 0, blue = 0] = rgb.map((each) => {
		const share = each / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(of: string, and: string, share: number): string {
	const other = rgbOf(and);
	const parts = rgbOf(of).map((each, at) => Math.round(each * (1 - share) + (other[at] ?? 0) * share));
	return `#${parts.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

function rgbOf(color: string): Rgb {
	const part = (at: number) => Number.parseInt(color.slice(at, at + 2), 16);
	return [part(1), part(3), part(5)];
}
