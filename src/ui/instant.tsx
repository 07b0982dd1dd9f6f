import { createContext } from "preact";
import { en, type Words } from "../words/en.ts";
import { useWords } from "./words.ts";

const day = 86_400;

/** How a page writes instants. */
interface Clock {
	readonly format: Intl.DateTimeFormat;
	/** The date alone. */
	readonly dayFormat: Intl.DateTimeFormat;
	/** Whether its zone is the reader's own: else it is UTC, and a browser that runs scripts puts its own there. */
	readonly isOwn: boolean;
}

/** Of a page whose reader is in this time zone, by its IANA name; null where nobody knows. Makes one for all instants of a page. */
export function clockIn(timeZone: string | null): Clock {
	const date = { day: "numeric", month: "short", year: "numeric", timeZone: timeZone ?? "UTC" } as const;
	const time = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
	return {
		format: new Intl.DateTimeFormat("en-GB", { ...date, ...time }),
		dayFormat: new Intl.DateTimeFormat("en-GB", date),
		isOwn: timeZone !== null,
	};
}

export const ClockOfPage = createContext(clockIn(null));

/** An instant: its date first, where the reader is. How far away it is stands on hover, and the exact time is there for machines. */
export function Instant({ at, now }: { readonly at: number; readonly now: number }) {
	return (
		<ClockOfPage.Consumer>
			{({ format, isOwn }) => (
				<time dateTime={exactly(at)} title={inWords(at - now)} data-local={isOwn ? undefined : ""}>
					{format.format(at * 1000)}
				</time>
			)}
		</ClockOfPage.Consumer>
	);
}

/** The date of an instant alone, where its hour says nothing. */
export function Day({ at, now }: { readonly at: number; readonly now: number }) {
	return (
		<ClockOfPage.Consumer>
			{({ dayFormat }) => (
				<time dateTime={exactly(at)} title={inWords(at - now)}>
					{dayFormat.format(at * 1000)}
				</time>
			)}
		</ClockOfPage.Consumer>
	);
}

/** How long ago something was that was hardly long ago, where that is what matters; on hover its date. */
export function Ago({ at, now }: { readonly at: number; readonly now: number }) {
	const { tag, common } = useWords();
	const minutes = Math.round((now - at) / 60);
	return (
		<time dateTime={exactly(at)} title={`${exactly(at).slice(0, 16).replace("T", " ")} UTC`}>
			{minutes === 0 ? common.justNow : new Intl.RelativeTimeFormat(tag).format(-minutes, "minute")}
		</time>
	);
}

function exactly(at: number): string {
	return new Date(at * 1000).toISOString();
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
export function tryAgain(seconds: number, words: Words = en): string {
	return words.common.tryAgain(Math.ceil(seconds / 60));
}
