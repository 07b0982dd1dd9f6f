import { randomId } from "../../crypto/random.ts";
import { isStageName } from "../../domain/stage-name.ts";
import { page, seeOther } from "../../http/reply.ts";
import * as operations from "../../operations/events/environments.ts";
import { environmentsView, newEnvironmentView, replaceKeyView } from "./environments.tsx";
import { missingInConsole } from "../frame/missing.ts";
import { noticeOf } from "../frame/notice.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

const pageSize = 50;

/** `GET /console/:slug/environments` */
export const showEnvironments = inConsole("environments", "environments:read", async (visit) => {
	const { call, actor, frame } = visit;
	const { url, services } = call;
	const cursor = url.searchParams.get("cursor");
	const found = await operations.listEnvironments({ cursor, limit: pageSize }, actor, services);
	if (!found) return missingInConsole(visit);
	const switched = url.searchParams.get("switched");
	return page(
		200,
		environmentsView({
			frame,
			notice: noticeOf(url, sentences),
			environments: found.rows,
			nextUrl: found.next && `${baseOf(visit)}?cursor=${encodeURIComponent(found.next)}`,
			mayWrite: actor.permissions.includes("environments:write"),
			eventsUrl: `${services.config.issuer}/v1/events`,
			undo: switched === null ? null : await operations.findEnvironment(switched, actor, services),
		}),
	);
});

/** `GET`, `POST /console/:slug/environments/new` */
export const newEnvironment = inConsole("environments", "environments:write", async (visit) => {
	const { call, actor, form, frame } = visit;
	const { request, services } = call;
	const values = { workspace: (form.get("workspace") ?? "").trim(), name: (form.get("name") ?? "").trim() };
	const given = form.get("id") ?? "";
	const id = /^[\w-]{21}[AQgw]$/.test(given) ? given : randomId(services.random);
	const again = (status: number, errors: Parameters<typeof newEnvironmentView>[0]["errors"]) =>
		page(status, newEnvironmentView({ frame, id, values, errors }));
	if (request.method !== "POST") return again(200, {});

	const rule = "Use 1 to 40 small letters, digits and hyphens.";
	const errors = {
		...(!isStageName(values.workspace) && { workspace: rule }),
		...(!isStageName(values.name) && { name: rule }),
	};
	if (Object.keys(errors).length > 0) return again(400, errors);
	const outcome = await operations.createEnvironment({ id, ...values }, actor, services);
	if (outcome.kind === "created") return seeOther(`${baseOf(visit)}?done=created`);
	return again(409, { name: `The workspace ${values.workspace} has an environment of this name already.` });
});

/** `POST /console/:slug/environments/:id/enabled` with `enabled`, which is `on` or `off`. */
export const switchEnvironment = inConsole("environments", "environments:write", async (visit) => {
	const { call, actor, form } = visit;
	const enabled = form.get("enabled") === "on";
	const changed = await operations.switchEnvironment(call.params.id ?? "", enabled, actor, call.services);
	if (!changed) return missingInConsole(visit);
	return seeOther(`${baseOf(visit)}?done=${enabled ? "on" : "off"}&switched=${changed.id}`);
});

/** `GET`, `POST /console/:slug/environments/:id/rotate_key`: asks first, naming what stops working. */
export const rotateKey = inConsole("environments", "environments:write", async (visit) => {
	const { call, actor, form, frame } = visit;
	const { request, services } = call;
	const found = await operations.findEnvironment(call.params.id ?? "", actor, services);
	if (!found) return missingInConsole(visit);
	if (request.method === "POST") {
		// The key that was shown when the question was asked: pressed twice, one key is replaced.
		const version = Number(form.get("version"));
		const outcome = await operations.rotateEnvironmentKey(found.id, version, actor, services);
		return seeOther(`${baseOf(visit)}?done=${outcome.kind === "used_up" ? "used_up" : "rotated"}`);
	}
	return page(200, replaceKeyView({ frame, environment: found, version: found.keyVersion }));
});

function baseOf({ account }: Visit): string {
	return `/console/${account.slug}/environments`;
}

const sentences = {
	created: "The environment is there. Its public key is good at once.",
	on: "Switched on. Events with its public key are taken again within 30 seconds.",
	off: "Switched off. Events with its public key are refused within 30 seconds.",
	rotated: "The public key was replaced. The new one is good at once; the old one stops working within 30 seconds.",
	used_up: "This environment's key was replaced as often as it can be. Make another environment.",
};
