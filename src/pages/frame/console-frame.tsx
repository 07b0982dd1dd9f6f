import { type ComponentChildren, Fragment } from "preact";
import { renderDocument } from "../../ui/document.tsx";
import type { WrongPasswords } from "../../domain/person.ts";
import { clockIn, ClockOfPage, Instant } from "../../ui/instant.tsx";
import { type FilledForm, FilledFormOfPage } from "../../ui/filled-form.ts";
import { Name, plainText } from "../../ui/name.tsx";
import { Press, SignOutForm } from "../../ui/post-form.tsx";
import type { Shell } from "../../words/shell.ts";

import type { KeptForm } from "./kept-form.ts";

export type ConsoleSection =
	| "overview"
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
	/** The person's own, as their profile has it. */
	readonly timeZone: string | null;
	/** A form of this page as it was filled in when the sign-in had ended. */
	readonly kept: KeptForm | null;
	/** What was done just now, by the `?done=` of the address that this browser was led to. */
	readonly done: string | null;
}

/** What every page of an account stands in. */
export interface ConsoleFrame extends AnyFrame {
	/** Null on a page of none. */
	readonly section: ConsoleSection | null;
	readonly account: { readonly slug: string; readonly name: string };
	readonly permissions: readonly string[];
	/** How many nobody has acknowledged. */
	readonly newAlerts: number;
}

/** What every page stands in of those who run the deployment. */
export interface OperatorFrame extends AnyFrame {
	readonly section: OperatorSection | null;
	readonly account: null;
}

interface Entry<Section extends string> {
	readonly section: Section;
	readonly label: string;
	/** Below the frame's base. */
	readonly path: string;
	/** The permission without which it is not shown. */
	readonly needs: string | null;
	/** What is done there with another permission, which members do not have. */
	readonly managed?: { readonly needs: string; readonly what: string };
}

interface Group<Section extends string> {
	/** Empty for what stands above all groups. */
	readonly title: string;
	/** In the order in which they stand. */
	readonly entries: readonly Entry<Section>[];
}

const groups: readonly Group<ConsoleSection>[] = [
	{ title: "", entries: [{ section: "overview", label: "Overview", path: "", needs: "usage:read" }] },
	{
		// Contract 003: "click on Permissions, now on the menu at the left, click on API Keys".
		title: "Permissions",
		entries: [
			{
				section: "keys",
				label: "API keys",
				path: "/keys",
				needs: "keys:read",
				managed: { needs: "keys:write", what: "create, change and delete API keys" },
			},
			{
				section: "policies",
				label: "Policies",
				path: "/policies",
				needs: "keys:read",
				managed: { needs: "keys:write", what: "create, change and delete policies" },
			},
			{
				section: "apis",
				label: "APIs",
				path: "/apis",
				needs: "apis:read",
				managed: { needs: "apis:write", what: "register and change APIs" },
			},
			{ section: "api-access", label: "API access", path: "/api-access", needs: null },
			{
				section: "integrations",
				label: "Integrations",
				path: "/integrations",
				needs: "integrations:read",
				managed: { needs: "integrations:write", what: "register and change integrations" },
			},
			{
				section: "installed",
				label: "Installed",
				path: "/installed",
				needs: "integrations:read",
				managed: { needs: "integrations:delete", what: "revoke what others installed" },
			},
		],
	},
	{
		title: "Activity",
		entries: [
			{
				section: "environments",
				label: "Environments",
				path: "/environments",
				needs: "environments:read",
				managed: { needs: "environments:write", what: "create and change environments" },
			},
			{ section: "events", label: "Events", path: "/events", needs: "events:read" },
			{ section: "alerts", label: "Alerts", path: "/alerts", needs: "alerts:read" },
			{ section: "audit", label: "Audit log", path: "/audit", needs: "audit:read" },
		],
	},
	{
		title: "Account",
		entries: [
			{ section: "settings", label: "Settings", path: "/settings", needs: null },
			{ section: "my-access", label: "My sessions and grants", path: "/my-access", needs: null },
			{ section: "security", label: "Sign-in and security", path: "/security", needs: null },
		],
	},
];

