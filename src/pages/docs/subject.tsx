import { Copyable } from "../../ui/copyable.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { type DocsFrame, renderDocs } from "./docs-frame.tsx";
import { Prose } from "./prose.tsx";

export interface SubjectProps {
	readonly frame: DocsFrame;
	readonly tag: string;
	readonly operations: readonly ShownOperation[];
}

/** An operation of the OpenAPI document. Descriptions are of ours, with `code` in backquotes and **what matters** in stars. */
export interface ShownOperation {
	/** Unique on the page. */
	readonly id: string;
	readonly tag: string;
	readonly method: string;
	readonly path: string;
	readonly summary: string;
	readonly description: string | null;
	readonly permission: string | null;
	/** Whose login token opens it, and nothing else; null where that does not matter. */
	readonly login: keyof typeof loginWords | null;
	/** One of these opens it; empty for everybody. */
	readonly credentials: readonly string[];
	readonly parameters: readonly {
		readonly name: string;
		readonly place: "path" | "query" | "header";
		readonly type: string;
		readonly description: string;
	}[];
	/** What the body may be sent as; empty where there is none. */
	readonly media: readonly string[];
	readonly fields: readonly Field[];
	readonly curl: string;
	readonly answers: readonly {
		readonly status: string;
		readonly description: string;
		readonly media: string | null;
		readonly fields: readonly Field[];
		/** From a run; null where there is nothing to show. */
		readonly example: string | null;
	}[];
}

interface Field {
	readonly name: string;
	readonly type: string;
	readonly required: boolean;
	readonly description: string;
}

/** The operations of one subject, each to be linked to, and read without a script. */
export function subjectView({ frame, tag, operations }: SubjectProps): string {
	return renderDocs({
		title: tag,
		frame,
		children: (
			<>
				<h1>{tag}</h1>
				{operations.map((operation) => (
					<Operation key={operation.id} {...operation} />
				))}
			</>
		),
	});
}

function Operation(operation: ShownOperation) {
	const { id, method, path, summary, description, permission, login, credentials, parameters, media, fields, curl } =
		operation;
	return (
		<details class="operation">
			<summary>
				<span>
					<code>
						<strong>{method}</strong> {path}
					</code>{" "}
					<span>{summary}</span>
				</span>
			</summary>
			{/* In here, so that a link to it opens the details. */}
			<h2 id={id}>{summary}</h2>
			{description !== null && (
				<p>
					<Prose text={description} />
				</p>
			)}
			<dl>
				<dt>Permission</dt>
				<dd>{permission === null ? login === null ? "None" : whose[login] : <code>{permission}</code>}</dd>
				<dt>Credential</dt>
				<dd>
					{login !== null ? (
						<Prose text={loginWords[login]} />
					) : credentials.length === 0 ? (
						"None: it is open to everybody."
					) : (
						<ul>
							{credentials.map((credential) => (
								<li key={credential}>
									<Prose text={credential} />
								</li>
							))}
						</ul>
					)}
				</dd>
			</dl>
			{parameters.length > 0 && (
				<>
					<h3>Parameters</h3>
					<DataTable
						caption={`Parameters: ${summary}`}
						columns={["Name", "In", "Type", "What it is"]}
						rows={parameters.map(({ name, place, type, description: text }) => ({
							key: `${place} ${name}`,
							cells: [<code key={name}>{name}</code>, place, type, <Prose key={name} text={text} />],
						}))}
					/>
				</>
			)}
			{media.length > 0 && (
				<>
					<h3>Body</h3>
					<p class="muted">{media.join(" or ")}</p>
					<Fields caption={`Members of the body: ${summary}`} fields={fields} />
				</>
			)}
			<h3>Example</h3>
			<Copyable id={`${id}-curl`} text={curl} label="Copy request" />
			<h3>Answers</h3>
			<Answers id={id} summary={summary} answers={operation.answers} />
		</details>
	);
}

const whose = { own: "None", admin: "An administrator of the account", operator: "An operator of this deployment" };
const loginWords = {
	own: "`Authorization: Bearer`: one's own login token, and nothing else.",
	operator: "`Authorization: Bearer`: an operator's own login token, and nothing else.",
	admin: "`Authorization: Bearer`: an administrator's own login token, and nothing else.",
};

function Fields({ caption, fields }: { readonly caption: string; readonly fields: readonly Field[] }) {
	if (fields.length === 0) return null;
	return (
		<DataTable
			caption={caption}
			columns={["Member", "Type", "Needed", "What it is"]}
			rows={fields.map(({ name, type, required, description }) => ({
				key: name,
				cells: [<code key={name}>{name}</code>, type, required ? "yes" : "no", <Prose key={name} text={description} />],
			}))}
		/>
	);
}

function Answers({ id, summary, answers }: Pick<ShownOperation, "id" | "summary" | "answers">) {
	return (
		<>
			<DataTable
				caption={`Answers: ${summary}`}
				columns={["Status", "When", "Body"]}
				rows={answers.map(({ status, description, media }) => ({
					key: status,
					cells: [<code key={status}>{status}</code>, <Prose key={status} text={description} />, media ?? "none"],
				}))}
			/>
			{answers
				.filter(({ example }) => example !== null)
				.map(({ status, fields, example }) => (
					<details key={status}>
						<summary>
							{status}: an example{fields.length > 0 && ", and its members"}
						</summary>
						<Copyable id={`${id}-${status}`} text={example ?? ""} label="Copy example" />
						<Fields caption={`Members of the ${status} answer: ${summary}`} fields={fields} />
					</details>
				))}
		</>
	);
}
