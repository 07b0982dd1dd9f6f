/**
 * GitHub's OAuth says nothing of who somebody is; its user API does. As the claims that OpenID Connect has for it. Its number stays
 * one user's for ever, while a login can be given up and taken by another.
 */
export function readGithubUser(user: unknown, emails: unknown): Readonly<Record<string, unknown>> {
	const { id, login, name } = membersOf(user);
	const primary = [emails]
		.flat()
		.map(membersOf)
		.find((each) => each.primary === true);
	return {
		sub: Number.isSafeInteger(id) ? String(id) : undefined,
		preferred_username: login,
		name: typeof name === "string" ? name : login,
		...(primary && { email: primary.email, email_verified: primary.verified }),
	};
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
