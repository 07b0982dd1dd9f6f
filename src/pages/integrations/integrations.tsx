import { OnOff } from "../../ui/badge.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { ErrorSummary, isWrong } from "../../ui/error-summary.tsx";
import { ListControls, type ListControlsProps, NothingFound } from "../../ui/list-controls.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Urls } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";

export interface IntegrationsProps {
	readonly frame: ConsoleFrame;
	/** Null where the person may not make one. */
	readonly newUrl: string | null;
	readonly rows: readonly IntegrationRow[];
	readonly controls: Omit<ListControlsProps, "csrf" | "options">;
	readonly nextUrl: string | null;
	readonly previousUrl: string | null;
	readonly isWhole: boolean;
}

interface IntegrationRow {
	readonly id: string;
	readonly url: string;
	readonly name: string;
	readonly logoUrl: string | null;
	readonly type: string;
	readonly redirectUrls: readonly string[];
	readonly isEnded: boolean;
}

export function integrationsView(props: IntegrationsProps): string {
	const { frame, newUrl, rows, controls, nextUrl, previousUrl, isWhole } = props;
	const register = newUrl !== null && <LinkButton href={newUrl} label="Register an integration" />;
	return renderConsolePage({
		frame,
		title: "Integrations",
		actions: isWhole ? null : register,
		failed: isWrong(controls.errors),
		children: isWhole ? (
			<EmptyState title="No integrations yet">
				<p>
					An integration is a program of yours that other accounts install, so that it can work with their data. Once
					you register one, it stands here with its client ID.
				</p>
				{register ? <div class="row">{register}</div> : <p>An administrator of the account can register one.</p>}
			</EmptyState>
		) : (
			<>
				<ErrorSummary errors={controls.errors} />
				<ListControls {...controls} csrf={frame.csrf} />
				{rows.length === 0 ? (
					<NothingFound nextUrl={nextUrl} previousUrl={previousUrl} isAsked={controls.total !== null} />
				) : (
					<DataTable
						caption="Integrations and applications that this account has registered"
						columns={["Name", "Client ID", "Redirect URLs", "State"]}
						rows={rows.map((row) => ({ key: row.id, cells: cells(row) }))}
						nextUrl={nextUrl}
						previousUrl={previousUrl}
					/>
				)}
			</>
		),
	});
}

function cells(row: IntegrationRow) {
	return [
		<span class="asking">
			<Logo name={row.name} logoUrl={row.logoUrl} />
			<span>
				<a href={row.url}>
					<Name text={row.name} />
				</a>
				<span class="muted block">{row.type}</span>
			</span>
		</span>,
		<Copyable id={`id-${row.id}`} text={row.id} label="Copy client ID" />,
		<Urls of={row.redirectUrls} />,
		<OnOff on={!row.isEnded} words={["Active", "Ended"]} />,
	];
}
