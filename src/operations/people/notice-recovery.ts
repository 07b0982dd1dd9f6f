import type { AlertKind } from "../../domain/alert.ts";
import type { Person } from "../../domain/person.ts";
import type { RecoveryKind } from "../../domain/recovery.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Tells every account of a person how somebody came, or could come, to their name without the password. */
export function noticeRecovery(
	kind: "recovery_link_made" | "password_recovered" | "passkey_recovered",
	person: Person,
	by: RecoveryKind | "code",
	services: Services,
): void {
	notice(kind, person, { by }, services);
}

/** And whether their password alone opens it. */
export function noticeCodes(person: Person, now: "on" | "off" | "changed", services: Services): void {
	notice("one_time_codes_changed", person, { now }, services);
}

/** And that somebody else is taken at their word for who they are. */
export function noticeProvider(person: Person, provider: string, services: Services): void {
	notice("provider_linked", person, { provider }, services);
}

function notice(kind: AlertKind, person: Person, what: Readonly<Record<string, string>>, services: Services): void {
	services.alertBell.ring(kind, `${person.id} ${Object.values(what).join(" ")}`, async () => {
		const accounts = await portsOf(services).register.accountsOf(person.id);
		const detail = { username: person.username, ...what };
		return accounts.map(({ account }) => ({ accountId: account.id, subject: person.id, target: "", detail }));
	});
}
