import { DataTable } from "../../ui/data-table.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";

/** Where a person belongs, and how they leave. */
export function MyAccounts({ frame }: { readonly frame: ConsoleFrame }) {
	return (
		<Section class="card" id="your-accounts" title="Your accounts">
			<DataTable
				caption="The accounts that you belong to"
				columns={["Account", "Action"]}
				rows={frame.accounts.map(({ slug, name }) => ({
					key: slug,
					cells: [
						<a href={`/console/${slug}`}>
							<Name text={name} />
						</a>,
						<LinkButton
							look="secondary small"
							href={`/console/${slug}/settings/leave`}
							label="Leave"
							about={` ${name}`}
						/>,
					],
				}))}
			/>
		</Section>
	);
}
