import { Badge } from "../../ui/badge.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton, Press } from "../../ui/post-form.tsx";
import { type EditedKey, keyUrl, renderKeyPage } from "./key-frame.tsx";

export interface KeyLinksProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	/** The account whose link was switched just now, if any. */
	readonly changed: string | null;
	readonly links: readonly ShownLink[];
}

interface ShownLink {
	readonly accountId: string;
	readonly account: string;
	readonly createdAt: number;
	readonly offByOwner: boolean;
	readonly offByLinker: boolean;
}

const said = {
	disabled: "The link was disabled. The key does not open that account any more.",
	enabled: "The link was enabled.",
	cut: "The link was removed.",
};

/** The owner's view: which accounts this key opens besides its own. */
export function keyLinksView({ frame, key, changed, links }: KeyLinksProps): string {
	const base = `${keyUrl(frame, key)}/links`;
	const mayWrite = frame.permissions.includes("keys:write");
	const isThere = links.some(({ accountId }) => accountId === changed);
	return renderKeyPage({
		frame,
		key,
		tab: "Links",
		said,
		undo: isThere && mayWrite ? `${base}/${changed}/enabled` : null,
		children:
			links.length === 0 ? (
				<EmptyState title="Not linked anywhere">
					<p>
						Another account can link this key by its ID, and then says by its own policies what the key may do there.
						Such links appear here, and you can remove them.
					</p>
				</EmptyState>
			) : (
				<DataTable
					caption="Accounts that have linked this key"
					columns={["Account", "State", "Linked", "Actions"]}
					rows={links.map((link) => ({ key: link.accountId, cells: cellsOf(link, frame, base) }))}
				/>
			),
	});
}

function cellsOf(
	{ accountId, account, createdAt, offByOwner, offByLinker }: ShownLink,
	frame: ConsoleFrame,
	base: string,
) {
	const about = ` the link of ${account}`;
	return [
		<Name text={account} />,
		<Badge
			tone={offByOwner || offByLinker ? "off" : "good"}
			text={offByOwner ? "Disabled by you" : offByLinker ? "Disabled by them" : "Enabled"}
		/>,
		<Instant at={createdAt} now={frame.now} />,
		<div class="row">
			{frame.permissions.includes("keys:write") && (
				<Press
					action={`${base}/${accountId}/enabled`}
					csrf={frame.csrf}
					fields={{ enabled: offByOwner ? "on" : "off" }}
					label={offByOwner ? "Enable" : "Disable"}
					about={about}
				/>
			)}
			{frame.permissions.includes("keys:delete") && (
				<LinkButton look="secondary small" href={`${base}/${accountId}/delete`} label="Remove" about={about} />
			)}
		</div>,
	];
}
