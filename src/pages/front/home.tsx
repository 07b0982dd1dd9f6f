import type { Role } from "../../domain/permission.ts";
import { renderDocument } from "../../ui/document.tsx";
import { Name, PersonName } from "../../ui/name.tsx";
import { LinkButton, SignOutForm } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { roleLabel } from "../../ui/role-label.ts";
import type { Shell } from "../../words/shell.ts";

export interface HomeProps {
	readonly shell: Shell;
	/** Null while nobody is signed in. */
	readonly person: { readonly name: string; readonly username: string } | null;
	readonly signInUrl: string;
	readonly signOut: { readonly action: string; readonly csrf: string } | null;
	readonly issuer: string;
	readonly accounts: readonly {
		readonly slug: string;
		readonly name: string;
		readonly role: Role;
		readonly isSuspended: boolean;
	}[];
}

export function homeView({ shell, person, signInUrl, signOut, issuer, accounts }: HomeProps): string {
	return renderDocument({
		shell,
		title: "Start",
		width: "wide",
		children: (
			<>
				<div class="lead">
					<h1>Keys and tokens, kept in one place</h1>
					<p>
						This is the authorization server of an API platform. People sign in here to make keys and to approve
						integrations; programs come here to get tokens and to have them checked.
					</p>
				</div>
				<div class="cards">
					<Section class="card" id="you" title="You">
						{person ? (
							<>
								<p>
									Signed in as <PersonName {...person} strong />
								</p>
								<Accounts accounts={accounts} />
								{signOut && <SignOutForm {...signOut} />}
							</>
						) : (
							<>
								<p>You are not signed in.</p>
								<div class="actions">
									<LinkButton href={signInUrl} label="Sign in" />
								</div>
							</>
						)}
					</Section>
					<Section class="card" id="programs" title="For programs">
						<dl>
							<dt>Issuer</dt>
							<dd>
								<code>{issuer}</code>
							</dd>
							{documents.map(({ path, label }) => (
								<div key={path}>
									<dt>{label}</dt>
									<dd>
										<a href={`${issuer}${path}`}>
											<code>{path}</code>
										</a>
									</dd>
								</div>
							))}
						</dl>
					</Section>
				</div>
			</>
		),
	});
}

function Accounts({ accounts }: Pick<HomeProps, "accounts">) {
	if (accounts.length === 0) return <p>You do not belong to an account yet. An administrator of one can invite you.</p>;
	return (
		<>
			<h3>Your accounts</h3>
			<ul class="accounts">
				{accounts.map(({ slug, name, role, isSuspended }) => (
					<li key={slug}>
						<a href={`/console/${slug}`}>
							<Name text={name} />
						</a>{" "}
						<span class="muted">{isSuspended ? "Suspended" : roleLabel[role]}</span>
					</li>
				))}
			</ul>
			<div class="actions">
				<LinkButton href="/console" label="Open the console" />
			</div>
		</>
	);
}

const documents = [
	// RFC 8414 §3
	{ path: "/.well-known/oauth-authorization-server", label: "Server metadata" },
	{ path: "/.well-known/jwks.json", label: "Public signing keys (JWKS)" },
	{ path: "/openapi.json", label: "The API (OpenAPI 3.1)" },
	{ path: "/docs", label: "The API, for people" },
] as const;
