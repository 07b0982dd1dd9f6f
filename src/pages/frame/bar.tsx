import { Name } from "../../ui/name.tsx";
import { SignOutForm } from "../../ui/post-form.tsx";
import type { Frame } from "./frame.ts";
import { permissionsUrl } from "./navigation.tsx";

/** Beside the wordmark: the way to the navigation, where it is folded, and the account with who is signed in. */
export function Bar({ frame }: { readonly frame: Frame }) {
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
							<a href="/accounts/new">+ Create account</a>
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
