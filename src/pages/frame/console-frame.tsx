import type { ComponentChildren } from "preact";
import { renderDocument } from "../../ui/document.tsx";
import { Name, plainText } from "../../ui/name.tsx";
import { SignOutForm } from "../../ui/post-form.tsx";

export type ConsoleSection =
	| "keys"
	| "policies"
	| "api-access"
	| "integrations"
	| "installed"
	| "environments"
	| "events"
	| "alerts"
	| "audit"
	| "my-access"
	| "settings";

/** What every page of the console stands in. */
export interface ConsoleFrame {
	/** Null on a page of none. */
	readonly section: ConsoleSection | null;
	readonly account: { readonly slug: string; readonly name: string };
	/** Where the account's pages are: `/console/<slug>`. */
	readonly base: string;
	readonly accounts: readonly { readonly slug: string; readonly name: string }[];
	readonly person: { readonly name: string; readonly username: string };
	readonly permissions: readonly string[];
	/** The token that every form of the console carries. */
	readonly csrf: string;
	readonly signOutCsrf: string;
	/** Epoch seconds. */
	readonly now: number;
	/** The `?done=` of the address, which anybody could write. */
	readonly done: string | null;
}

/** In the order in which they stand, each with the permission without which it is not shown. */
const sections: readonly { readonly section: ConsoleSection; readonly label: string; readonly needs: string | null }[] =
	[
		{ section: "keys", label: "API keys", needs: "keys:read" },
		{ section: "policies", label: "Policies", needs: "keys:read" },
		{ section: "api-access", label: "API access", needs: null },
		{ section: "integrations", label: "Integrations", needs: "integrations:read" },
		{ section: "installed", label: "Installed", needs: "integrations:read" },
		{ section: "environments", label: "Environments", needs: "environments:read" },
		{ section: "events", label: "Events", needs: "events:read" },
		{ section: "alerts", label: "Alerts", needs: "alerts:read" },
		{ section: "audit", label: "Audit log", needs: "audit:read" },
		{ section: "my-access", label: "My sessions and grants", needs: null },
		{ section: "settings", label: "Settings", needs: null },
	];

/** The section that is asked for, where these permissions show it; else the first that they do. */
export function sectionFor(asked: string | null, permissions: readonly string[]): ConsoleSection {
	const open = sections.filter(({ needs }) => needs === null || permissions.includes(needs));
	return (open.find(({ section }) => section === asked) ?? open[0])?.section ?? "my-access";
}

export interface ConsolePageProps {
	readonly frame: ConsoleFrame;
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
	const others = frame.accounts.filter(({ slug }) => slug !== frame.account.slug);
	return renderDocument({
		title: `${title} · ${frame.account.name}`,
		width: "wide",
		failed,
		children: (
			<div class="console">
				<div class="console-side">
					<details class="account-switcher">
						<summary>
							<span class="muted">Account</span> <Name text={frame.account.name} />
						</summary>
						<ul>
							{others.map(({ slug, name }) => (
								<li key={slug}>
									<a href={`/console/${slug}?section=${frame.section ?? ""}`}>
										<Name text={name} />
									</a>
								</li>
							))}
							{others.length === 0 && <li class="muted">You belong to no other account.</li>}
						</ul>
					</details>
					<nav aria-label="Console">
						<ul>
							{sections
								.filter(({ needs }) => needs === null || frame.permissions.includes(needs))
								.map(({ section, label }) => (
									<li key={section}>
										<a href={`${frame.base}/${section}`} aria-current={section === frame.section ? "page" : undefined}>
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
						<SignOutForm action="/sign-out" csrf={frame.signOutCsrf} />
					</div>
				</div>
				<div class="console-main">
					<h1>{plainText(title)}</h1>
					{notice && <output class="notice">{notice}</output>}
					{children}
				</div>
			</div>
		),
	});
}