export type OperatorSection =
	| "overview"
	| "accounts"
	| "clients"
	| "signing_keys"
	| "operators"
	| "sign_in"
	| "apis"
	| "recovery"
	| "audit";

const operatorGroups: readonly Group<OperatorSection>[] = [
	{
		title: "Deployment",
		entries: [
			{ section: "overview", label: "Overview", path: "", needs: null },
			{ section: "accounts", label: "Accounts", path: "/accounts", needs: null },
			{ section: "clients", label: "Clients", path: "/clients", needs: null },
			{ section: "apis", label: "APIs", path: "/apis", needs: null },
		],
	},
	{
		title: "People",
		entries: [
			{ section: "operators", label: "Operators", path: "/operators", needs: null },
			{ section: "sign_in", label: "Sign-in", path: "/sign-in", needs: null },
			{ section: "recovery", label: "Lost passwords", path: "/recovery", needs: null },
		],
	},
	{
		title: "Security",
		entries: [
			{ section: "signing_keys", label: "Signing keys", path: "/signing-keys", needs: null },
			{ section: "audit", label: "Audit log", path: "/audit", needs: null },
		],
	},
];

/** Where the section is that is asked for, where the person may see it; else where the account is. */
export function sectionUrl({ base, permissions }: ConsoleFrame, asked: string): string {
	const found = groups.flatMap(({ entries }) => entries).find(({ section }) => section === asked);
	const isOpen = found && (found.needs === null || permissions.includes(found.needs));
	return base + (isOpen ? found.path : "");
}

export interface ConsolePageProps {
	readonly frame: Frame;
	readonly title: string;
	/** The part of it that is shown, as its tabs name it: browsers' tabs and histories tell them apart by it. */
	readonly tab?: string;
	/** Beside the title: what is made or done from here. */
	readonly actions?: ComponentChildren;
	/** What it says of what has just been done, by the frame's `done`. */
	readonly said?: Readonly<Record<string, string>>;
	/** What it says in the place of that. */
	readonly notice?: string | null;
	readonly failed?: boolean;
	readonly children: ComponentChildren;
}

/** A page of the console: the ways to the others, and at the top right the account and who is signed in. */
export function renderConsolePage(props: ConsolePageProps): string {
	const { frame, title, tab, actions, said = {}, failed, children } = props;
	const { done } = frame;
	const notice = props.notice ?? (done !== null && Object.hasOwn(said, done) ? said[done] : null);
	const shown = shownGroups(frame);
	return renderDocument({
		shell: frame.shell,
		title: [tab, title, frame.account?.name].filter(Boolean).join(" · "),
		width: "console",
		failed,
		bar: <Bar frame={frame} />,
		side: <Navigation groups={shown} />,
		children: (
			<ClockOfPage.Provider value={clockIn(frame.timeZone)}>
				<div class="page-head">
					<Parent links={shown.flatMap(({ links }) => links)} title={title} />
					<h1>{plainText(title)}</h1>
					{actions && <div class="row">{actions}</div>}
				</div>
				{!failed && <OnlyAdministrators frame={frame} />}
				{notice && <output class="notice">{notice}</output>}
				{frame.kept && <p class="notice warns">{frame.kept.fields ? filledIn : tooLong}</p>}
				<WrongPasswordsNotice frame={frame} />
				<FilledFormOfPage.Provider value={filledForm(frame.kept)}>{children}</FilledFormOfPage.Provider>
			</ClockOfPage.Provider>
		),
	});
}

const filledIn = "Your sign-in had ended. Here is what you filled in, without its secrets: nothing of it is saved yet.";
const tooLong = "Your sign-in had ended, and what you filled in was too long to be kept: nothing of it is saved.";

function filledForm(kept: KeptForm | null): FilledForm | null {
	return kept?.fields ? { action: kept.action, fields: kept.fields } : null;
}

interface Link {
	readonly section: string;
	readonly href: string;
	readonly label: string;
	readonly isCurrent: boolean;
	/** How many that nobody has seen to. */
	readonly news: number;
}

interface ShownGroup {
	readonly title: string;
	readonly links: readonly Link[];
}

