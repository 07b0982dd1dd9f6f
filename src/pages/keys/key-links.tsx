import { Badge } from "../../ui/badge.tsx";
import type { ConsoleFrame } from "../frame/console-frame.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Instant } from "../../ui/instant.tsx";
import { type EditedKey, keyView } from "./key-editor.tsx";
import { Name } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";

export interface KeyLinksProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly notice: string | null;
	readonly undo: { readonly action: string; readonly enabled: boolean } | null;
	readonly links: readonly {
		readonly accountId: string;
		readonly account: string;
		readonly createdAt: number;
		readonly offByOwner: boolean;
		readonly offByLinker: boolean;
	}[];
	readonly now: number;
}

/** The owner's view: which accounts this key opens besides its own. */
export function keyLinksView({ frame, key, notice, undo, links, now }: KeyLinksProps): string {
	const base = `/console/${frame.account.slug}/keys/${key.id}/links`;
	return keyView({
		frame,
		key,
		tab: "Links",
		notice,
		undo,
		children:
			links.length === 0 ? (
				<EmptyState title="Not linked anywhere">
					<p>
						Another account can link this key by its ID, and then says by its own policies what the key may do there.
						Such links appear here, and you can cut them.
					</p>
				</EmptyState>
			) : (
				<DataTable
					caption="Accounts that have linked this key"
					columns={["Account", "State", "Linked", "Actions"]}
					nextUrl={null}
					rows={links.map((link) => ({
						key: link.accountId,
						cells: [
							<Name text={link.account} />,
							<Badge
								tone={link.offByOwner || link.offByLinker ? "off" : "good"}
								text={link.offByOwner ? "Disabled by you" : link.offByLinker ? "Disabled by them" : "Enabled"}
							/>,
							<Instant at={link.createdAt} now={now} />,
							<div class="row">
								{frame.permissions.includes("keys:write") && (
									<PostForm action={`${base}/${link.accountId}/enabled`} csrf={frame.csrf}>
										<input type="hidden" name="enabled" value={link.offByOwner ? "on" : "off"} />
										<button type="submit" class="outline secondary small">
											{link.offByOwner ? "Enable" : "Disable"}
											<span class="visually-hidden"> the link of {link.account}</span>
										</button>
									</PostForm>
								)}
								{frame.permissions.includes("keys:delete") && (
									<a class="button secondary small" href={`${base}/${link.accountId}/delete`}>
										Cut…
										<span class="visually-hidden"> the link of {link.account}</span>
									</a>
								)}
							</div>,
						],
					}))}
				/>
			),
	});
}
