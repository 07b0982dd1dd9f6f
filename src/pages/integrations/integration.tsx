import { OnOff } from "../../ui/badge.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Section, Sentences, Urls } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { Usage, type UsageProps } from "../frame/usage.tsx";

export interface IntegrationProps {
	readonly frame: ConsoleFrame;
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
	/** Whether that is all that it does: people are never sent to it. */
	readonly isAlone: boolean;
	readonly rotation: "keep" | "rotate";
	/** In words: "24 hours". */
	readonly tokenLife: string;
	/** Newest first; null for a client that has none. */
	readonly secrets: readonly { readonly expiresAt: number | null }[] | null;
	readonly options: ShownOptions;
	/** Whether it has a registration access token (RFC 7592). */
	readonly managesItself: boolean;
	readonly installUrl: string | null;
	/** "12 times, in 4 accounts", or null. */
	readonly installed: string | null;
	/** When it ended, or null; `installed` is then what is left to sweep. */
	readonly endedAt: number | null;
	/** Null where the person may not. */
	readonly editUrl: string | null;
	/** Null too where it does not manage its registration itself. */
	readonly endRegistrationUrl: string | null;
	readonly rotateUrl: string | null;
	readonly endPreviousUrl: string | null;
	readonly endTokensUrl: string | null;
	readonly deleteUrl: string | null;
	/** Null where the person may not see it. */
	readonly usage: UsageProps | null;
}

/** What only applications have. */
export interface ShownOptions {
	readonly stated: readonly { readonly name: string; readonly label: string; readonly value: unknown }[];
	/** By which it authenticates: so many, or those at a URL; null where it does not. */
	readonly keys: { readonly count: number | null; readonly url: string | null } | null;
}

const said = {
	saved: "Saved. It is seen everywhere within 30 seconds.",
	secret_ended: "The older secret has ended. Within 30 seconds it is refused everywhere.",
	registration_ended: "The token is revoked: it cannot change its registration any more.",
	tokens_ended: "All of its tokens have ended. Within 30 seconds they are refused everywhere.",
	deleted: "It has ended. Within 30 seconds nothing that it was granted counts any more.",
};

export function integrationView(props: IntegrationProps): string {
	const { frame, name, description, endedAt, installed, editUrl, endTokensUrl, deleteUrl } = props;
	return renderConsolePage({
		frame,
		title: name,
		said,
		children: (
			<>
				<div class="card">
					<div class="asking">
						<Logo name={name} logoUrl={props.logoUrl} />
						<div>
							<p>
								{props.type} <OnOff on={endedAt === null} words={["Active", "Ended"]} />
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
							It ended <Instant at={endedAt} now={frame.now} />: nothing that it was granted counts any more.{" "}
							{installed === null
								? "Every grant has been taken out of its ledger."
								: `Still to be taken out of the ledgers: what was installed ${installed}.`}
						</p>
					)}
					<Details {...props} />
					{(editUrl !== null || deleteUrl !== null) && (
						<div class="row">
							{editUrl !== null && <LinkButton href={editUrl} label="Edit" />}
							{endTokensUrl !== null && (
								<LinkButton look="secondary" href={endTokensUrl} label="End all of its tokens" />
							)}
							{deleteUrl !== null && <LinkButton look="secondary" href={deleteUrl} label="Delete" />}
						</div>
					)}
				</div>
				{endedAt === null && <Secrets {...props} />}
				{props.usage && (
					<Section class="part" id="usage-heading" title="Usage">
						<p class="muted">Tokens that it got, and checks of those and by it.</p>
						<Usage usage={props.usage} of={["token", "login", "check"]} />
					</Section>
				)}
				{props.managesItself && <OwnRegistration endUrl={props.endRegistrationUrl} />}
			</>
		),
	});
}

function Details(props: IntegrationProps) {
	const { id, installUrl, redirectUrls, permissions, identity, tokenLife, rotation, installed, endedAt, isAlone } =
		props;
	const nothing = isAlone
		? "Nothing: its tokens open nothing in the account."
		: identity.length === 0
			? "Nothing: it learns only that somebody agreed."
			: "Nothing in the account.";
	return (
		<>
			<Section id="id-heading" title="Client ID">
				<Copyable id="client-id" text={id} label="Copy client ID" />
			</Section>
			{installUrl !== null && (
				<Section id="install-heading" title="Install URL">
					<Copyable id="install-url" text={installUrl} label="Copy install URL" />
				</Section>
			)}
			<Section id="redirect-heading" title="Redirect URLs">
				{redirectUrls.length === 0 ? <p>None: people are never sent to it.</p> : <Urls of={redirectUrls} />}
			</Section>
			<Section id="permissions-heading" title="What it may ask for">
				{permissions.length === 0 ? <p>{nothing}</p> : <Sentences class="permissions" of={permissions} />}
				{props.actsForItself && (
					<p>{isAlone ? "It does this" : "It may also do this"} for itself, in this account, without a person.</p>
				)}
			</Section>
			{identity.length > 0 && !isAlone && (
				<Section id="identity-heading" title="What it may ask people about themselves">
					<Sentences class="permissions" of={identity} />
				</Section>
			)}
			<Section id="tokens-heading" title="Tokens">
				<p>
					Access tokens are good for {tokenLife}.{" "}
					{isAlone
						? "It gets no refresh token: it can always ask again."
						: `A refresh token ${rotation === "keep" ? "stays the same" : "is replaced"} when it is used.`}
				</p>
			</Section>
			{props.options.stated.map((option) => (
				<StatedOption key={option.name} {...option} />
			))}
			{endedAt === null && !isAlone && (
				<Section id="installed-heading" title="Installed">
					<p>{installed === null ? "Nobody has installed it yet." : `It is installed ${installed}.`}</p>
				</Section>
			)}
		</>
	);
}

/** An empty list is nothing to show. */
function StatedOption({ name, label, value }: ShownOptions["stated"][number]) {
	if (Array.isArray(value) && value.length === 0) return null;
	return (
		<Section id={`${name}-heading`} title={label}>
			{Array.isArray(value) ? (
				<Urls of={value} />
			) : (
				<p>{typeof value === "boolean" ? (value ? "Yes" : "No") : String(value)}</p>
			)}
		</Section>
	);
}

function Secrets({ frame: { now }, secrets, rotateUrl, endPreviousUrl, options }: IntegrationProps) {
	if (options.keys) {
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
							<LinkButton look="secondary" href={endPreviousUrl} label="End the older secret now" />
						</div>
					)}
				</>
			) : (
				<>
					<p>One secret is good. It was shown when it was created, and cannot be shown again; it can be replaced.</p>
					{rotateUrl !== null && (
						<div class="row">
							<LinkButton look="secondary" href={rotateUrl} label="Replace the secret" />
						</div>
					)}
				</>
			)}
		</div>
	);
}

function OwnRegistration({ endUrl }: { endUrl: string | null }) {
	return (
		<div class="card">
			<h2>Its own registration</h2>
			<p>
				It registered itself, and can change its registration by a token that it got then (RFC 7592). What you take away
				from it here, it cannot give itself again.
			</p>
			{endUrl !== null && (
				<div class="row">
					<LinkButton look="secondary" href={endUrl} label="Revoke the token" />
				</div>
			)}
		</div>
	);
}
