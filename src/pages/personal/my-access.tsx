import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton, Press, ToApplication } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";

interface ShownSession {
	readonly sid: string;
	/** As the caller named it; empty where it named none. */
	readonly sessionId: string;
	/** The API that its tokens are for; left out: latchkey. */
	readonly resource?: string;
	readonly accountName: string;
	readonly startedAt: number;
	readonly expiresAt: number;
}

export interface ShownGrant {
	readonly id: string;
	/** The client's name, or what else it is. */
	readonly name: string;
	/** Where it says that it comes from, if nobody vouches for it; else where its answers go, as `redirectHost` does. */
	readonly unverifiedHost: string | null;
	readonly redirectHost: string | null;
	/** Where its own sign-in begins; null where nobody says. */
	readonly loginUrl: string | null;
	readonly accountName: string;
	/** What it may do, one sentence each. */
	readonly permissions: readonly string[];
	/** Whose resources besides our own its access is for. */
	readonly elsewhere: readonly string[];
	readonly createdAt: number;
	readonly expiresAt: number;
}

/** What is remembered of what somebody agreed to with an application. */
export interface ShownConsent {
	/** Where it can be withdrawn. */
	readonly url: string;
	readonly id: string;
	readonly name: string;
	readonly unverifiedHost: string | null;
	readonly redirectHost: string | null;
	readonly loginUrl: string | null;
	readonly accountName: string;
	/** One sentence each. */
	readonly allowed: readonly string[];
	/** Whose resources besides our own its access is for. */
	readonly elsewhere: readonly string[];
	readonly agreedAt: number;
	readonly expiresAt: number;
}

interface Shown<Row> {
	readonly rows: readonly Row[];
	readonly nextUrl: string | null;
}

export interface MyAccessProps {
	readonly frame: ConsoleFrame;
	readonly sessions: Shown<ShownSession>;
	readonly grants: Shown<ShownGrant>;
	readonly consents: Shown<ShownConsent>;
}

const said = {
	session: "The session has ended: its tokens are refused everywhere, at once.",
	grant: "Revoked. Its tokens are refused everywhere, at once.",
	grants: "All that you allowed has ended, everywhere and at once.",
	consent: "Revoked. Its tokens are refused everywhere, at once, and it has to ask you again.",
};

/** `GET /console/:slug/my-access` */
export function myAccessView(props: MyAccessProps): string {
	const { frame } = props;
	return renderConsolePage({
		frame,
		title: "My sessions and grants",
		said,
		children: (
			<>
				<p class="muted">
					What is open in your name, in every account that you belong to. What you end here is refused at its next
					request. The browsers that you are signed in with are at{" "}
					<a href={`${frame.base}/security`}>sign-in and security</a>.
				</p>
				<Section class="part" id="sessions" title="Login sessions">
					<Sessions {...props} />
				</Section>
				<Section class="part" id="grants" title="What you allowed">
					<Grants {...props} />
				</Section>
				<Section class="part" id="consents" title="Applications that you are not asked about again">
					<Consents {...props} />
				</Section>
			</>
		),
	});
}

function Sessions({ frame, sessions }: MyAccessProps) {
	if (sessions.rows.length === 0 && sessions.nextUrl === null) {
		return (
			<EmptyState title="No login sessions">
				<p>
					A program that logs in at <code>/auth/login</code> with your user name and password would stand here.
				</p>
			</EmptyState>
		);
	}
	return (
		<DataTable
			caption="Login sessions of programs"
			columns={["Session", "Account", "Started", "Ends", "Action"]}
			rows={sessions.rows.map(({ sid, sessionId, resource, accountName, startedAt, expiresAt }) => ({
				key: sid,
				cells: [
					<>
						{sessionId === "" ? <span class="muted">No session_id</span> : <Name text={sessionId} />}
						{resource !== undefined && (
							<span class="muted block">
								For <Name text={resource} />
							</span>
						)}
					</>,
					<Name text={accountName} />,
					<Instant at={startedAt} now={frame.now} />,
					<Instant at={expiresAt} now={frame.now} />,
					<Press
						csrf={frame.csrf}
						action={`${myAccessUrl(frame)}/sessions/${sid}/end`}
						label="End"
						about={`: ${sessionId || "session"}`}
					/>,
				],
			}))}
			nextUrl={sessions.nextUrl}
		/>
	);
}

