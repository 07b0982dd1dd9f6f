import { Badge } from "../../ui/badge.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Name } from "../../ui/name.tsx";

export interface IntegrationProps {
	readonly frame: ConsoleFrame;
	readonly notice: string | null;
	readonly now: number;
	readonly id: string;
	readonly name: string;
	readonly description: string;
	readonly type: string;
	readonly logoUrl: string | null;
	readonly redirectUrls: readonly string[];
	/** One sentence each. */
	readonly permissions: readonly string[];
	/** What it may ask about people, in the words that they read. */
	readonly identity: readonly string[];
	readonly actsForItself: boolean;
	readonly rotation: "keep" | "rotate";
	/** In words: "24 hours". */
	readonly tokenLife: string;
	/** Newest first; null for a client that has none. */
	readonly secrets: readonly { readonly expiresAt: number | null }[] | null;
	/** Null for an integration. */
	readonly options: ShownOptions | null;
	readonly installUrl: string | null;
	/** "12 times, in 4 accounts", or null. */
	readonly installed: string | null;
	/** When it ended, or null; `installed` is then what is left to sweep. */
	readonly endedAt: number | null;
	/** Null where the person may not. */
	readonly editUrl: string | null;
	readonly rotateUrl: string | null;
	readonly endPreviousUrl: string | null;
	readonly deleteUrl: string | null;
}

/** What only applications have. */
export interface ShownOptions {
	readonly requiresPkce: boolean;
	readonly idTokenAlg: string;
	/** After signing out. */
	readonly returnUrls: readonly string[];
	readonly resources: readonly string[];
	/** By which it authenticates: so many, or those at a URL; null where it does not. */
	readonly keys: { readonly count: number | null; readonly url: string | null } | null;
}

export function integrationView(props: IntegrationProps): string {
	const { frame, notice, name, description, endedAt, now, installed, editUrl, deleteUrl } = props;
	return renderConsolePage({
		frame,
		title: "Integration",
		notice,
		children: (
			<>
				<div class="card">
					<div class="asking">
						<Logo name={name} logoUrl={props.logoUrl} />
						<div>
							<h2 class="clamp">
								<Name text={name} />
							</h2>
							<p class="muted">
								{props.type}{" "}
								{endedAt === null ? <Badge tone="good" text="Active" /> : <Badge tone="off" text="Ended" />}
							</p>
						</div>
					</div>
					{description !== "" && (
						<p>
							<Name text={description} />
						</p>
					)}
					{endedAt !== null && (
						<p>
							It ended <Instant at={endedAt} now={now} />: nothing that it was granted counts any more.{" "}
							{installed === null
								? "Every grant has been taken out of its ledger."
								: `Still to be taken out of the ledgers: what was installed ${installed}.`}
						</p>
					)}
					<Details {...props} />
					{(editUrl !== null || deleteUrl !== null) && (
						<div class="row">
							{editUrl !== null && (
								<a class="button" href={editUrl}>
									Edit
								</a>
							)}
							{deleteUrl !== null && (
								<a class="button secondary" href={deleteUrl}>
									Delete
								</a>
							)}
						</div>
					)}
				</div>
				{endedAt === null && <Secrets {...props} />}
			</>
		),
	});
}

