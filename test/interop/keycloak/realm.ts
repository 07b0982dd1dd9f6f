/** The realm of a company, as Keycloak imports it: a client of these names, a group for whoever works there, and people. */
export function realmOf(
	client: { readonly id: string; readonly secret: string },
	uris: { readonly back: string; readonly out: string },
) {
	return {
		realm: "acme",
		enabled: true,
		sslRequired: "none",
		groups: [{ name: "staff" }],
		users: [employee("rosa", "Rosa", ["/staff"]), employee("mallory", "Mallory", [])],
		clients: [
			{
				clientId: client.id,
				secret: client.secret,
				redirectUris: [uris.back],
				attributes: { "post.logout.redirect.uris": uris.out, "pkce.code.challenge.method": "S256" },
				protocolMappers: [
					{
						name: "groups",
						protocol: "openid-connect",
						protocolMapper: "oidc-group-membership-mapper",
						config: { "claim.name": "groups", "full.path": "false", "id.token.claim": "true" },
					},
				],
			},
		],
	};
}

/** Who signs in with their name and {@link passwordOf} it. */
function employee(username: string, firstName: string, groups: readonly string[]) {
	return {
		username,
		enabled: true,
		email: `${username}@acme.example`,
		emailVerified: true,
		firstName,
		lastName: "of Acme",
		groups,
		credentials: [{ type: "password", value: passwordOf(username) }],
	};
}

export function passwordOf(username: string): string {
	return `${username} at work`;
}
