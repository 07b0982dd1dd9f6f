import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { ListControls, type ListControlsProps, NothingFound } from "../../ui/list-controls.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { type ChoosableApi, GonePermissions, PermissionChoices, PermissionList } from "./permission-choices.tsx";

export interface PoliciesProps {
	readonly frame: ConsoleFrame;
	readonly policies: readonly {
		readonly id: string;
		readonly name: string;
		readonly description: string;
		readonly permissions: readonly string[];
	}[];
	readonly controls: Omit<ListControlsProps, "csrf" | "options">;
	readonly nextUrl: string | null;
	readonly previousUrl: string | null;
	readonly isWhole: boolean;
}

const said = {
	created: "The policy was created. Give it to an API key under the key's Policies.",
	saved: "Saved. The edit takes up to 30 seconds to reach every check.",
	deleted: "The policy was deleted. Within 30 seconds it permits nothing any more.",
};

export function policiesView({ frame, policies, controls, nextUrl, previousUrl, isWhole }: PoliciesProps): string {
	const base = `${frame.base}/policies`;
	const add = frame.permissions.includes("keys:write") && (
		<div class="row">
			<LinkButton href={`${base}/new`} label="Create policy" />
		</div>
	);
	return renderConsolePage({
		frame,
		title: "Policies",
		actions: isWhole ? null : add,
		said,
		failed: isWrong(controls.errors),
		children: isWhole ? (
			<EmptyState title="No policies yet">
				<p>
					A policy is a set of permissions with a name. API keys may do what their policies permit, and nothing else.
				</p>
				{add}
			</EmptyState>
		) : (
			<>
				<ErrorSummary errors={controls.errors} />
				<ListControls {...controls} />
				{policies.length === 0 ? (
					<NothingFound nextUrl={nextUrl} previousUrl={previousUrl} isAsked={controls.total !== null} />
				) : (
					<DataTable
						caption="Policies of this account"
						columns={["Name", "Description", "Permissions"]}
						nextUrl={nextUrl}
						previousUrl={previousUrl}
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
				)}
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
	/** Those that the account sees, latchkey's own first. */
	readonly apis: readonly ChoosableApi[];
	/** What stands in it, and is at none of them any more. */
	readonly gone: readonly string[];
	/** What a new one can be started from. */
	readonly templates?: readonly { readonly id: string; readonly name: string }[];
}

/** Posts `name`, `description` and `permissions:<name>`. */
export function policyFormView(props: PolicyFormProps): string {
	const { frame, id, title, fields, problem = null, values, errors, apis, gone, templates = [] } = props;
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
						intro={templates.length > 0 && <Templates base={base} templates={templates} />}
					>
						<Field name="name" label="Name" value={values.name} hint="Unique in this account." error={errors.name} />
						<Field
							name="description"
							label="Description"
							value={values.description}
							hint="What it gives access to."
							error={errors.description}
						/>
						<PermissionChoices apis={apis} chosen={values.permissions} error={errors.permissions} />
						<GonePermissions names={gone} />
						{id !== null && <p class="muted">An edit takes up to 30 seconds to reach every check.</p>}
					</FormCard>
				) : (
					<div class="card">
						<p>
							<Name text={values.description} />
						</p>
						<PermissionList apis={apis} given={values.permissions} />
						<GonePermissions names={gone} />
					</div>
				)}
				{id !== null && frame.permissions.includes("keys:delete") && (
					<p>
						<LinkButton look="secondary small" href={`${base}/${id}/delete`} label="Delete policy" />
					</p>
				)}
			</>
		),
	});
}

function Templates({ base, templates }: { readonly base: string; readonly templates: PolicyFormProps["templates"] }) {
	return (
		<div class="field">
			<p>Start from one of these, and change it before you save it:</p>
			<div class="row">
				{templates?.map(({ id, name }) => (
					<LinkButton
						key={id}
						look="secondary small"
						href={`${base}/new?from=${encodeURIComponent(id)}`}
						label={name}
					/>
				))}
			</div>
		</div>
	);
}
