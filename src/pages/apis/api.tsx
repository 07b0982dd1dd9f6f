import type { Api } from "../../domain/api.ts";
import { OnOff } from "../../ui/badge.tsx";
import { CodeBlock, Copyable } from "../../ui/copyable.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";
import { Usage, type UsageProps } from "../frame/usage.tsx";

export interface ApiProps {
	readonly frame: Frame;
	readonly api: Api;
	readonly url: string;
	/** "This account", "The deployment", "latchkey itself". */
	readonly owner: string;
	/** In words. */
	readonly lifetime: string;
	/** Null where whoever visits does not manage it; a client that is gone has no name. */
	readonly servers:
		| readonly { readonly id: string; readonly name: string | null; readonly url: string | null }[]
		| null;
	readonly mayWrite: boolean;
	readonly mayDelete: boolean;
	/** What its server shows of itself; null for latchkey. */
	readonly metadata: Metadata | null;
	/** Null for an operator, and for latchkey itself. */
	readonly usage: UsageProps | null;
	readonly snippets: readonly { readonly id: string; readonly title: string; readonly text: string }[];
}

interface Metadata {
	readonly json: string;
	readonly url: string;
	/** Where its server shows it; null for an identifier that is no address. */
	readonly place: string | null;
}

const said = {
	saved: "Saved. The edit takes up to 30 seconds to reach every check.",
	removed: "The permission is gone, and what named it has lost it.",
	servers: "Saved. Within 30 seconds each of them may ask, and no other.",
};

export function apiView(props: ApiProps): string {
	const { frame, api, url, owner, lifetime, mayWrite, mayDelete, metadata, snippets } = props;
	return renderConsolePage({
		frame,
		title: api.name,
		said,
		children: (
			<>
				<div class="card">
					{api.description !== "" && (
						<p>
							<Name text={api.description} />
						</p>
					)}
					<Section id="identifier-heading" title="Identifier">
						<Copyable id="identifier" text={api.identifier} label="Copy identifier" />
					</Section>
					<Section id="owner-heading" title="Of">
						<p>{owner}</p>
					</Section>
					<Section id="tokens-heading" title="Access tokens">
						<p>
							Good for {lifetime}, signed with {api.algorithm ?? "ES256"} where the client did not choose.
						</p>
					</Section>
					{(mayWrite || mayDelete) && (
						<div class="row">
							{mayWrite && <LinkButton href={`${url}/edit`} label="Edit" />}
							{mayDelete && <LinkButton look="secondary" href={`${url}/delete`} label="Delete" />}
						</div>
					)}
				</div>
				<Section class="part" id="permissions-heading" title="Permissions">
					<Permissions {...props} />
				</Section>
				{props.usage && (
					<Section class="part" id="usage-heading" title="Usage">
						<p class="muted">Tokens for it, and checks of those and of access codes for it, in this account.</p>
						<Usage usage={props.usage} of={["token", "login", "check"]} />
					</Section>
				)}
				{props.servers && <Servers {...props} servers={props.servers} />}
				{metadata && <MetadataCard {...metadata} />}
				{snippets.length > 0 && (
					<Section class="part" id="snippets-heading" title="Verify a token">
						<p>
							Each checks the signature, the issuer, the audience, the kind and the end of an access token, and what it
							permits.
						</p>
						{snippets.map(({ id, title, text }) => (
							<details key={id}>
								<summary>{title}</summary>
								<CodeBlock id={`snippet-${id}`} text={text} label={`Copy ${title}`} />
							</details>
						))}
					</Section>
				)}
			</>
		),
	});
}

function Permissions({ api, url, mayWrite }: ApiProps) {
	const edit = mayWrite && (
		<div class="row">
			<LinkButton
				href={`${url}/permissions`}
				label={api.permissions.length === 0 ? "Add permissions" : "Add or change permissions"}
			/>
		</div>
	);
	if (api.permissions.length === 0) {
		return (
			<div class="card">
				<p>None yet: whoever is allowed in may do whatever it does.</p>
				{edit}
			</div>
		);
	}
	return (
		<>
			<DataTable
				caption="Permissions of this API"
				columns={["Name", "What people read", "Members", "Software that registered itself"]}
				rows={api.permissions.map(({ name, title, description, members, selfRegistered }) => ({
					key: name,
					cells: [
						<code>{name}</code>,
						<>
							<Name text={title} />
							{description !== "" && (
								<span class="muted block">
									<Name text={description} />
								</span>
							)}
						</>,
						<OnOff on={members} words={["May", "May not"]} />,
						<OnOff on={selfRegistered} words={["May ask", "May not ask"]} />,
					],
				}))}
			/>
			{edit}
		</>
	);
}

function Servers({ servers, url, mayWrite }: ApiProps & { readonly servers: NonNullable<ApiProps["servers"]> }) {
	return (
		<Section class="part" id="servers-heading" title="Servers">
			<div class="card">
				{servers.length === 0 ? (
					<p>
						None yet. A server that verifies tokens by the published keys needs no client; one that asks latchkey
						whether a token or an API key is good does.
					</p>
				) : (
					<ul>
						{servers.map(({ id, name, url: clientUrl }) => (
							<li key={id}>
								{name === null ? (
									"A client that has ended"
								) : clientUrl === null ? (
									<Name text={name} />
								) : (
									<a href={clientUrl}>
										<Name text={name} />
									</a>
								)}{" "}
								<code>{id}</code>
							</li>
						))}
					</ul>
				)}
				{mayWrite && (
					<div class="row">
						<LinkButton look="secondary" href={`${url}/servers`} label="Choose the clients that serve it" />
					</div>
				)}
			</div>
		</Section>
	);
}

function MetadataCard({ json, url, place }: Metadata) {
	return (
		<Section class="part" id="metadata-heading" title="Protected resource metadata">
			<p>
				What the server shows of itself (RFC 9728), so that clients find latchkey
				{place === null ? (
					"."
				) : (
					<>
						, at <code>{place}</code>.
					</>
				)}{" "}
				It is kept up to date at <a href={url}>an address of latchkey's</a>.
			</p>
			<CodeBlock id="metadata" text={json} label="Copy metadata" />
		</Section>
	);
}
