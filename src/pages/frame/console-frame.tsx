import type { ComponentChildren } from "preact";
import { renderDocument } from "../../ui/document.tsx";
import type { WrongPasswords } from "../../domain/person.ts";
import { Instant } from "../../ui/instant.tsx";
import { Name, plainText } from "../../ui/name.tsx";
import { Press, SignOutForm } from "../../ui/post-form.tsx";
import type { Shell } from "../../words/shell.ts";

export type ConsoleSection =
	| "keys"
	| "policies"
	| "apis"
	| "api-access"
	| "integrations"
	| "installed"
	| "environments"
	| "events"
	| "alerts"
	| "audit"
	| "my-access"
	| "security"
	| "settings";

/** What every page of the console stands in: of an account, or of none (then of the deployment, for those who run it). */
export type Frame = ConsoleFrame | OperatorFrame;

interface AnyFrame {
	readonly shell: Shell;
	/** Where its pages are: `/console/<slug>`, or `/operator`. */
	readonly base: string;
	/** Those that the person belongs to. */
	readonly accounts: readonly { readonly slug: string; readonly name: string; readonly isSuspended: boolean }[];
	readonly person: {
		readonly name: string;
		readonly username: string;
		readonly isOperator: boolean;
		/** Whether they came in by the provider of this account, to which what is their own is closed. */
		readonly isVouchedFor: boolean;
		readonly wrongPasswords: WrongPasswords | null;
	};
	readonly mayMakeAccounts: boolean;
	/** The token that every form of the console carries. */
	readonly csrf: string;
	readonly signOutCsrf: string;
	/** Epoch seconds. */
	readonly now: number;
	/** The `?done=` of the address, which anybody could write. */
	readonly done: string | null;
}

/** What every page of an account stands in. */
export interface ConsoleFrame extends AnyFrame {
	/** Null on a page of none. */
	readonly section: ConsoleSection | null;
	readonly account: { readonly slug: string; readonly name: string };
	readonly permissions: readonly string[];
}

/** What every page stands in of those who run the deployment. */
export interface OperatorFrame extends AnyFrame {
	readonly section: OperatorSection | null;
	readonly account: null;
}

export type OperatorSection = keyof typeof operatorSections;

/** In the order in which they stand. */
const operatorSections = {
	overview: { label: "Overview", path: "" },
	accounts: { label: "Accounts", path: "/accounts" },
	clients: { label: "Clients", path: "/clients" },
	signing_keys: { label: "Signing keys", path: "/signing-keys" },
	operators: { label: "Operators", path: "/operators" },
	sign_in: { label: "Sign-in", path: "/sign-in" },
	apis: { label: "APIs", path: "/apis" },
	recovery: { label: "Lost passwords", path: "/recovery" },
	audit: { label: "Audit log", path: "/audit" },
} as const;

/** In the order in which they stand, each with the permission without which it is not shown. */
const sections: readonly { readonly section: ConsoleSection; readonly label: string; readonly needs: string | null }[] =
	[
		{ section: "keys", label: "API keys", needs: "keys:read" },
		{ section: "policies", label: "Policies", needs: "keys:read" },
		{ section: "apis", label: "APIs", needs: "apis:read" },
		{ section: "api-access", label: "API access", needs: null },
		{ section: "integrations", label: "Integrations", needs: "integrations:read" },
		{ section: "installed", label: "Installed", needs: "integrations:read" },
		{ section: "environments", label: "Environments", needs: "environments:read" },
		{ section: "events", label: "Events", needs: "events:read" },
		{ section: "alerts", label: "Alerts", needs: "alerts:read" },
		{ section: "audit", label: "Audit log", needs: "audit:read" },
		{ section: "my-access", label: "My sessions and grants", needs: null },
		{ section: "security", label: "Sign-in and security", needs: null },
		{ section: "settings", label: "Settings", needs: null },
	];

/** The section that is asked for, where these permissions show it; else the first that they do. */
export function sectionFor(asked: string | null, permissions: readonly string[]): ConsoleSection {
	const open = sections.filter(({ needs }) => needs === null || permissions.includes(needs));
	return (open.find(({ section }) => section === asked) ?? open[0])?.section ?? "my-access";
}

export interface ConsolePageProps {
	readonly frame: Frame;
	readonly title: string;
	/** What it says of what has just been done, by the frame's `done`. */
	readonly said?: Readonly<Record<string, string>>;
	/** What it says in the place of that. */
	readonly notice?: string | null;
	readonly failed?: boolean;
	readonly children: ComponentChildren;
}

