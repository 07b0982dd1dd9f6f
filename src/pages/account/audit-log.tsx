import type { NamedParty } from "../../domain/ports/audit-log.ts";
import { DataTable, EmptyState, NextPage } from "../../ui/data-table.tsx";
import { ErrorSummary, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { ListControls, type ListControlsProps } from "../../ui/list-controls.tsx";
import { Name } from "../../ui/name.tsx";
import { Press } from "../../ui/post-form.tsx";
import { actionWords } from "./audit-words.ts";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";

interface ShownEntry {
	readonly id: number;
	readonly at: number;
	readonly actor: string;
	readonly actorName: string | null;
	readonly action: string;
	readonly target: string;
	readonly targetName: string | null;
	readonly address: string | null;
	readonly detail: Readonly<Record<string, string | number>>;
	readonly detailNames: Readonly<Record<string, string>>;
}

export interface AuditProps {
	readonly frame: Frame;
	readonly controls: ListControlsProps;
	readonly isNarrowed: boolean;
	/** The beginning of a name that somebody looks for; empty for none. */
	readonly q: string;
	readonly called: readonly NamedParty[];
	readonly entries: readonly ShownEntry[];
	readonly previousUrl: string | null;
	readonly nextUrl: string | null;
	readonly keptDays: number;
}

/** `GET /console/:slug/audit` */
export function auditView(props: AuditProps): string {
	const { frame, controls, isNarrowed, q, called, entries, previousUrl, nextUrl, keptDays } = props;
	const base = `${frame.base}/audit`;
	const { typed, errors } = controls;
	return renderConsolePage({
		frame,
		title: "Audit log",
		failed: isWrong(errors),
		actions: (
			<>
				{(["csv", "json"] as const).map((format) => (
					<Press
						key={format}
						action={`${base}/export`}
						csrf={frame.csrf}
						fields={{ ...typed, format }}
						label={`Export ${format.toUpperCase()}`}
					/>
				))}
			</>
		),
		children: (
			<>
				<p class="muted">
					Who did what to which credential, from where and when, newest first. No secret is ever in it. An entry is kept
					for {keptDays} days.
				</p>
				<ErrorSummary errors={errors} />
				<form method="get" action={base} class="search-row">
					<Field
						type="search"
						name="q"
						label="Find what was done by or to"
						required={false}
						value={q}
						hint="The beginning of a name: of a person, key, policy, client, API or environment."
					/>
					<button type="submit" class="secondary">
						Find
					</button>
				</form>
				{q !== "" && <Called q={q} called={called} base={base} />}
				<ListControls {...controls} />
				{entries.length === 0 ? (
					<EmptyState title={isNarrowed ? "Nothing that matches" : "Nothing yet"}>
						{isNarrowed ? (
							<p>
								{nextUrl === null ? "No entry meets every filter." : "None of the newest entries meets every filter."}
							</p>
						) : (
							<p>What people and programs do to credentials will stand here.</p>
						)}
						<NextPage url={nextUrl} previousUrl={previousUrl} />
					</EmptyState>
				) : (
					<DataTable
						caption="Entries of the audit log"
						columns={["When", "What", "From"]}
						rows={entries.map((entry) => ({
							key: String(entry.id),
							cells: [
								<Instant at={entry.at} now={frame.now} />,
								<Sentence entry={entry} base={base} />,
								entry.address === null ? <span class="muted">Not known</span> : <code>{entry.address}</code>,
							],
						}))}
						previousUrl={previousUrl}
						nextUrl={nextUrl}
					/>
				)}
			</>
		),
	});
}

/** What has such a name, each with the ways to what it did and to what was done to it. */
function Called({ q, called, base }: Pick<AuditProps, "q" | "called"> & { readonly base: string }) {
	return (
		<section class="card" aria-label="Found by name">
			{called.length === 0 ? (
				<p>
					Nothing here has a name that begins with <Name text={q} />. What was deleted is found by the link in its
					entries.
				</p>
			) : (
				<ul class="plain">
					{called.map(({ id, name, kind }) => (
						<li key={id}>
							<Name text={name} /> <span class="muted">({kinds[kind]})</span>{" "}
							<a href={`${base}?target=${encodeURIComponent(id)}`}>what was done to it</a>
							{doers.has(kind) && (
								<>
									, <a href={`${base}?actor=${encodeURIComponent(id)}`}>what it did</a>
								</>
							)}
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

const kinds = {
	person: "person",
	key: "API key",
	client: "integration or application",
	policy: "policy",
	api: "API",
	environment: "environment",
	account: "account",
} as const;
const doers: ReadonlySet<string> = new Set(["person", "key", "client"]);

/** Who, what and on what; each leads to what else there is about it. */
function Sentence({ entry, base }: { readonly entry: ShownEntry; readonly base: string }) {
	const { actor, actorName, action, target, targetName, detail, detailNames } = entry;
	const { did, what, isOnSelf } = actionWords(action);
	// What stands in the sentence already is not told twice.
	const more = Object.entries(detail).filter(([, value]) => value !== actorName && value !== targetName);
	return (
		<>
			<Party base={base} field="actor" id={actor} name={actorName} /> {did}
			{what !== "" && ` ${what}`} {!isOnSelf && <Party base={base} field="target" id={target} name={targetName} />}
			<span class="muted block">
				<a href={`${base}?action=${encodeURIComponent(action)}`}>
					<code>{action}</code>
				</a>
				{more.map(([name, value]) => (
					<span key={name}>
						{" "}
						{name.replaceAll("_", " ")}: <Name text={detailNames[name] ?? String(value)} />
					</span>
				))}
			</span>
		</>
	);
}

function Party(props: {
	readonly base: string;
	readonly field: "actor" | "target";
	readonly id: string;
	readonly name: string | null;
}) {
	const { base, field, id, name } = props;
	return (
		<a href={`${base}?${field}=${encodeURIComponent(id)}`} title={id}>
			{name === null ? (nobodies.get(id) ?? <code>{short(id)}</code>) : <Name text={name} />}
		</a>
	);
}

function short(id: string): string {
	return /^[\w-]{17,}$/.test(id) ? `${id.slice(0, 12)}…` : id;
}

export const nobodies: ReadonlyMap<string, string> = new Map([
	["anonymous", "Somebody who was not signed in"],
	["setup", "Whoever had the setup secret"],
	["system", "latchkey"],
	// Of entries from before the account was named.
	["owner", "The account that owns the key"],
	["linker", "The account that linked the key"],
]);
