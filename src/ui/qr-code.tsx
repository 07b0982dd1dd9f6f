import { encode } from "uqr";

/** ISO/IEC 18004 §6.3.8: the light zone around it is four modules wide. */
const quiet = 4;

/** A text for a camera to read. Black on white in a dark page too: cameras want it so. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
	const { data, size } = encode(text, { ecc: "M", border: quiet });
	const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
	const svg =
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
		`<path fill="#fff" d="M0 0h${size}v${size}h-${size}z"/><path d="${dark.join("")}"/></svg>`;
	return <img class="qr-code" alt={label} src={`data:image/svg+xml,${encodeURIComponent(svg)}`} />;
}
