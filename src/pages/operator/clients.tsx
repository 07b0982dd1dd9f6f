import type { DeploymentClient, GrantedIn } from "../../domain/ports/deployment-clients.ts";
import { Badge } from "../../ui/badge.tsx";
import { DataTable, EmptyState, NextPage } from "../../ui/data-table.tsx";
import { Filters } from "../../ui/filters.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Section, Urls } from "../../ui/section.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { OperatorFrame } from "../frame/frame.ts";

type LinkedClient = DeploymentClient & { readonly url: string };

export interface ClientsProps {
	readonly frame: OperatorFrame;
	/** As it was typed. */
	readonly search: string;
	readonly clients: readonly LinkedClient[];
	readonly nextUrl: string | null;
}

/** `GET /operator/clients` */
export function clientsView({ frame, search, clients, nextUrl }: ClientsProps): string {
	const base = `${frame.base}/clients`;
	return renderConsolePage({
		frame,
		title: "Clients",
		children: (
			<>
				<p class="muted">
					Integrations and applications of every account, and software that registered itself or is described by a
					document.
				</p>
				<Filters url={base} summary="Search" fields={fields} filter={{ search }} errors={{}} />
				{clients.length === 0 ? (
					<EmptyState title={search === "" ? "No client yet" : "Nothing that matches"}>
						{search === "" ? (
							<p>What people register, and what registers itself, stands here.</p>
						) : (
							<p>
								{nextUrl === null ? "No client has this in its name" : "None of the first clients has this in its name"}
								, nor for its id. <a href={base}>Show all of them</a>
							</p>
						)}
						<NextPage url={nextUrl} />
					</EmptyState>
				) : (
					<DataTable
						caption="Clients of the deployment"
						columns={["Client", "Of", "Installed", "Last used"]}
						rows={clients.map((client) => ({ key: client.id, cells: cellsOf(client, frame.now) }))}
						nextUrl={nextUrl}
					/>
				)}
			</>
		),
	});
}

const fields = [{ name: "search", label: "Name or id", hint: "A part of the name, or the whole client id." }] as const;

function cellsOf(client: LinkedClient, now: number) {
	const { name, url, state, installs, usedAt } = client;
	return [
		<>
			<a href={url}>
				<Name text={name} />
			</a>{" "}
			{state === "ended" && <Badge tone="off" text="Ended" />}
		</>,
		<Owner client={client} />,
		installs.toLocaleString("en"),
		usedAt === null ? <span class="muted">Not noted</span> : <Instant at={usedAt} now={now} />,
	];
}

function Owner({ client: { account, id } }: { readonly client: DeploymentClient }) {
	if (account) return <Name text={account.name} />;
	return <span class="muted">{isDocument(id) ? "A document" : "Registered itself"}</span>;
}

function isDocument(id: string): boolean {
	return id.includes("://");
}

export interface ClientProps {
	readonly frame: OperatorFrame;
	readonly client: LinkedClient;
	readonly granted: readonly GrantedIn[];
}

/** `GET /operator/clients/:client_id` */
export function clientView({ frame, client, granted }: ClientProps): string {
	const { name, id, kind, state, registeredAt, usedAt, redirectUris, grantTypes, scope, url } = client;
	return renderConsolePage({
		frame,
		title: name,
		said: { ended: "It has ended for everybody. Elsewhere it is refused within 30 seconds." },
		children: (
			<>
				<Section class="card" id="client" title="The client">
					<dl>
						<dt>Client id</dt>
						<dd>
							<code>{id}</code>
						</dd>
						<dt>State</dt>
						<dd>{state === "ended" ? <Badge tone="off" text="Ended" /> : <Badge tone="good" text="Active" />}</dd>
						<dt>Kind</dt>
						<dd>{kind === "integration" ? "Integration" : "Application"}</dd>
						<dt>Of</dt>
						<dd>
							<Owner client={client} />
						</dd>
						{registeredAt !== null && (
							<>
								<dt>Registered</dt>
								<dd>
									<Instant at={registeredAt} now={frame.now} />
								</dd>
							</>
						)}
						{usedAt !== null && (
							<>
								<dt>Last used</dt>
								<dd>
									<Instant at={usedAt} now={frame.now} />
								</dd>
							</>
						)}
						<dt>Grant types</dt>
						<dd>{grantTypes.join(", ")}</dd>
						<dt>Registered for</dt>
						<dd>{scope.length === 0 ? "Nothing in particular" : <Scopes of={scope} />}</dd>
						<dt>Answered at</dt>
						<dd>{redirectUris.length === 0 ? "Nowhere" : <Urls of={redirectUris} />}</dd>
					</dl>
				</Section>
				<Section class="part" id="granted" title="What it was granted">
					{granted.length === 0 ? (
						<p class="muted">Nothing that has not ended.</p>
					) : (
						<DataTable
							caption="What the client was granted, by account"
							columns={["Account", "Installed", "For", "Last"]}
							rows={granted.map((each) => ({
								key: each.account.id,
								cells: [
									<Name text={each.account.name} />,
									each.installs.toLocaleString("en"),
									<Scopes of={each.scope} />,
									<Instant at={each.lastAt} now={frame.now} />,
								],
							}))}
						/>
					)}
				</Section>
				{state === "active" && (
					<p class="row">
						<LinkButton look="secondary" href={`${url}/end`} label="End it for everybody" />
					</p>
				)}
			</>
		),
	});
}

function Scopes({ of }: { readonly of: readonly string[] }) {
	return (
		<span>
			{of.map((value) => (
				<span key={value}>
					<code>{value}</code>{" "}
				</span>
			))}
		</span>
	);
}

export function endClientView({ frame, client, granted }: ClientProps): string {
	const { name, installs, url, account } = client;
	return confirmationView({
		frame,
		title: "End this client for everybody?",
		about: client.name,
		children: (
			<>
				<p>
					<StrongName text={name} />
					{account && (
						<>
							{" "}
							of <Name text={account.name} />
						</>
					)}{" "}
					can be used by nobody any more. {installs === 0 ? "Nothing is granted to it now." : null}
					{installs > 0 &&
						`What it was granted ends with it: ${installs} ${installs === 1 ? "install" : "installs"} in ${granted.length} ${granted.length === 1 ? "account" : "accounts"}.`}
				</p>
				<p>There is no way back. Its account, if it has one, finds it in its audit log.</p>
			</>
		),
		action: `${url}/end`,
		confirm: "End it for everybody",
		cancelUrl: url,
	});
}
