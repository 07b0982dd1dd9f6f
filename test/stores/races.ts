import type { Platform } from "../../src/domain/ports/platform.ts";
import type { SubjectId } from "../../src/domain/subject.ts";
import { ringKey, redeem, times } from "./builders.ts";
import { account, auditEntry, person } from "./register-builders.ts";

export interface About {
	/** Of the process, so that it makes no id that another makes. */
	readonly mark: string;
	readonly subject: SubjectId;
	readonly grantId: string;
}

/** What each process does fifty times, and answers with one word for each time. */
export const races = {
	redeem: (platform: Platform, { mark, subject, grantId }: About) =>
		all(async (index) => {
			const command = redeem({ attempt: `${mark}-${index}` });
			return (await platform.ledgers.of(subject).redeem(grantId, command)).kind;
		}),
	take: (platform: Platform, { grantId }: About) =>
		all(async () => String(await platform.limiter.take(grantId, { attempts: 10, window: 600 }))),
	advance: (platform: Platform, { mark }: About) =>
		all(async (index) => {
			const candidates = [ringKey(`${mark}-${index}-a`), ringKey(`${mark}-${index}-b`)];
			return JSON.stringify(
				await platform.keyRings.advance("EdDSA", candidates, { rotateEvery: 86_400 * 30, isWanted: true }),
			);
		}),
	setUp: (platform: Platform, { mark }: About) =>
		all(async (index) => {
			const id = `${mark}-${index}`;
			const first = {
				account: { ...account(), id, slug: id },
				person: { ...person(), username: id },
				entry: auditEntry(),
			};
			return platform.register.setUp(first);
		}),
} as const;

export type Race = keyof typeof races;

function all(step: (index: number) => Promise<string>): Promise<string[]> {
	return Promise.all(times(50, step));
}
