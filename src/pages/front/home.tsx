import type { Role } from "../../domain/permission.ts";
import { renderDocument } from "../../ui/document.tsx";
import { Name } from "../../ui/name.tsx";
import { roleLabel } from "../../ui/role-label.ts";
import { SignOutForm } from "../../ui/sign-out-form.tsx";

export interface HomeProps {
	/** Null while nobody is signed in. */
	readonly person: { readonly name: string; readonly username: string } | null;
	readonly signInUrl: string;
	readonly signOut: { readonly action: string; readonly csrf: string } | null;
	readonly issuer: string;
	readonly accounts: readonly { readonly slug: string; readonly name: string; readonly role: Role }[];
}

export function homeView({ person, signInUrl, signOut, issuer, accounts }: HomeProps): string {
	return renderDocument({
		title: "Start",
		width: "wide",
		failed: false,
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
					<section class="card" aria-labelledby="you">
						<h2 id="you">You</h2>
						{person ? (
							<>
								<p>
									Signed in as{" "}
									<strong>
										<Name text={person.name} />
									</strong>{" "}
									(<Name text={person.username} />)
								</p>
								<Accounts accounts={accounts} />
								{signOut && <SignOutForm {...signOut} continueTo={null} label="Sign out" />}
							</>
						) : (
							<>
								<p>You are not signed in.</p>
								<div class="actions">
									<a class="button" href={signInUrl}>
										Sign in
									</a>
								</div>
							</>
						)}
					</section>
					<section class="card" aria-labelledby="programs">
						<h2 id="programs">For programs</h2>
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
					</section>
				</div>
			</>
		),
	});
}

function Accounts({ accounts }: Pick<HomeProps, "accounts">) {
	if (accounts.length === 0) return <p>You do not belong to an account yet. An administrator of one can add you.</p>;
	return (
		<>
			<h3>Your accounts</h3>
			<ul class="accounts">
				{accounts.map(({ slug, name, role }) => (
					<li key={slug}>
						<a href={`/console/${slug}`}>
							<Name text={name} />
						</a>{" "}
						<span class="muted">{roleLabel[role]}</span>
					</li>
				))}
			</ul>
			<div class="actions">
				<a class="button" href="/console">
					Open the console
				</a>
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
