/**
 * GitHub's OAuth says nothing of who somebody is; its user API does. As the claims that OpenID Connect has for it. Its number stays
 * one user's for ever, while a login can be given up and taken by another. Groups are organizations (`acme`) and teams (`acme/ops`).
 */
export function readGithubUser(answered: {
	readonly user: unknown;
	readonly emails: unknown;
	readonly orgs: unknown;
	readonly teams: unknown;
}): Readonly<Record<string, unknown>> {
	const { id, login, name } = membersOf(answered.user);
	const primary = listOf(answered.emails).find((each) => each.primary === true);
	return {
		sub: Number.isSafeInteger(id) ? String(id) : undefined,
		preferred_username: login,
		name: typeof name === "string" ? name : login,
		...(primary && { email: primary.email, email_verified: primary.verified }),
		groups: [
			...listOf(answered.orgs).map((org) => org.login),
			...listOf(answered.teams).map(
				({ slug, organization }) => `${String(membersOf(organization).login)}/${String(slug)}`,
			),
		],
	};
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
	return Array.isArray(value) ? value.map(membersOf) : [];
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
