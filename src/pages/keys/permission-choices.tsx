import type { Api, ApiPermission } from "../../domain/api.ts";
import type { PairScope } from "../../domain/permission.ts";
import type { PermissionTable } from "../../domain/permission-table.ts";
import { FieldError } from "../../ui/field.tsx";
import { Name } from "../../ui/name.tsx";
import { useFilledFields } from "../../ui/filled-form.ts";

/** An API as far as its permissions are chosen and shown. */
export interface ChoosableApi extends Pick<Api, "id" | "name" | "description" | "permissions"> {
	readonly table: PermissionTable<ApiPermission>;
}

export interface PermissionChoicesProps {
	readonly apis: readonly ChoosableApi[];
	readonly chosen: readonly string[];
	readonly error?: string | null | undefined;
}

const field = "permissions";

/** The permissions of each API, by subject and verb where their names say so. A checked one is sent as `permissions:<name>=on`. */
export function PermissionChoices({ apis, chosen, error }: PermissionChoicesProps) {
	return (
		<fieldset class="choices" aria-describedby={error ? `${field}-error` : undefined}>
			<legend id={field}>Permissions</legend>
			<FieldError name={field} error={error} />
			{apis.map((api) => (
				<ApiChoices key={api.id} api={api} chosen={chosen} />
			))}
		</fieldset>
	);
}

const columns = { read: "Read", write: "Write", delete: "Delete" } as const satisfies Readonly<
	Record<PairScope, string>
>;

function ApiChoices({ api, chosen }: { readonly api: ChoosableApi; readonly chosen: readonly string[] }) {
	const { verbs, rows, others } = api.table;
	return (
		<fieldset class="choices api">
			<legend>
				<Name text={api.name} />
			</legend>
			{api.description !== "" && (
				<p class="hint">
					<Name text={api.description} />
				</p>
			)}
			{rows.length > 0 && (
				<table class="data matrix">
					<caption class="visually-hidden">
						Permissions of <Name text={api.name} /> by subject
					</caption>
					<thead>
						<tr>
							<th scope="col">Subject</th>
							{verbs.map((verb) => (
								<th key={verb} scope="col">
									{columns[verb]}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map(({ subject, cells }) => (
							<tr key={subject}>
								<th scope="row">
									<code>{subject}</code>
								</th>
								{verbs.map((verb, index) => (
									<td key={verb} data-column={columns[verb]}>
										{cells[index] && <Choice permission={cells[index]} chosen={chosen} />}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			)}
			{others.map((each) => (
				<Choice key={each.name} permission={each} chosen={chosen} isNamed />
			))}
			{api.permissions.length === 0 && <p class="hint">It has no permissions yet.</p>}
		</fieldset>
	);
}

interface ChoiceProps {
	readonly permission: ApiPermission;
	readonly chosen: readonly string[];
	/** Whether its name stands with it: no row and column say it. */
	readonly isNamed?: boolean;
}

function Choice({ permission, chosen, isNamed = false }: ChoiceProps) {
	const { name, title, description } = permission;
	const isChosen = useFilledFields()?.has(`${field}:${name}`) ?? chosen.includes(name);
	return (
		<label class={isNamed ? "choice" : "tick"}>
			<input type="checkbox" name={`${field}:${name}`} checked={isChosen} />
			<span>
				{!isNamed && <span class="visually-hidden">{name}: </span>}
				<Name text={title} />
				{isNamed && (
					<span class="block">
						<code>{name}</code>
					</span>
				)}
				{description !== "" && (
					<span class="muted block">
						<Name text={description} />
					</span>
				)}
			</span>
		</label>
	);
}

/** What a policy permits, for those who do not change it. */
export function PermissionList({
	apis,
	given,
}: Pick<PermissionChoicesProps, "apis"> & { readonly given: readonly string[] }) {
	return (
		<>
			{apis.map(({ id, name: api, permissions }) => {
				const theirs = permissions.filter(({ name }) => given.includes(name));
				return (
					theirs.length > 0 && (
						<div key={id}>
							<h2>
								<Name text={api} />
							</h2>
							<ul>
								{theirs.map(({ name, title }) => (
									<li key={name}>
										<code>{name}</code>: <Name text={title} />
									</li>
								))}
							</ul>
						</div>
					)
				);
			})}
		</>
	);
}

/** What stands in a policy and is at no API any more, so that it opens nothing. */
export function GonePermissions({ names }: { readonly names: readonly string[] }) {
	if (names.length === 0) return null;
	return (
		<p>
			No longer there, so that it permits nothing:{" "}
			{names.map((name, index) => (
				<span key={name}>
					{index > 0 && ", "}
					<code>
						<Name text={name} />
					</code>
				</span>
			))}
			. It goes from this policy when you change its permissions.
		</p>
	);
}
