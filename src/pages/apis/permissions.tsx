import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Choices } from "../../ui/choices.tsx";
import { plainText } from "../../ui/name.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";

export interface PermissionRow {
	/** What its fields are called by: a number. */
	readonly key: string;
	readonly name: string;
	readonly title: string;
	readonly description: string;
	/** Of `members` and `self_registered`. */
	readonly may: readonly string[];
	/** Where it is removed; null for one that is new, whose name is still open. */
	readonly removeUrl: string | null;
}

export interface PermissionsFormProps {
	readonly frame: Frame;
	readonly title: string;
	readonly action: string;
	readonly cancel: string;
	readonly fields: Readonly<Record<string, string>>;
	readonly problem: string | null;
	readonly rows: readonly PermissionRow[];
	/** By the names of the fields: `name.<key>`, `title.<key>`, `description.<key>`. */
	readonly errors: FieldErrors;
}

/** Posts `of.<key>` (one that is there) or `name.<key>` (a new one), `title.<key>`, `description.<key>`, `may.<key>:members` and `may.<key>:self_registered` of each row. */
export function permissionsFormView(props: PermissionsFormProps): string {
	const { frame, title, action, cancel, fields, problem, rows, errors } = props;
	return renderConsolePage({
		frame,
		title,
		said: { created: "It is registered. Now say what may be permitted there." },
		failed: isWrong(errors) || problem !== null,
		children: (
			<div class="card">
				<ErrorSummary errors={errors} problem={problem} />
				<p>
					Administrators of an account may do all of it. A row without a name is left out. To change a name, remove the
					permission and add another: what was given under the old one was not given under the new one.
				</p>
				<PostForm action={action} csrf={frame.csrf} fields={fields}>
					{rows.map((row) => (
						<Row key={row.key} row={row} errors={errors} />
					))}
					<div class="row">
						<button type="submit">Save permissions</button>
						<button type="submit" class="outline" name="more" value="yes" formnovalidate>
							Add another
						</button>
						<LinkButton look="secondary" href={cancel} label="Cancel" />
					</div>
				</PostForm>
			</div>
		),
	});
}

function Row({ row, errors }: { readonly row: PermissionRow; readonly errors: FieldErrors }) {
	const { key, name, title, description, may, removeUrl } = row;
	const field = (of: string) => ({ name: `${of}.${key}`, error: errors[`${of}.${key}`], required: false });
	return (
		<fieldset class="permission-row">
			<legend>{removeUrl === null ? "A new permission" : <code>{plainText(name)}</code>}</legend>
			{removeUrl === null ? (
				<Field
					{...field("name")}
					label="Name"
					value={name}
					hint="As it stands in a scope, such as orders:read. It never changes."
				/>
			) : (
				<input type="hidden" name={`of.${key}`} value={name} />
			)}
			<Field {...field("title")} label="What people read" value={title} hint="Such as: See orders" />
			<Field {...field("description")} label="More of it" value={description} hint="It may be left empty." />
			<Choices
				legend="Beside administrators"
				name={`may.${key}`}
				chosen={may}
				options={[
					{ value: "members", label: "Members have it", hint: "" },
					{ value: "self_registered", label: "Software that registered itself may ask for it", hint: "" },
				]}
			/>
			{removeUrl !== null && (
				<p>
					<LinkButton look="secondary small" href={removeUrl} label="Remove" about={` ${name}`} />
				</p>
			)}
		</fieldset>
	);
}
