import type { Platform } from "../../domain/ports/platform.ts";
import type { Seconds } from "../../domain/brands.ts";
import { accountDomainStore } from "../sql/account-domain-store.ts";
import { accountExportStore } from "../sql/account-export-store.ts";
import { accountRemovalStore } from "../sql/account-removal-store.ts";
import { accountStore } from "../sql/account-store.ts";
import { alertMail } from "../sql/alert-mail.ts";
import { idempotencyStore } from "../sql/idempotency-store.ts";
import { alertStore } from "../sql/alert-store.ts";
import { auditStore } from "../sql/audit-store.ts";
import { clientStore } from "../sql/client-store.ts";
import { deploymentClients } from "../sql/deployment-clients.ts";
import { emailLinks } from "../sql/email-links.ts";
import { environmentStore } from "../sql/environment-store.ts";
import { events } from "../sql/events.ts";
import { invitationStore } from "../sql/invitation-store.ts";
import { keyCopies } from "../sql/key-copies.ts";
import { keyStore } from "../sql/key-store.ts";
import { oneTimeCodeStore } from "../sql/one-time-code-store.ts";
import { operatorStore } from "../sql/operator-store.ts";
import { pairInstalls } from "../sql/pair-installs.ts";
import { signInProviderStore } from "../sql/sign-in-provider-store.ts";
import { trustedIssuerStore } from "../sql/trusted-issuer-store.ts";
import { apiStore } from "../sql/api-store.ts";
import { passkeyStore } from "../sql/passkey-store.ts";
import { peopleStore } from "../sql/people-store.ts";
import { recoveryStore } from "../sql/recovery-store.ts";
import { register } from "../sql/register.ts";
import { usageStore } from "../sql/usage-store.ts";
import { webhookDeliveryStore } from "../sql/webhook-delivery-store.ts";
import { webhookStore } from "../sql/webhook-store.ts";
import { type DataFiles, type FileName, openFolder } from "./data-folder.ts";
import { fileCodes } from "./file-codes.ts";
import { fileDeviceRequests } from "./file-device-requests.ts";
import { fileKeyRings } from "./file-key-rings.ts";
import { fileLedgers } from "./file-ledgers.ts";
import { fileLimiter } from "./file-limiter.ts";
import { type SendDueLogouts, upkeep } from "./upkeep.ts";

/** One machine: every store in one folder, which several processes may share. */
export interface NodePlatform {
	readonly platform: Platform;
	/**
	 * What alarms do on Cloudflare: deletes what is due in ledgers, tallies and codes, copies verdicts that a request left uncopied,
	 * and has clients told of the sign-ins that are over. To be called every minute or so; costs next to nothing where nothing is due. What it could not do it
	 * tries again the next time.
	 */
	readonly upkeep: (sendDueLogouts?: SendDueLogouts) => Promise<void>;
	/** Afterwards nothing of the platform may be used. */
	readonly close: () => void;
	/** For whoever repairs or tests: what no port reads. */
	readonly files: DataFiles;
}

export interface PlatformOptions {
	/** The clock of ledgers, limits and codes. */
	readonly now?: () => Seconds;
	/** Where the folders `register`, `events` and `ledgers` of migrations are, for a bundle that lies elsewhere. */
	readonly migrations?: URL;
	/** For how many milliseconds a write waits for that of another process. */
	readonly patience?: number;
	/** Files that are gone for good, and may be made anew beside the others. */
	readonly lost?: readonly FileName[];
}

/** Makes the folder where there is none; `:memory:` ends with the process. Throws `FolderRefused`. */
export function openPlatform(folder: string, options: PlatformOptions = {}): NodePlatform {
	const { now = systemClock, migrations = besideTheSources, patience = 5000, lost = [] } = options;
	const files = openFolder(folder, migrations, patience, lost);
	const { register: main, events: noted, ledgers: file } = files;
	const ledgers = fileLedgers(file, now);
	return {
		platform: {
			codes: fileCodes(file, now),
			ledgers,
			keyRings: fileKeyRings(file, now),
			limiter: fileLimiter(file, now),
			deviceRequests: fileDeviceRequests(file, now),
			register: register(main),
			keyRegister: keyStore(main),
			events: events(noted),
			alerts: alertStore(noted),
			usage: usageStore(noted),
			alertMail: alertMail(main),
			idempotency: idempotencyStore(main),
			keyCopies: keyCopies(main),
			pairInstalls: pairInstalls(main),
			clients: clientStore(main),
			deploymentClients: deploymentClients(main),
			environments: environmentStore(main),
			people: peopleStore(main),
			passkeys: passkeyStore(main),
			emailLinks: emailLinks(main),
			invitations: invitationStore(main),
			recovery: recoveryStore(main),
			oneTimeCodes: oneTimeCodeStore(main),
			apis: apiStore(main),
			trustedIssuers: trustedIssuerStore(main),
			signInProviders: signInProviderStore(main),
			accountDomains: accountDomainStore(main),
			operators: operatorStore(main),
			accounts: accountStore(main),
			accountExport: accountExportStore(main, noted),
			accountRemoval: accountRemovalStore(main),
			auditLog: auditStore(main),
			webhooks: webhookStore(main),
			webhookDeliveries: webhookDeliveryStore(noted),
		},
		upkeep: (sendDueLogouts = async () => {}) => upkeep(files, ledgers, now(), sendDueLogouts),
		close() {
			for (const each of Object.values(files)) each.close();
		},
		files,
	};
}

const besideTheSources = new URL("../sql/migrations/", import.meta.url);

function systemClock(): Seconds {
	return Math.floor(Date.now() / 1000);
}
