import { Fragment } from "preact";
import { Name } from "../../ui/name.tsx";
import type { ConsoleFrame, ConsoleSection, Frame, OperatorSection } from "./frame.ts";

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

export function shownGroups(frame: Frame): readonly ShownGroup[] {
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
export function Navigation({ groups: shown }: { readonly groups: readonly ShownGroup[] }) {
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
export function OnlyAdministrators({ frame }: { readonly frame: Frame }) {
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
export function Parent({ links, title }: { readonly links: readonly Link[]; readonly title: string }) {
	const section = links.find(({ isCurrent }) => isCurrent);
	if (!section || section.label === title || section.section === "overview") return null;
	return (
		<p class="parent">
			<a href={section.href}>{section.label}</a>
		</p>
	);
}

/** The first of the group that the person may see. */
export function permissionsUrl(frame: ConsoleFrame): string {
	const permissions = shownGroups(frame).find(({ title }) => title === "Permissions");
	return permissions?.links[0]?.href ?? frame.base;
}
