import { plainText } from "./name.tsx";

export interface LogoProps {
	readonly name: string;
	/** A URL of our own origin (the CSP allows no other), or null: then the first letter stands in for it. */
	readonly logoUrl: string | null;
}

/** Decoration beside the name, so it has no text of its own for a screen reader. */
export function Logo({ name, logoUrl }: LogoProps) {
	if (logoUrl !== null) return <img class="logo" src={logoUrl} alt="" width="64" height="64" />;
	const [letter = "?"] = plainText(name).trim();
	return (
		<span class="logo letter" aria-hidden="true">
			{letter.toUpperCase()}
		</span>
	);
}
