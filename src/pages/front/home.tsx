import type { Role } from "../../domain/permission.ts";
import { renderDocument } from "../../ui/document.tsx";
import { Name, PersonName } from "../../ui/name.tsx";
import { LinkButton, SignOutForm } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { useWords } from "../../ui/words.ts";
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
	const { home: say, common } = shell.words;
	return renderDocument({
		shell,
		title: say.tab,
		width: "wide",
		children: (
			<>
				<div class="lead">
					<h1>{say.title}</h1>
					<p>{say.lead}</p>
				</div>
				<div class="cards">
					<Section class="card" id="you" title={say.you}>
						{person ? (
							<>
								<p>{say.signedInAs(<PersonName {...person} strong />)}</p>
								<Accounts accounts={accounts} />
								{signOut && <SignOutForm {...signOut} />}
							</>
						) : (
							<>
								<p>{say.notSignedIn}</p>
								<div class="actions">
									<LinkButton href={signInUrl} label={common.signIn} />
								</div>
							</>
						)}
					</Section>
					<Section class="card" id="programs" title={say.programs}>
						<dl>
							<dt>{say.issuer}</dt>
							<dd>
								<code>{issuer}</code>
							</dd>
							{documents.map(({ path, label }) => (
								<div key={path}>
									<dt>{say[label]}</dt>
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
	const { home: say, roles } = useWords();
	if (accounts.length === 0) return <p>{say.noAccount}</p>;
	return (
		<>
			<h3>{say.accounts}</h3>
			<ul class="accounts">
				{accounts.map(({ slug, name, role, isSuspended }) => (
					<li key={slug}>
						<a href={`/console/${slug}`}>
							<Name text={name} />
						</a>{" "}
						<span class="muted">{isSuspended ? say.suspended : roles[role]}</span>
					</li>
				))}
			</ul>
			<div class="actions">
				<LinkButton href="/console" label={say.openConsole} />
			</div>
		</>
	);
}

const documents = [
	// RFC 8414 §3
	{ path: "/.well-known/oauth-authorization-server", label: "metadata" },
	{ path: "/.well-known/jwks.json", label: "jwks" },
	{ path: "/openapi.json", label: "openapi" },
	{ path: "/docs", label: "docs" },
] as const;
