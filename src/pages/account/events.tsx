import type { StoredEvent } from "../../domain/event.ts";
import { Badge } from "../../ui/badge.tsx";
import { DataTable, EmptyState, NextPage } from "../../ui/data-table.tsx";
import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { type FilterField, Filters, isFiltered } from "../../ui/filters.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";

export type EventField = "member" | "value" | "before";

export interface EventsProps {
	readonly frame: ConsoleFrame;
	/** As they were typed. */
	readonly filter: Readonly<Record<EventField, string>>;
	readonly errors: FieldErrors<EventField>;
	readonly events: readonly StoredEvent[];
	readonly nextUrl: string | null;
}

/** `GET /console/:slug/events` */
export function eventsView({ frame, filter, errors, events, nextUrl }: EventsProps): string {
	const base = `${frame.base}/events`;
	return renderConsolePage({
		frame,
		title: "Events",
		failed: isWrong(errors),
		said: { deleted: "The event is deleted." },
		children: (
			<>
				<p class="muted">What was sent to the account's environments, and its change events, the newest first.</p>
				<ErrorSummary errors={errors} />
				<Filters url={base} summary="Search" fields={fields} filter={filter} errors={errors} />
				{events.length === 0 ? (
					<EmptyState title={isFiltered(filter) ? "Nothing that matches here" : "No events"}>
						<p>An event is sent with the public key of an environment, and stands here at once.</p>
						<NextPage url={nextUrl} />
					</EmptyState>
				) : (
					<DataTable
						caption="Events, the newest first"
						columns={["When", "Where", "Event", "Action"]}
						rows={events.map((event) => ({ key: event.id, cells: cells(event, frame) }))}
						nextUrl={nextUrl}
					/>
				)}
			</>
		),
	});
}

function cells(event: StoredEvent, frame: ConsoleFrame) {
	const { id, type, environment, occurredAt } = event;
	return [
		<Instant at={Math.floor(occurredAt / 1000)} now={frame.now} />,
		type === "event" ? <Name text={environment} /> : <span class="muted">Change event</span>,
		<Body event={event} />,
		frame.permissions.includes(`${type}s:delete`) ? (
			<LinkButton
				look="secondary small"
				href={`${frame.base}/events/${encodeURIComponent(id)}/delete`}
				label="Delete"
				about={` event ${id}`}
			/>
		) : (
			<span class="muted">For administrators</span>
		),
	];
}

/** The id says which it is, also of one that cannot be read. */
function Body({ event: { id, body } }: { readonly event: StoredEvent }) {
	return (
		<>
			{body === null ? (
				<Badge tone="warning" text="Cannot be read" />
			) : (
				<code>
					<Name text={beginning(body)} />
				</code>
			)}
			<span class="muted block">{id}</span>
		</>
	);
}

function beginning(body: string): string {
	return body.length > longestShown ? `${body.slice(0, longestShown)}…` : body;
}

const longestShown = 300;

export interface EventDeletionProps {
	readonly frame: ConsoleFrame;
	readonly event: StoredEvent;
	readonly action: string;
	readonly cancelUrl: string;
}

/** `GET /console/:slug/events/:id/delete` */
export function eventDeletionView({ frame, event, action, cancelUrl }: EventDeletionProps): string {
	return confirmationView({
		frame,
		title: "Delete this event?",
		action,
		cancelUrl,
		confirm: "Delete this event",
		children: (
			<>
				<p>
					It happened <Instant at={Math.floor(event.occurredAt / 1000)} now={frame.now} />. Once it is deleted no search
					finds it, and it cannot be brought back.
				</p>
				<p>
					<Body event={event} />
				</p>
			</>
		),
	});
}

const fields: readonly FilterField<EventField>[] = [
	{
		name: "member",
		label: "Member",
		hint: "The names on the way to it: attributes.env. A dot within a name is written \\.",
	},
	{ name: "value", label: "Value", hint: "Exactly: production, 5 or true." },
	{ name: "before", label: "Before", hint: "In UTC: 2026-01-31T08:00:00Z." },
];
