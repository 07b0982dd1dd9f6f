import type { Api } from "../../domain/api.ts";
import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";

export interface ApisProps {
	readonly frame: Frame;
	/** Where the list is. */
	readonly base: string;
	readonly apis: readonly (Api & { readonly owner: "own" | "deployment" | "built_in" })[];
	readonly hasOwn: boolean;
	readonly mayAdd: boolean;
	readonly nextUrl: string | null;
}

const said = { deleted: "The API was deleted. Within 30 seconds no token is issued for it any more." };

const owners = { own: "This account", deployment: "The deployment", built_in: "Built in" } as const;

export function apisView({ frame, base, apis, hasOwn, mayAdd, nextUrl }: ApisProps): string {
	const add = mayAdd && <LinkButton href={`${base}/new`} label="Register an API" />;
	return renderConsolePage({
		frame,
		title: "APIs",
		actions: hasOwn && add,
		said,
		children: (
			<>
				{!hasOwn && (
					<EmptyState title={frame.account ? "No APIs of this account yet" : "No APIs of this deployment yet"}>
						<p>
							An API is a server that takes latchkey's tokens: yours, or an MCP server. Register it with what may be
							permitted there, and policies, roles and applications can be given just that.
						</p>
						{add && <p class="row">{add}</p>}
					</EmptyState>
				)}
				{apis.length > 0 && (
					<DataTable
						caption="APIs"
						columns={["Name", "Identifier", "Permissions", "Of"]}
						nextUrl={nextUrl}
						rows={apis.map(({ id, name, identifier, permissions, owner }) => ({
							key: id,
							cells: [
								<a class="row-link" href={`${base}/${id}`}>
									<Name text={name} />
								</a>,
								<code>{identifier}</code>,
								String(permissions.length),
								owners[owner],
							],
						}))}
					/>
				)}
			</>
		),
	});
}
