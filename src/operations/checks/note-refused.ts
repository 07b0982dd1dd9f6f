import type { Permission } from "../../domain/permission.ts";
import type { Actor } from "../actor.ts";
import { auditFirst, entryOf } from "../audit.ts";
import type { Services } from "../services.ts";

/** Somebody who is let in asked for what they may not do: the first of a day of each permission. */
export function noteRefused(actor: Actor, permission: Permission, services: Services): void {
	auditFirst(entryOf(actor, { action: "access.refused", target: permission }, services), services);
}
