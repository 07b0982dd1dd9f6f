import { Choices } from "../../ui/choices.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Field } from "../../ui/field.tsx";
import { type FormErrors, FormCard } from "./key-form.tsx";
import { Name } from "../../ui/name.tsx";

export interface PoliciesProps {
	readonly frame: ConsoleFrame;
	readonly notice: string | null;
	readonly policies: readonly {
		readonly id: string;
		readonly name: string;
		readonly description: string;
		readonly permissions: readonly string[];
	}[];
	readonly nextUrl: string | null;
	readonly isFirstPage: boolean;
}

export function policiesView({ frame, notice, policies, nextUrl, isFirstPage }: PoliciesProps): string {
	const base = `/console/${frame.account.slug}/policies`;
	const add = frame.permissions.includes("keys:write") && (
		<div class="row">
			<a class="button" href={`${base}/new`}>
				Create policy
			</a>
		</div>
	);
	return renderConsolePage({
		frame,
		title: "Policies",
		notice,
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
	readonly notice: string | null;
	readonly nonce: string | null;
	readonly values: {
		readonly name: string;
		readonly description: string;
		readonly permissions: readonly string[];
	};
	readonly errors: FormErrors<"name" | "description" | "permissions">;
	/** Every permission and what it is for. */
	readonly permissions: Readonly<Record<string, string>>;
}

/** Posts `name`, `description` and `permissions:<name>`. */
export function policyFormView(props: PolicyFormProps): string {
	const { frame, id, title, notice, nonce, values, errors, permissions } = props;
	const base = `/console/${frame.account.slug}/policies`;
	return renderConsolePage({
		frame,
		title,
		notice,
		failed: Object.keys(errors).length > 0,
		children: (
			<>
				{frame.permissions.includes("keys:write") ? (
					<FormCard
						action={`${base}/${id ?? "new"}`}
						frame={frame}
						nonce={nonce}
						errors={errors}
						submit={id === null ? "Create policy" : "Save policy"}
						cancel={base}
					>
						<Field
							name="name"
							label="Name"
							type="text"
							autocomplete="off"
							value={values.name}
							hint="Unique in this account."
							error={errors.name ?? null}
						/>
						<Field
							name="description"
							label="Description"
							type="text"
							autocomplete="off"
							value={values.description}
							hint="What it gives access to."
							error={errors.description ?? null}
						/>
						<Choices
							legend="Permissions"
							name="permissions"
							options={Object.entries(permissions).map(([value, hint]) => ({ value, label: value, hint }))}
							chosen={values.permissions}
							error={errors.permissions ?? null}
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
						<a class="button secondary small" href={`${base}/${id}/delete`}>
							Delete policy…
						</a>
					</p>
				)}
			</>
		),
	});
}
