import { Badge } from "../../ui/badge.tsx";
import { DataTable, EmptyState, NextPage } from "../../ui/data-table.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";

interface ShownAlert {
	readonly id: string;
	readonly title: string;
	readonly what: string;
	readonly advice: string;
	readonly count: number;
	readonly firstAt: number;
	readonly lastAt: number;
}

export interface AlertsProps {
	readonly frame: ConsoleFrame;
	readonly alerts: readonly ShownAlert[];
	readonly kinds: readonly { readonly value: string; readonly label: string }[];
	/** The kind that is shown alone; empty for all. */
	readonly kind: string;
	readonly nextUrl: string | null;
}

/** `GET /console/:slug/alerts` */
export function alertsView({ frame, alerts, kinds, kind, nextUrl }: AlertsProps): string {
	return renderConsolePage({
		frame,
		title: "Alerts",
		children: (
			<>
				<p class="muted">What latchkey noticed by itself in this account, the newest first.</p>
				<form method="get" class="row filter">
					<SelectField name="kind" label="Kind" options={[{ value: "", label: "All kinds" }, ...kinds]} chosen={kind} />
					<button type="submit" class="secondary small">
						Show
					</button>
				</form>
				{alerts.length === 0 ? (
					<EmptyState title={kind === "" && nextUrl === null ? "No alerts" : "No alerts of this kind here"}>
						<p>
							All is quiet. When a code or token is used twice, passwords are guessed, a dead key is still in use or an
							access code is about to expire, it stands here with what to do about it.
						</p>
						<NextPage url={nextUrl} />
					</EmptyState>
				) : (
					<DataTable
						caption="Alerts, the newest first"
						columns={["Alert", "Times", "When", "What to do"]}
						rows={alerts.map((alert) => ({ key: alert.id, cells: cells(alert, frame.now) }))}
						nextUrl={nextUrl}
					/>
				)}
			</>
		),
	});
}

function cells({ title, what, advice, count, firstAt, lastAt }: ShownAlert, now: number) {
	return [
		<span>
			<Badge tone="warning" text={title} />
			<span class="block">
				<bdi>{what}</bdi>
			</span>
		</span>,
		String(count),
		<span>
			<Instant at={lastAt} now={now} />
			{lastAt - firstAt >= 60 && (
				<span class="muted block">
					first <Instant at={firstAt} now={now} />
				</span>
			)}
		</span>,
		<bdi>{advice}</bdi>,
	];
}
