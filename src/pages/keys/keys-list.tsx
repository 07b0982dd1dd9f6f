import { OnOff } from "../../ui/badge.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { ErrorSummary, isWrong } from "../../ui/error-summary.tsx";
import { ListControls, type ListControlsProps, NothingFound } from "../../ui/list-controls.tsx";
import { Day, Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";

export interface KeysListProps {
	readonly frame: ConsoleFrame;
	readonly keys: readonly KeyLine[];
	readonly controls: Omit<ListControlsProps, "csrf" | "options">;
	readonly nextUrl: string | null;
	readonly previousUrl: string | null;
	readonly isWhole: boolean;
}

interface KeyLine {
	readonly id: string;
	readonly name: string;
	readonly isLinked: boolean;
	readonly isIntegration: boolean;
	readonly tags: readonly string[];
	readonly isOn: boolean;
	/** Null: never, or not ours to know. */
	readonly lastUsedAt: number | null;
	readonly createdAt: number;
}

const said = {
	deleted: "The API key was deleted. Everything that used it has stopped, everywhere.",
	unlinked: "The link was removed. The key does not open this account any more.",
};

export function keysListView({ frame, keys, controls, nextUrl, previousUrl, isWhole }: KeysListProps): string {
	const base = `${frame.base}/keys`;
	const add = frame.permissions.includes("keys:write") && (
		<div class="row">
			<LinkButton href={`${base}/new`} label="Create API key" />
			<LinkButton look="secondary" href={`${base}/link`} label="Link existing API key" />
		</div>
	);
	return renderConsolePage({
		frame,
		title: "API keys",
		actions: isWhole ? null : add,
		said,
		failed: isWrong(controls.errors),
		children: isWhole ? (
			<EmptyState title="No API keys yet">
				<p>
					An API key lets a program use this account. Create one, choose by policies what it may do, and make an access
					code for it.
				</p>
				{add}
			</EmptyState>
		) : (
			<>
				<ErrorSummary errors={controls.errors} />
				<ListControls {...controls} csrf={frame.csrf} />
				{keys.length === 0 ? (
					<NothingFound nextUrl={nextUrl} previousUrl={previousUrl} isAsked={controls.total !== null} />
				) : (
					<DataTable
						caption="API keys of this account"
						columns={["Name", "Tags", "State", "Last used", "Created", "Actions"]}
						nextUrl={nextUrl}
						previousUrl={previousUrl}
						rows={keys.map((key) => ({ key: key.id, cells: cellsOf(key, base, frame) }))}
					/>
				)}
			</>
		),
	});
}

function cellsOf(key: KeyLine, base: string, { now, permissions }: Pick<ConsoleFrame, "now" | "permissions">) {
	const { id, name, isLinked, isIntegration, tags, isOn, lastUsedAt, createdAt } = key;
	return [
		<>
			<a class="row-link" href={`${base}/${id}`}>
				<Name text={name} />
			</a>
			{(isLinked || isIntegration) && (
				<span class="muted block">{isLinked ? "Linked from another account" : "Integration"}</span>
			)}
		</>,
		tags.length === 0 ? <span class="muted">None</span> : <Name text={tags.join(", ")} />,
		<OnOff on={isOn} />,
		isLinked || lastUsedAt === null ? (
			<span class="muted">{isLinked ? "Known to its owner" : "Never"}</span>
		) : (
			<Instant at={lastUsedAt} now={now} />
		),
		<Day at={createdAt} now={now} />,
		<RowActions of={key} url={`${base}/${id}`} permissions={permissions} />,
	];
}

/** Contract 003, "Editing API Keys": edited and deleted in its own row. */
function RowActions(props: { readonly of: KeyLine; readonly url: string; readonly permissions: readonly string[] }) {
	const { of, url, permissions } = props;
	const about = ` ${of.name}`;
	if (!permissions.includes("keys:write") && !permissions.includes("keys:delete")) return null;
	return (
		<span class="row">
			{permissions.includes("keys:write") && (
				<LinkButton look="secondary small" href={url} label="Edit" about={about} />
			)}
			{permissions.includes("keys:delete") && (
				<LinkButton
					look="secondary small"
					href={`${url}/delete`}
					label={of.isLinked ? "Unlink" : "Delete"}
					about={about}
				/>
			)}
		</span>
	);
}
