import { Choices } from "../../ui/choices.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { FormCard } from "../frame/form-card.tsx";
import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";

export interface PoliciesProps {
	readonly frame: ConsoleFrame;
	readonly policies: readonly {
		readonly id: string;
		readonly name: string;
		readonly description: string;
		readonly permissions: readonly string[];
	}[];
	readonly nextUrl: string | null;
	readonly isFirstPage: boolean;
}

const said = {
	created: "The policy was created. Give it to an API key under the key's Policies.",
	saved: "Saved. The edit takes up to 30 seconds to reach every check.",
	deleted: "The policy was deleted. Within 30 seconds it permits nothing any more.",
};

export function policiesView({ frame, policies, nextUrl, isFirstPage }: PoliciesProps): string {
	const base = `${frame.base}/policies`;
	const add = frame.permissions.includes("keys:write") && (
		<div class="row">
			<LinkButton href={`${base}/new`} label="Create policy" />
		</div>
	);
	return renderConsolePage({
		frame,
		title: "Policies",
		said,
		children:
			policies.length === 0 && isFirstPage ? (
				<EmptyState title="No policies yet">
					<p>
						A policy is a set of permissions with a name. API keys may do what their policies permit, and nothing else.
					</p>
					{add}
				</EmptyState>
			) : (
				<>
					{add}
					<DataTable
						caption="Policies of this account"
						columns={["Name", "Description", "Permissions"]}
						nextUrl={nextUrl}
						rows={policies.map(({ id, name, description, permissions }) => ({
							key: id,
							cells: [
								<a class="row-link" href={`${base}/${id}`}>
									<Name text={name} />
								</a>,
								<Name text={description} />,
								permissions.join(", "),
							],
						}))}
					/>
				</>
			),
	});
}

export interface PolicyFormProps {
	readonly frame: ConsoleFrame;
	/** Null for a new one. */
	readonly id: string | null;
	readonly title: string;
	/** What a new one is made by, or what one that is there was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	/** What no single field is to blame for. */
	readonly problem?: string | null;
	readonly values: {
		readonly name: string;
		readonly description: string;
		readonly permissions: readonly string[];
	};
	readonly errors: FieldErrors<"name" | "description" | "permissions">;
	/** Every permission and what it is for. */
	readonly permissions: Readonly<Record<string, string>>;
}

/** Posts `name`, `description` and `permissions:<name>`. */
export function policyFormView(props: PolicyFormProps): string {
	const { frame, id, title, fields, problem = null, values, errors, permissions } = props;
	const base = `${frame.base}/policies`;
	return renderConsolePage({
		frame,
		title,
		said,
		failed: isWrong(errors) || problem !== null,
		children: (
			<>
				{frame.permissions.includes("keys:write") ? (
					<FormCard
						action={`${base}/${id ?? "new"}`}
						frame={frame}
						fields={fields}
						errors={errors}
						problem={problem}
						submit={id === null ? "Create policy" : "Save policy"}
						cancel={base}
					>
						<Field name="name" label="Name" value={values.name} hint="Unique in this account." error={errors.name} />
						<Field
							name="description"
							label="Description"
							value={values.description}
							hint="What it gives access to."
							error={errors.description}
						/>
						<Choices
							legend="Permissions"
							name="permissions"
							options={Object.entries(permissions).map(([value, hint]) => ({ value, label: value, hint }))}
							chosen={values.permissions}
							error={errors.permissions}
						/>
						{id !== null && <p class="muted">An edit takes up to 30 seconds to reach every check.</p>}
					</FormCard>
				) : (
					<div class="card">
						<p>
							<Name text={values.description} />
						</p>
						<ul>
							{values.permissions.map((each) => (
								<li key={each}>
									<code>{each}</code>: {permissions[each]}
								</li>
							))}
						</ul>
					</div>
				)}
				{id !== null && frame.permissions.includes("keys:delete") && (
					<p>
						<LinkButton look="secondary small" href={`${base}/${id}/delete`} label="Delete policy…" />
					</p>
				)}
			</>
		),
	});
}
