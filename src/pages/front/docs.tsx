import { Copyable } from "../../ui/copyable.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { renderDocument } from "../../ui/document.tsx";
import type { Shell } from "../../words/shell.ts";

export interface DocsProps {
	readonly shell: Shell;
	readonly issuer: string;
	readonly introduction: string;
	readonly groups: readonly { readonly tag: string; readonly operations: readonly ShownOperation[] }[];
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
		/** JSON; null where there is none, or it is a refusal. */
		readonly example: string | null;
	}[];
}

interface Field {
	readonly name: string;
	readonly type: string;
	readonly required: boolean;
	readonly description: string;
}

/** The API, for people: one page that can be searched, linked into and read without a script. */
export function docsView({ shell, issuer, introduction, groups }: DocsProps): string {
	return renderDocument({
		shell,
		title: "API",
		width: "wide",
		children: (
			<div class="docs">
				<h1>The API</h1>
				<p>
					<Prose text={introduction} />
				</p>
				<p>
					Base URL <code>{issuer}</code>. The same for programs: <a href="/openapi.json">OpenAPI 3.1</a>.
				</p>
				<nav aria-label="Subjects" class="contents">
					<ul>
						{groups.map(({ tag }) => (
							<li key={tag}>
								<a href={`#${anchorOf(tag)}`}>{tag}</a>
							</li>
						))}
					</ul>
				</nav>
				{groups.map(({ tag, operations }) => (
					<section key={tag} aria-labelledby={anchorOf(tag)}>
						<h2 id={anchorOf(tag)} class="tag">
							{tag}
						</h2>
						{operations.map((operation) => (
							<Operation key={operation.id} {...operation} />
						))}
					</section>
				))}
			</div>
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
			<h3 id={id}>{summary}</h3>
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
					<h4>Parameters</h4>
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
					<h4>Body</h4>
					<p class="muted">{media.join(" or ")}</p>
					<Fields caption={`Members of the body: ${summary}`} fields={fields} />
				</>
			)}
			<h4>Example</h4>
			<Copyable id={`${id}-curl`} text={curl} label="Copy request" />
			<h4>Answers</h4>
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
				.filter(({ fields }) => fields.length > 0)
				.map(({ status, fields, example }) => (
					<details key={status}>
						<summary>Members of the {status} answer</summary>
						{example !== null && <Copyable id={`${id}-${status}`} text={example} label="Copy example" />}
						<Fields caption={`Members of the ${status} answer: ${summary}`} fields={fields} />
					</details>
				))}
		</>
	);
}

/** As much of CommonMark as the descriptions have. */
function Prose({ text }: { readonly text: string }) {
	const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/);
	return (
		<>
			{parts.map((part) => {
				if (part.startsWith("`") && part.length > 1) return <code>{part.slice(1, -1)}</code>;
				return part.startsWith("**") ? <strong>{part.slice(2, -2)}</strong> : part;
			})}
		</>
	);
}

function anchorOf(tag: string): string {
	return `tag-${tag.toLowerCase().replaceAll(/\W+/g, "-")}`;
}
