/** What a workspace or an environment may be called: it stands in URLs, configuration files and other people's code. */
export const stageNamePattern = /^[a-z0-9-]{1,40}$/;

export function isStageName(text: string): boolean {
	return stageNamePattern.test(text);
}
