const day = 86_400;

/** An instant as people say it, with the exact time for machines and on hover: "in 3 days", "2 hours ago". */
export function Instant({ at, now }: { readonly at: number; readonly now: number }) {
	const exact = new Date(at * 1000).toISOString();
	return (
		<time dateTime={exact} title={`${exact.slice(0, 16).replace("T", " ")} UTC`}>
			{inWords(at - now)}
		</time>
	);
}

/** A span from now, in the largest unit that fits: negative is past. */
export function inWords(seconds: number): string {
	const size = Math.abs(seconds);
	const [amount, unit] =
		size < 60
			? [0, "second"]
			: size < 3600
				? [Math.round(size / 60), "minute"]
				: size < day
					? [Math.round(size / 3600), "hour"]
					: size < 60 * day
						? [Math.round(size / day), "day"]
						: [Math.round(size / (30.44 * day)), "month"];
	if (amount === 0) return "just now";
	const span = `${amount} ${unit}${amount === 1 ? "" : "s"}`;
	return seconds < 0 ? `${span} ago` : `in ${span}`;
}

/** For whoever has tried too often. */
export function tryAgain(seconds: number): string {
	const minutes = Math.ceil(seconds / 60);
	return `Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}
