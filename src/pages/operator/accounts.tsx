import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton, PostForm, Press } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { OperatorFrame } from "../frame/frame.ts";

export interface AccountOfOperator {
	readonly slug: string;
	readonly name: string;
	readonly state: string;
	readonly createdAt: number | null;
	readonly suspendedAt: number | null;
	readonly deleteAt: number | null;
}

export interface AccountsProps {
	readonly frame: OperatorFrame;
	readonly accounts: readonly AccountOfOperator[];
	readonly state: "active" | "suspended" | null;
	readonly nextUrl: string | null;
}

const tabs = [
	{ name: "All", url: "/operator/accounts" },
	{ name: "Active", url: "/operator/accounts?state=active" },
	{ name: "Suspended", url: "/operator/accounts?state=suspended" },
];

/** `GET /operator/accounts` */
export function accountsView({ frame, accounts, state, nextUrl }: AccountsProps): string {
	return renderConsolePage({
		frame,
		title: "Accounts",
		actions: <LinkButton href="/accounts/new" label="Create account" />,
		children: (
			<>
				<Tabs
					label="State"
					tabs={tabs}
					current={state === null ? "All" : state === "active" ? "Active" : "Suspended"}
				/>
				{accounts.length === 0 ? (
					<p>{state === null ? "There is no account." : `No account is ${state}.`}</p>
				) : (
					<DataTable
						caption="Accounts of this deployment"
						columns={["Name", "Short name", "State", "Action"]}
						rows={accounts.map((account) => ({
							key: account.slug,
							cells: [
								<Name text={account.name} />,
								<code>{account.slug}</code>,
								<State {...account} now={frame.now} />,
								<LinkButton
									look="secondary small"
									href={`/operator/accounts/${account.slug}`}
									label="Open"
									about={` ${account.name}`}
								/>,
							],
						}))}
						nextUrl={nextUrl}
					/>
				)}
			</>
		),
	});
}

function State({ state, deleteAt, now }: Pick<AccountOfOperator, "state" | "deleteAt"> & { readonly now: number }) {
	if (state === "active") return <Badge tone="good" text="Active" />;
	return (
		<>
			<Badge tone="off" text="Suspended" />
			{deleteAt !== null && (
				<span>
					&nbsp;goes <Instant at={deleteAt} now={now} />
				</span>
			)}
		</>
	);
}

export interface AccountProps {
	readonly frame: OperatorFrame;
	readonly account: AccountOfOperator;
	readonly counts: { readonly people: number; readonly clients: number; readonly keys: number; readonly apis: number };
	/** As it is, or as it was typed. */
	readonly name: string;
	/** What its form was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly error: string | null;
	readonly problem: string | null;
	/** For a link that is made here. */
	readonly nonce: string;
}

const said = {
	name: "The name is saved. It is remembered elsewhere for at most 30 seconds.",
	suspended: "It is suspended. Within 30 seconds nothing of it opens anything.",
	reinstated: "It is back. Within 30 seconds everything of it works as before.",
	deletion: "The date is set. Until then it can be cancelled, here.",
	kept: "The deletion is cancelled: the account stays.",
};

/** `GET /operator/accounts/:slug` */
export function accountView({ frame, account, counts, name, fields, error, problem, nonce }: AccountProps): string {
	const base = `/operator/accounts/${account.slug}`;
	const isSuspended = account.state !== "active";
	return renderConsolePage({
		frame,
		title: account.name,
		said,
		failed: error !== null || problem !== null,
		children: (
			<>
				<ErrorSummary errors={{ name: error }} problem={problem} />
				<Section class="card" id="account" title="The account">
					<dl>
						<dt>Short name</dt>
						<dd>
							<code>{account.slug}</code>
						</dd>
						<dt>State</dt>
						<dd>
							<State {...account} now={frame.now} />
						</dd>
						<dt>Created</dt>
						<dd>
							{account.createdAt === null ? (
								"Before that was noted"
							) : (
								<Instant at={account.createdAt} now={frame.now} />
							)}
						</dd>
						<dt>People</dt>
						<dd>{counts.people.toLocaleString("en")}</dd>
						<dt>Integrations and applications</dt>
						<dd>{counts.clients.toLocaleString("en")}</dd>
						<dt>API keys</dt>
						<dd>{counts.keys.toLocaleString("en")}</dd>
						<dt>APIs of its own</dt>
						<dd>{counts.apis.toLocaleString("en")}</dd>
					</dl>
					<PostForm action={base} csrf={frame.csrf} fields={fields}>
						<Field
							name="name"
							label="Account name"
							autocomplete="organization"
							value={name}
							hint="As people call it."
							error={error}
						/>
						<div class="row">
							<button type="submit">Save name</button>
						</div>
					</PostForm>
				</Section>
				<p>
					<a href={`${base}/domains`}>Domains of its people's e-mail addresses</a>
				</p>
				{counts.people === 0 && !isSuspended && (
					<Section class="card" id="first" title="Nobody belongs to it">
						<p>Create a link for the person who is to administer it, and hand it to them.</p>
						<Press action={`${base}/first-administrator`} csrf={frame.csrf} fields={{ nonce }} label="Create a link" />
					</Section>
				)}
				{isSuspended ? (
					<Suspended base={base} frame={frame} account={account} />
				) : (
					<div class="card danger-zone">
						<h2>Suspend</h2>
						<p>
							Nothing of it opens anything until it is reinstated. Nothing is lost. An account is suspended before it is
							deleted.
						</p>
						<p class="row">
							<LinkButton look="secondary" href={`${base}/suspend`} label="Suspend" />
						</p>
					</div>
				)}
			</>
		),
	});
}

function Suspended({ base, frame, account }: Pick<AccountProps, "frame" | "account"> & { readonly base: string }) {
	return (
		<>
			<Section class="card" id="reinstate" title="Suspended">
				{account.suspendedAt !== null && account.suspendedAt > 0 && (
					<p>
						Since <Instant at={account.suspendedAt} now={frame.now} />.
					</p>
				)}
				<p>Reinstated, everything of it works as before{account.deleteAt !== null && ", and is not deleted"}.</p>
				<Press action={`${base}/reinstate`} csrf={frame.csrf} label="Reinstate" />
			</Section>
			<Section class="card" id="export" title="Export">
				<p>
					One JSON file of all that there is in the account, without secrets: people, keys, clients, policies, installs,
					audit log, events. That somebody took it is noted in its audit log.
				</p>
				<Press action={`${base}/export`} csrf={frame.csrf} label="Download" />
			</Section>
			<div class="card danger-zone">
				<h2>Delete</h2>
				{account.deleteAt === null ? (
					<>
						<p>On a day at least a week from now everything of it goes, and does not come back.</p>
						<p class="row">
							<LinkButton look="secondary" href={`${base}/delete`} label="Choose a day" />
						</p>
					</>
				) : (
					<>
						<p>
							Everything of it goes on <Instant at={account.deleteAt} now={frame.now} />, and does not come back.
						</p>
						<Press action={`${base}/keep`} csrf={frame.csrf} label="Do not delete it" />
					</>
				)}
			</div>
		</>
	);
}
