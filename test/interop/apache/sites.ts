import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificates } from "../../peers/certificates.ts";

/** latchkey reads no X-Forwarded header, and takes its own name from ISSUER: nothing more is needed than this. */
export function reverseProxy(port: number, to: number, certificates: Certificates): string {
	return virtualHost("localhost", port, certificates, ["ProxyPreserveHost On", `ProxyPass / http://127.0.0.1:${to}/`]);
}

export interface RelyingParty {
	readonly port: number;
	/** Directives of mod_auth_openidc, beside those that every relying party here has. */
	readonly directives: Readonly<Record<string, string>>;
}

/**
 * A site whose `/private/` needs a login, and whose `/api/` takes access tokens. At 127.0.0.1, for browsers another site
 * than localhost.
 */
export function relyingParty({ port, directives }: RelyingParty, site: string, certificates: Certificates): string {
	const origin = `https://127.0.0.1:${port}`;
	const all = {
		OIDCRedirectURI: `${origin}/private/callback`,
		OIDCRedirectURLsAllowed: `^${origin}/`,
		OIDCCryptoPassphrase: randomBytes(24).toString("hex"),
		OIDCSSLValidateServer: "On",
		OIDCOAuthSSLValidateServer: "On",
		OIDCCABundlePath: `"${certificates.files.ca}"`,
		OIDCScope: '"openid profile email offline_access events:read"',
		OIDCInfoHook: "iat access_token id_token userinfo refresh_token session",
		OIDCPassClaimsAs: "environment",
		OIDCCacheEncrypt: "On", // else a token is a key of its cache, and too long for one
		...directives,
	};
	return virtualHost("127.0.0.1", port, certificates, [
		...Object.entries(all).map(([name, value]) => `${name} ${value}`),
		`DocumentRoot "${site}"`,
		`<Directory "${site}">`,
		"\tOptions +Includes",
		"\tRequire all granted",
		"</Directory>",
		"<Location /private>",
		"\tAuthType openid-connect",
		"\tRequire valid-user",
		"</Location>",
		"<Location /api>",
		"\tAuthType oauth20",
		"\tRequire valid-user",
		"</Location>",
	]);
}

/** The files of such a site. */
export async function makeSite(folder: string): Promise<void> {
	await mkdir(join(folder, "private"), { recursive: true });
	await mkdir(join(folder, "api"));
	await writeFile(join(folder, "index.html"), page("Welcome", ""));
	await writeFile(join(folder, "private/index.shtml"), page("Private", claims));
	await writeFile(join(folder, "api/index.shtml"), echo("OIDC_CLAIM_scope"));
}

const claims = ["sub", "preferred_username", "name", "email", "iss", "aud", "acr"]
	.map((name) => `<dt>${name}</dt><dd id="${name}">${echo(`OIDC_CLAIM_${name}`)}</dd>`)
	.join("\n");

function echo(name: string): string {
	return `<!--#echo var="${name}" -->`;
}

function page(title: string, list: string): string {
	return `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><dl>${list}</dl></html>`;
}

function virtualHost(name: string, port: number, { files }: Certificates, lines: readonly string[]): string {
	return `
Listen 127.0.0.1:${port} https
<VirtualHost 127.0.0.1:${port}>
	ServerName ${name}:${port}
	SSLEngine on
	SSLCertificateFile "${files.cert}"
	SSLCertificateKeyFile "${files.key}"
	${lines.join("\n\t")}
</VirtualHost>
`;
}