function shownGroups(frame: Frame): readonly ShownGroup[] {
	if (!frame.account && !frame.person.isOperator) return [];
	const all: readonly Group<string>[] = frame.account ? groups : operatorGroups;
	const permissions = frame.account ? frame.permissions : [];
	return all.map(({ title, entries }) => ({
		title,
		links: entries
			.filter(({ needs }) => needs === null || permissions.includes(needs))
			.map(({ section, label, path }) => ({
				section,
				href: frame.base + (section === "settings" && frame.person.isVouchedFor ? "/settings/account" : path),
				label,
				isCurrent: section === frame.section,
				news: frame.account && section === "alerts" ? frame.newAlerts : 0,
			})),
	}));
}

/** Where there is room it stands beside the content; on a phone the bar's first button opens it. */
function Navigation({ groups: shown }: { readonly groups: readonly ShownGroup[] }) {
	return (
		<nav id="navigation" class="side" aria-label="Console" popover="auto">
			{shown.map(({ title, links }) => (
				<Fragment key={title}>
					{title !== "" && <p id={`group-${title}`}>{title}</p>}
					<ul aria-labelledby={title === "" ? undefined : `group-${title}`}>
						{links.map(({ section, href, label, isCurrent, news }) => (
							<li key={href}>
								<a href={href} aria-current={isCurrent ? "page" : undefined} data-icon={section}>
									{label}
									{news > 0 && (
										<span class="count">
											{news > 99 ? "99+" : news}
											<span class="visually-hidden"> new</span>
										</span>
									)}
								</a>
							</li>
						))}
					</ul>
				</Fragment>
			))}
			<ul>
				<li>
					<a href="/docs" data-icon="docs">
						API documentation
					</a>
				</li>
			</ul>
		</nav>
	);
}

/** Why somebody finds no button here that others have. */
function OnlyAdministrators({ frame }: { readonly frame: Frame }) {
	if (!frame.account) return null;
	const { section: current, permissions } = frame;
	const { managed } = groups.flatMap(({ entries }) => entries).find(({ section }) => section === current) ?? {};
	if (!managed || permissions.includes(managed.needs)) return null;
	return (
		<p class="muted">
			You are a member of <Name text={frame.account.name} />: only its administrators can {managed.what}.
		</p>
	);
}

/** On what lies below a section: the way back to it. */
function Parent({ links, title }: { readonly links: readonly Link[]; readonly title: string }) {
	const section = links.find(({ isCurrent }) => isCurrent);
	if (!section || section.label === title || section.section === "overview") return null;
	return (
		<p class="parent">
			<a href={section.href}>{section.label}</a>
		</p>
	);
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

function Bar({ frame }: { readonly frame: Frame }) {
	const { account, accounts, person } = frame;
	const others = accounts.filter(({ slug }) => slug !== account?.slug);
	const title = account ? <Name text={account.name} /> : person.isOperator ? "The deployment" : "Your accounts";
	return (
		<>
			<button type="button" class="menu" popovertarget="navigation">
				Menu
			</button>
			<button type="button" class="menu account" popovertarget="account">
				<span class="visually-hidden">Account </span>
				<span class="cut">{title}</span>
			</button>
			<div id="account" class="dropdown" popover="auto">
				<p>
					<strong>
						<Name text={person.name} />
					</strong>
					<span class="muted block">
						<Name text={person.username} />
					</span>
				</p>
				{account && (
					<ul>
						<li>
							<a href={permissionsUrl(frame)}>Permissions</a>
						</li>
						<li>
							<a href={`${frame.base}/settings/account`}>Account settings</a>
						</li>
					</ul>
				)}
				<p class="muted">{account ? "Other accounts" : "Your accounts"}</p>
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
				{person.isOperator && account && (
					<ul>
						<li>
							<a href="/operator">Operate this deployment</a>
						</li>
					</ul>
				)}
				<SignOutForm action="/sign-out" csrf={frame.signOutCsrf} />
			</div>
		</>
	);
}

/** The first of the group that the person may see. */
function permissionsUrl(frame: ConsoleFrame): string {
	const permissions = shownGroups(frame).find(({ title }) => title === "Permissions");
	return permissions?.links[0]?.href ?? frame.base;
}