/** A page of the console: its sections, the account switcher, and who is signed in. */
export function renderConsolePage({ frame, title, said = {}, failed, children, ...rest }: ConsolePageProps): string {
	const { done } = frame;
	const notice = rest.notice ?? (done !== null && Object.hasOwn(said, done) ? said[done] : null);
	return renderDocument({
		shell: frame.shell,
		title: frame.account ? `${title} · ${frame.account.name}` : title,
		width: "wide",
		failed,
		children: (
			<div class="console">
				<div class="console-side">
					<AccountSwitcher frame={frame} />
					<nav aria-label="Console">
						<ul>
							{linksOf(frame).map(({ href, label, isCurrent }) => (
								<li key={href}>
									<a href={href} aria-current={isCurrent ? "page" : undefined}>
										{label}
									</a>
								</li>
							))}
							<li>
								<a href="/docs">API documentation</a>
							</li>
						</ul>
					</nav>
					<div class="whoami">
						<p class="muted">
							<Name text={frame.person.name} />
						</p>
						{frame.person.isOperator && frame.account && (
							<p>
								<a href="/operator">Operate this deployment</a>
							</p>
						)}
						<SignOutForm action="/sign-out" csrf={frame.signOutCsrf} />
					</div>
				</div>
				<div class="console-main">
					<h1>{plainText(title)}</h1>
					{notice && <output class="notice">{notice}</output>}
					<WrongPasswordsNotice frame={frame} />
					{children}
				</div>
			</div>
		),
	});
}

function linksOf(frame: Frame): readonly { href: string; label: string; isCurrent: boolean }[] {
	const { base, section: current } = frame;
	if (!frame.account && !frame.person.isOperator) return [];
	if (!frame.account) {
		return Object.entries(operatorSections).map(([section, { label, path }]) => ({
			href: base + path,
			label,
			isCurrent: section === current,
		}));
	}
	return sections
		.filter(({ needs }) => needs === null || frame.permissions.includes(needs))
		.map(({ section, label }) => ({
			href: section === "settings" && frame.person.isVouchedFor ? `${base}/settings/account` : `${base}/${section}`,
			label,
			isCurrent: section === current,
		}));
}

/** On every page of an account, until its person says that they have seen it. */
function WrongPasswordsNotice({ frame }: { readonly frame: Frame }) {
	const { wrongPasswords: tried } = frame.person;
	if (!tried || !frame.account) return null;
	return (
		<section class="notice warns" aria-label="Wrong passwords">
			<p>
				{tried.count === 1 ? "A wrong password was" : `${tried.count} wrong passwords were`} tried for your user name in
				places where you had not signed in before,{" "}
				{tried.count > 1 && (
					<>
						the first <Instant at={tried.firstAt} now={frame.now} />,{" "}
					</>
				)}
				the last <Instant at={tried.lastAt} now={frame.now} />. If it was not you, somebody is guessing: see that your
				password is long, and used nowhere else.
			</p>
			<Press
				action={`${frame.base}/security/wrong-passwords`}
				csrf={frame.csrf}
				fields={{ last_at: String(tried.lastAt) }}
				label="I have seen this"
			/>
		</section>
	);
}

function AccountSwitcher({ frame }: { readonly frame: Frame }) {
	const { account, accounts } = frame;
	const others = accounts.filter(({ slug }) => slug !== account?.slug);
	return (
		<details class="account-switcher">
			<summary>
				{account ? (
					<>
						<span class="muted">Account</span> <Name text={account.name} />
					</>
				) : frame.person.isOperator ? (
					"The deployment"
				) : (
					"Your accounts"
				)}
			</summary>
			<ul>
				{others.map(({ slug, name, isSuspended }) => (
					<li key={slug}>
						<a href={`/console/${slug}?section=${account ? (frame.section ?? "") : ""}`}>
							<Name text={name} />
						</a>
						{isSuspended && <span class="muted"> (suspended)</span>}
					</li>
				))}
				{others.length === 0 && (
					<li class="muted">{account ? "You belong to no other account." : "You belong to no account."}</li>
				)}
				{frame.mayMakeAccounts && (
					<li>
						<a href="/accounts/new">+ New account</a>
					</li>
				)}
			</ul>
		</details>
	);
}
