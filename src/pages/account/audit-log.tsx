import { DataTable, EmptyState, NextPage } from "../../ui/data-table.tsx";
import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { type FilterField, Filters, isFiltered } from "../../ui/filters.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { actionWords } from "./audit-words.ts";
import { type Frame, renderConsolePage } from "../frame/console-frame.tsx";

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

export type AuditField = "actor" | "action" | "target" | "from" | "to";

export interface AuditProps {
	readonly frame: Frame;
	/** As they were typed. */
	readonly filter: Readonly<Record<AuditField, string>>;
	readonly errors: FieldErrors<AuditField>;
	readonly entries: readonly ShownEntry[];
	readonly nextUrl: string | null;
	readonly keptDays: number;
}

/** `GET /console/:slug/audit` */
export function auditView(props: AuditProps): string {
	const { frame, filter, errors, entries, nextUrl, keptDays } = props;
	const base = `${frame.base}/audit`;
	return renderConsolePage({
		frame,
		title: "Audit log",
		failed: isWrong(errors),
		children: (
			<>
				<p class="muted">
					Who did what to which credential, from where and when, newest first. No secret is ever in it. An entry is kept
					for {keptDays} days.
				</p>
				<ErrorSummary errors={errors} />
				<Filters url={base} summary="Filter" fields={fields} filter={filter} errors={errors} />
				{entries.length === 0 ? (
					<EmptyState title={isFiltered(filter) ? "Nothing that matches" : "Nothing yet"}>
						{isFiltered(filter) ? (
							<p>
								{nextUrl === null ? "No entry meets every filter." : "None of the newest entries meets every filter."}{" "}
								<a href={base}>Show everything</a>
							</p>
						) : (
							<p>What people and programs do to credentials will stand here.</p>
						)}
						<NextPage url={nextUrl} />
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
						nextUrl={nextUrl}
					/>
				)}
			</>
		),
	});
}

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

const nobodies = new Map([
	["anonymous", "Somebody who was not signed in"],
	["setup", "Whoever had the setup secret"],
	["system", "latchkey"],
	// Of entries from before the account was named.
	["owner", "The account that owns the key"],
	["linker", "The account that linked the key"],
]);

const fields: readonly FilterField<AuditField>[] = [
	{ name: "actor", label: "Who", hint: "An id, as an entry's link has it." },
	{ name: "action", label: "Action", hint: "Such as key.create, or key for all that is done to keys." },
	{ name: "target", label: "On what", hint: "An id, as an entry's link has it." },
	{ name: "from", label: "From", hint: "In UTC: 2026-01-31T08:00:00Z, or a day." },
	{ name: "to", label: "Before", hint: "In UTC, the same way." },
];
