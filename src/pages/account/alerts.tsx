import { Badge } from "../../ui/badge.tsx";
import { DataTable, EmptyState, NextPage } from "../../ui/data-table.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { HiddenFields, Press } from "../../ui/post-form.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";

interface ShownAlert {
	readonly id: string;
	readonly title: string;
	readonly what: string;
	readonly advice: string;
	readonly count: number;
	readonly firstAt: number;
	readonly lastAt: number;
	/** The name of whoever did, while they have one. */
	readonly acknowledged: { readonly at: number; readonly by: string | null } | null;
}

export const alertStates = ["new", "acknowledged", "all"] as const;
export type AlertState = (typeof alertStates)[number];

export interface AlertsProps {
	readonly frame: ConsoleFrame;
	readonly alerts: readonly ShownAlert[];
	readonly kinds: readonly { readonly value: string; readonly label: string }[];
	/** The kind that is shown alone; empty for all. */
	readonly kind: string;
	readonly state: AlertState;
	/** When this was drawn, as the form for all of them has it. */
	readonly seenBy: string;
	readonly nextUrl: string | null;
}

/** `GET /console/:slug/alerts` */
export function alertsView({ frame, alerts, kinds, kind, state, seenBy, nextUrl }: AlertsProps): string {
	const base = `${frame.base}/alerts`;
	const may = frame.permissions.includes("alerts:write");
	const shown: Readonly<Record<string, string>> = { state, ...(kind !== "" && { kind }) };
	const tabs = alertStates.map((each) => ({
		name: names[each],
		url: `${base}?${new URLSearchParams({ ...shown, state: each }).toString()}`,
	}));
	return renderConsolePage({
		frame,
		title: "Alerts",
		tab: names[state],
		said,
		actions: may && alerts.some(({ acknowledged }) => !acknowledged) && (
			<Press
				action={`${base}/acknowledge`}
				csrf={frame.csrf}
				fields={{ ...shown, seen_by: seenBy }}
				label={kind === "" ? "Acknowledge all" : "Acknowledge all of this kind"}
			/>
		),
		children: (
			<>
				<p class="muted">
					What latchkey noticed by itself in this account, newest first. An alert that is acknowledged is so for
					everybody
					{may ? "." : "; administrators acknowledge them."}
				</p>
				<Tabs label="Which alerts" tabs={tabs} current={names[state]} />
				<form method="get" action={base} class="row filter">
					<HiddenFields fields={{ state }} />
					<SelectField name="kind" label="Kind" options={[{ value: "", label: "All kinds" }, ...kinds]} chosen={kind} />
					<button type="submit" class="secondary small">
						Show
					</button>
				</form>
				{alerts.length === 0 ? (
					<EmptyState title={kind === "" && nextUrl === null ? empty[state] : "No alerts of this kind here"}>
						<p>
							{state === "acknowledged" ? "What somebody acknowledges stands here until it is old." : "All is quiet."}{" "}
							When a code or token is used twice, passwords are guessed, a dead key is still in use or an access code is
							about to expire, it {state === "acknowledged" ? "comes up as new" : "stands here"} with what to do about
							it.
						</p>
						<NextPage url={nextUrl} />
					</EmptyState>
				) : (
					<DataTable
						caption="Alerts, newest first"
						columns={["Alert", "Times", "When", "What to do", "State"]}
						rows={alerts.map((alert) => ({
							key: alert.id,
							cells: [...cells(alert, frame.now), <State alert={alert} frame={frame} fields={shown} may={may} />],
						}))}
						nextUrl={nextUrl}
					/>
				)}
			</>
		),
	});
}

const names = { new: "New", acknowledged: "Acknowledged", all: "All" } as const;
const empty = { new: "No new alerts", acknowledged: "None is acknowledged", all: "No alerts" } as const;
const said = {
	acknowledged: "The alert is acknowledged.",
	acknowledged_all: "What was new when you looked is acknowledged.",
	reopened: "The alert is new again.",
};

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

function State(props: {
	readonly alert: ShownAlert;
	readonly frame: ConsoleFrame;
	readonly fields: Readonly<Record<string, string>>;
	readonly may: boolean;
}) {
	const { alert, frame, fields, may } = props;
	const { id, title, acknowledged } = alert;
	const press = (label: string, verb: string) =>
		may && (
			<Press
				action={`${frame.base}/alerts/${id}/${verb}`}
				csrf={frame.csrf}
				fields={fields}
				label={label}
				about={`: ${title}`}
			/>
		);
	if (!acknowledged) return press("Acknowledge", "acknowledge") || <span>New</span>;
	return (
		<>
			<span class="muted block">
				Acknowledged {acknowledged.by !== null && "by "}
				{acknowledged.by !== null && <Name text={acknowledged.by} />} <Instant at={acknowledged.at} now={frame.now} />
			</span>
			{press("Reopen", "reopen")}
		</>
	);
}