function Grants({ frame, grants }: MyAccessProps) {
	const base = `${myAccessUrl(frame)}/grants`;
	if (grants.rows.length === 0 && grants.nextUrl === null) {
		return (
			<EmptyState title="Nothing is allowed">
				<p>An integration that you install, or an application that you allow something, would stand here.</p>
			</EmptyState>
		);
	}
	return (
		<>
			<DataTable
				caption="What you allowed others to do"
				columns={["Who", "May", "Account", "Since", "Last until", "Action"]}
				rows={grants.rows.map((grant) => ({
					key: grant.id,
					cells: [
						<Who {...grant} />,
						<Allowed allowed={grant.permissions} elsewhere={grant.elsewhere} as="plain" />,
						<Name text={grant.accountName} />,
						<Instant at={grant.createdAt} now={frame.now} />,
						<Instant at={grant.expiresAt} now={frame.now} />,
						<LinkButton
							look="secondary small"
							href={`${base}/${grant.id}/revoke`}
							label="Revoke"
							about={` ${[grant.name, ...grant.elsewhere].join(", ")}`}
						/>,
					],
				}))}
				nextUrl={grants.nextUrl}
			/>
			<p class="row">
				<LinkButton look="secondary" href={`${base}/revoke-all`} label="Revoke all" />
			</p>
		</>
	);
}

function Consents({ frame, consents }: MyAccessProps) {
	if (consents.rows.length === 0 && consents.nextUrl === null) {
		return (
			<EmptyState title="Nothing is remembered">
				<p>
					An application that you sign in to with latchkey, and whose request you once allowed, would stand here: when
					it asks for the same again, you go straight back to it.
				</p>
			</EmptyState>
		);
	}
	return (
		<DataTable
			caption="Applications whose requests are allowed without asking you"
			columns={["Application", "Without asking", "Account", "Since", "Asked again after", "Action"]}
			rows={consents.rows.map((consent) => ({
				key: consent.id,
				cells: [
					<Who {...consent} />,
					<Allowed {...consent} as="plain" />,
					<Name text={consent.accountName} />,
					<Instant at={consent.agreedAt} now={frame.now} />,
					<Instant at={consent.expiresAt} now={frame.now} />,
					<LinkButton look="secondary small" href={consent.url} label="Revoke" about={` ${consent.name}`} />,
				],
			}))}
			nextUrl={consents.nextUrl}
		/>
	);
}

export function Allowed({
	allowed,
	elsewhere,
	as,
}: Pick<ShownConsent, "allowed" | "elsewhere"> & { readonly as: "plain" | "permissions" }) {
	return (
		<ul class={as}>
			{allowed.map((sentence) => (
				<li key={sentence}>{sentence}</li>
			))}
			{elsewhere.map((place) => (
				<li key={place}>
					Use what you allow it at <Name text={place} />
				</li>
			))}
			{allowed.length + elsewhere.length === 0 && <li>Nothing: it learns only that you agreed</li>}
		</ul>
	);
}

/** A client that nobody vouches for may call itself anything. */
function Who({
	name,
	unverifiedHost,
	redirectHost,
	loginUrl,
}: Pick<ShownGrant, "name" | "unverifiedHost" | "redirectHost" | "loginUrl">) {
	return (
		<>
			<Name text={name} />
			{unverifiedHost !== null && (
				<span class="muted block">
					registered itself
					{redirectHost !== null && (
						<>
							, {unverifiedHost === redirectHost ? "its answers go to" : "says it is from"}{" "}
							<Name text={unverifiedHost} />
						</>
					)}
				</span>
			)}
			<ToApplication name={name} loginUrl={loginUrl} />
		</>
	);
}

export function myAccessUrl({ base }: ConsoleFrame): string {
	return `${base}/my-access`;
}
