import type { Deed, UsagePoint, UsageSummary } from "../../domain/usage.ts";
import { BarChart, inFigures } from "../../ui/bar-chart.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { deedWords, refusalWords } from "./usage-words.ts";

export interface UsageProps extends UsageSummary {
	readonly from: number;
	readonly before: number;
	readonly step: "hour" | "day";
	readonly hoursUrl: string;
	readonly daysUrl: string;
	/** Null where nothing is kept of that time, or it is not over. */
	readonly earlierUrl: string | null;
	readonly laterUrl: string | null;
}

/** The charts of an account or of one thing of it, with the numbers that they are drawn of. `of` are the deeds that it can have. */
export function Usage({ usage, of }: { readonly usage: UsageProps; readonly of: readonly Deed[] }) {
	const { step, points, reasons, earlierUrl, laterUrl } = usage;
	const each = step === "hour" ? "an hour" : "a day";
	const bars = (valueOf: (point: UsagePoint) => number) =>
		points.map((point) => ({ ...labelsOf(point.at, step), value: valueOf(point) }));
	return (
		<>
			{/* No tabs of the page: the same of another span. */}
			<div class="tabs">
				<ul>
					<li>
						<a href={usage.hoursUrl} aria-current={step === "hour" ? "true" : undefined}>
							Hours
						</a>
					</li>
					<li>
						<a href={usage.daysUrl} aria-current={step === "day" ? "true" : undefined}>
							Days
						</a>
					</li>
				</ul>
			</div>
			<p class="muted">
				From {labelsOf(usage.from, step).label} to{" "}
				{labelsOf(step === "hour" ? usage.before : usage.before - 1, step).label}, by the {step} of UTC.
			</p>
			<div class="charts">
				{of.map((deed) => (
					<BarChart key={deed} title={deedWords[deed]} each={each} bars={bars((point) => point.deeds[deed])} />
				))}
				<BarChart title="Refused" each={each} bars={bars(({ refused }) => refused)} isBad />
			</div>
			{reasons.length > 0 && (
				<DataTable
					caption="Refusals by reason"
					columns={["Refused because", "Times"]}
					rows={reasons.map(({ reason, count }) => ({ key: reason, cells: [refusalWords[reason], inFigures(count)] }))}
				/>
			)}
			<details class="more">
				<summary>Show each {step} as a table</summary>
				<DataTable
					caption={`Usage by the ${step}, the latest first`}
					columns={[step === "hour" ? "Hour" : "Day", ...of.map((deed) => deedWords[deed]), "Refused"]}
					rows={points.toReversed().map(({ at, deeds: done, refused }) => ({
						key: String(at),
						cells: [
							<time dateTime={new Date(at * 1000).toISOString()}>{labelsOf(at, step).label}</time>,
							...of.map((deed) => inFigures(done[deed])),
							inFigures(refused),
						],
					}))}
				/>
			</details>
			{(earlierUrl !== null || laterUrl !== null) && (
				<div class="row">
					{earlierUrl !== null && (
						<a class="button secondary" href={earlierUrl} rel="prev">
							Earlier
						</a>
					)}
					{laterUrl !== null && (
						<a class="button secondary" href={laterUrl} rel="next">
							Later
						</a>
					)}
				</div>
			)}
		</>
	);
}

const date = { day: "numeric", month: "short", timeZone: "UTC" } as const;
const time = { hour: "2-digit", minute: "2-digit", timeZone: "UTC" } as const;
const formats = {
	hour: { label: new Intl.DateTimeFormat("en-GB", { ...date, ...time }), tick: new Intl.DateTimeFormat("en-GB", time) },
	day: {
		label: new Intl.DateTimeFormat("en-GB", { ...date, year: "numeric" }),
		tick: new Intl.DateTimeFormat("en-GB", date),
	},
};

function labelsOf(at: number, step: "hour" | "day"): { readonly label: string; readonly tick: string } {
	const { label, tick } = formats[step];
	return { label: label.format(at * 1000), tick: tick.format(at * 1000) };
}