function Details(props: IntegrationProps) {
	const { id, installUrl, redirectUrls, permissions, identity, tokenLife, rotation, installed, endedAt } = props;
	return (
		<>
			<section aria-labelledby="id-heading">
				<h3 id="id-heading">Client ID</h3>
				<Copyable id="client-id" text={id} label="Copy client ID" />
			</section>
			{installUrl !== null && (
				<section aria-labelledby="install-heading">
					<h3 id="install-heading">Install URL</h3>
					<Copyable id="install-url" text={installUrl} label="Copy install URL" />
				</section>
			)}
			<section aria-labelledby="redirect-heading">
				<h3 id="redirect-heading">Redirect URLs</h3>
				<Urls of={redirectUrls} />
			</section>
			<section aria-labelledby="permissions-heading">
				<h3 id="permissions-heading">What it may ask for</h3>
				{permissions.length === 0 ? (
					<p>{identity.length === 0 ? "Nothing: it learns only that somebody agreed." : "Nothing in the account."}</p>
				) : (
					<Sentences of={permissions} />
				)}
				{props.actsForItself && <p>It may also do this for itself, in this account, without a person.</p>}
			</section>
			{identity.length > 0 && (
				<section aria-labelledby="identity-heading">
					<h3 id="identity-heading">What it may ask people about themselves</h3>
					<Sentences of={identity} />
				</section>
			)}
			<section aria-labelledby="tokens-heading">
				<h3 id="tokens-heading">Tokens</h3>
				<p>
					Access tokens are good for {tokenLife}. A refresh token{" "}
					{rotation === "keep" ? "stays the same when it is used." : "is replaced when it is used."}
					{props.options && ` An id_token is signed with ${props.options.idTokenAlg}.`}
				</p>
			</section>
			{props.options && <Options {...props.options} />}
			{endedAt === null && (
				<section aria-labelledby="installed-heading">
					<h3 id="installed-heading">Installed</h3>
					<p>{installed === null ? "Nobody has installed it yet." : `It is installed ${installed}.`}</p>
				</section>
			)}
		</>
	);
}

function Options({ requiresPkce, returnUrls, resources }: ShownOptions) {
	return (
		<>
			<section aria-labelledby="pkce-heading">
				<h3 id="pkce-heading">PKCE</h3>
				<p>{requiresPkce ? "It has to use PKCE." : "It may use PKCE."}</p>
			</section>
			{returnUrls.length > 0 && (
				<section aria-labelledby="return-heading">
					<h3 id="return-heading">Return URLs after signing out</h3>
					<Urls of={returnUrls} />
				</section>
			)}
			{resources.length > 0 && (
				<section aria-labelledby="resources-heading">
					<h3 id="resources-heading">Resources that it serves</h3>
					<Urls of={resources} />
				</section>
			)}
		</>
	);
}

function Sentences({ of }: { readonly of: readonly string[] }) {
	return (
		<ul class="permissions">
			{of.map((sentence) => (
				<li key={sentence}>{sentence}</li>
			))}
		</ul>
	);
}

function Urls({ of }: { readonly of: readonly string[] }) {
	return (
		<ul class="plain">
			{of.map((url) => (
				<li key={url}>
					<code>{url}</code>
				</li>
			))}
		</ul>
	);
}

function Secrets({ secrets, now, rotateUrl, endPreviousUrl, options }: IntegrationProps) {
	if (options?.keys) {
		const { count, url } = options.keys;
		return (
			<div class="card">
				<h2>Keys</h2>
				<p>
					It has no secret: it proves who it is by its own keys (private_key_jwt).{" "}
					{url === null
						? `${count === 1 ? "One public key is" : `${count} public keys are`} registered.`
						: "They are at"}
				</p>
				{url !== null && <Urls of={[url]} />}
			</div>
		);
	}
	if (secrets === null) {
		return (
			<div class="card">
				<h2>Secret</h2>
				<p>It is a public client: it has no secret, and uses PKCE.</p>
			</div>
		);
	}
	const [, previous] = secrets;
	return (
		<div class="card">
			<h2>Secret</h2>
			{previous ? (
				<>
					<p>
						Two secrets are good now: the new one, and the older one, which expires{" "}
						<Instant at={previous.expiresAt ?? now} now={now} />. End the older one when all of your servers have the
						new one.
					</p>
					{endPreviousUrl !== null && (
						<div class="row">
							<a class="button secondary" href={endPreviousUrl}>
								End the older secret now
							</a>
						</div>
					)}
				</>
			) : (
				<>
					<p>One secret is good. It was shown when it was made, and cannot be shown again; it can be replaced.</p>
					{rotateUrl !== null && (
						<div class="row">
							<a class="button secondary" href={rotateUrl}>
								Replace the secret
							</a>
						</div>
					)}
				</>
			)}
		</div>
	);
}
