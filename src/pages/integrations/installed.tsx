import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { ErrorSummary, isWrong } from "../../ui/error-summary.tsx";
import { ListControls, type ListControlsProps, NothingFound } from "../../ui/list-controls.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton, ToApplication } from "../../ui/post-form.tsx";
import { Sentences } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";

export interface InstalledProps {
	readonly frame: ConsoleFrame;
	readonly rows: readonly InstalledRow[];
	readonly controls: Omit<ListControlsProps, "csrf" | "options">;
	readonly nextUrl: string | null;
	readonly previousUrl: string | null;
	readonly isWhole: boolean;
}

interface InstalledRow {
	readonly id: string;
	readonly name: string;
	readonly logoUrl: string | null;
	/** Null where it registered itself. */
	readonly ownerName: string | null;
	/** Where its own sign-in begins; null where nobody says. */
	readonly loginUrl: string | null;
	/** One sentence each. */
	readonly permissions: readonly string[];
	readonly personName: string | null;
	readonly installedAt: number;
	/** Nobody has redeemed its code yet. */
	readonly isPending: boolean;
	readonly expiresAt: number;
	/** Null where the person may not end it. */
	readonly revokeUrl: string | null;
}

export function installedView(props: InstalledProps): string {
	const { frame, rows, controls, nextUrl, previousUrl, isWhole } = props;
	return renderConsolePage({
		frame,
		title: "Installed",
		said: { revoked: "Its access has ended, everywhere and at once." },
		failed: isWrong(controls.errors),
		children: isWhole ? (
			<EmptyState title="Nothing is installed">
				<p>
					Integrations and applications that somebody allowed to work with this account's data stand here, with what
					they may do. To install one, open the install page that its makers give you.
				</p>
			</EmptyState>
		) : (
			<>
				<ErrorSummary errors={controls.errors} />
				<ListControls {...controls} csrf={frame.csrf} />
				{rows.length === 0 ? (
					<NothingFound nextUrl={nextUrl} previousUrl={previousUrl} isAsked={controls.total !== null} />
				) : (
					<DataTable
						caption="What is installed in this account"
						columns={["Integration", "What it may do", "Installed by", "Installed", "Ends", "Revoke"]}
						rows={rows.map((row) => ({ key: row.id, cells: cells(row, frame.now) }))}
						nextUrl={nextUrl}
						previousUrl={previousUrl}
					/>
				)}
			</>
		),
	});
}

function cells(row: InstalledRow, now: number) {
	return [
		<span class="asking">
			<Logo name={row.name} logoUrl={row.logoUrl} />
			<span>
				<Name text={row.name} />
				<span class="muted block">
					{row.ownerName === null ? (
						"registered itself"
					) : (
						<>
							by <Name text={row.ownerName} />
						</>
					)}
				</span>
				<ToApplication {...row} />
			</span>
		</span>,
		row.permissions.length === 0 ? "Nothing now" : <Sentences of={row.permissions} class="plain" />,
		row.personName === null ? "A program" : <Name text={row.personName} />,
		row.isPending ? (
			<span class="muted">Not yet: its code waits to be used</span>
		) : (
			<Instant at={row.installedAt} now={now} />
		),
		row.isPending ? <span class="muted">With its code</span> : <Instant at={row.expiresAt} now={now} />,
		row.revokeUrl === null ? (
			<span class="muted">Not yours</span>
		) : (
			<LinkButton look="secondary small" href={row.revokeUrl} label="Revoke" about={` ${row.name}`} />
		),
	];
}
