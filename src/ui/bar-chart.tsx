export interface BarChartProps {
	readonly title: string;
	/** What a bar is of, for whoever cannot see it: "an hour". */
	readonly each: string;
	/** From the first to the last; `tick` is as short as it can be said below the chart. */
	readonly bars: readonly { readonly label: string; readonly tick: string; readonly value: number }[];
	/** Whether it is of what went wrong. Its bars are hatched, so that no colour has to say so. */
	readonly isBad?: boolean;
}

/** Of one bar in the drawing, its gap included. It is stretched to the width that there is. */
const width = 10;
const height = 100;

/** Numbers over time, drawn here: it needs no script, and the numbers themselves stand in a table beside it. */
export function BarChart({ title, each, bars, isBad = false }: BarChartProps) {
	const total = bars.reduce((sum, { value }) => sum + value, 0);
	const most = Math.max(...bars.map(({ value }) => value));
	const top = bars.find(({ value }) => value === most);
	const said = total === 0 ? "in all" : `in all, ${inFigures(most)} at most in ${each}, at ${top?.label}`;
	return (
		<figure class={isBad ? "chart bad" : "chart"}>
			<figcaption>
				{title} <strong>{inFigures(total)}</strong>
				<span class="visually-hidden">{said}</span>
			</figcaption>
			<svg viewBox={`0 0 ${width * bars.length} ${height}`} preserveAspectRatio="none" aria-hidden="true">
				{isBad && (
					<defs>
						<pattern id="hatched" width="4" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
							<path d="M1 0V8" />
						</pattern>
					</defs>
				)}
				{bars.map(({ label, value }, index) => {
					// What there was of it can be seen, however much more there was at other times.
					const tall = value === 0 ? 0 : Math.max(2, Math.round((value / most) * height));
					return (
						<rect key={label} x={index * width + 1} y={height - tall} width={width - 2} height={tall}>
							<title>{`${label}: ${inFigures(value)}`}</title>
						</rect>
					);
				})}
			</svg>
			<p class="muted" aria-hidden="true">
				<span>{bars[0]?.tick}</span>
				{most > 0 && <span>{inFigures(most)} at most</span>}
				<span>{bars.at(-1)?.tick}</span>
			</p>
		</figure>
	);
}

const figures = new Intl.NumberFormat("en");

export function inFigures(count: number): string {
	return figures.format(count);
}
