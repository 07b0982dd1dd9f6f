import { bounds, isFull } from "../../domain/bounds.ts";
import { randomId } from "../../crypto/random.ts";
import { isStageName } from "../../domain/environment.ts";
import { page } from "../../http/reply.ts";
import * as operations from "../../operations/events/environments.ts";
import { doneAt, nextUrl } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { environmentsView, newEnvironmentView, type NewEnvironmentProps, replaceKeyView } from "./environments.tsx";

/** `GET /console/:slug/environments` */
export const environmentsPage = inConsole("environments", "environments:read", async (visit) => {
	const { url, services, actor, frame } = visit;
	const cursor = url.searchParams.get("cursor");
	const found = await operations.listEnvironments({ cursor, limit: 50 }, actor, services);
	if (!found) return notThere(visit);
	const switched = url.searchParams.get("switched");
	return page(
		200,
		environmentsView({
			frame,
			environments: found.rows,
			nextUrl: nextUrl(visit, found.next),
			mayWrite: actor.permissions.includes("environments:write"),
			eventsUrl: `${services.config.issuer}/v1/events`,
			undo: switched === null ? null : await operations.findEnvironment(switched, actor, services),
		}),
	);
});

/** `GET`, `POST /console/:slug/environments/new` */
export const newEnvironmentPage = inConsole("environments", "environments:write", async (visit) => {
	const { services, actor, form, frame } = visit;
	const values = { workspace: (form.get("workspace") ?? "").trim(), name: (form.get("name") ?? "").trim() };
	const given = form.get("id") ?? "";
	const id = /^[\w-]{21}[AQgw]$/.test(given) ? given : randomId(services.random);
	const again = (status: number, errors: NewEnvironmentProps["errors"]) =>
		page(status, newEnvironmentView({ frame, id, values, errors }));
	if (!visit.isPost) return again(200, {});

	const rule = "Use 1 to 40 small letters, digits and hyphens.";
	const errors = {
		...(!isStageName(values.workspace) && { workspace: rule }),
		...(!isStageName(values.name) && { name: rule }),
	};
	if (Object.keys(errors).length > 0) return again(400, errors);
	const outcome = await operations.createEnvironment({ id, ...values }, actor, services);
	if (outcome.kind === "created") return doneAt(baseOf(visit), "created");
	if (outcome.kind === "full") return again(409, { name: isFull(bounds.environments) });
	return again(409, { name: `The workspace ${values.workspace} has an environment of this name already.` });
});

/** `POST /console/:slug/environments/:id/enabled` with `enabled`, which is `on` or `off`. */
export const switchEnvironmentPage = inConsole("environments", "environments:write", async (visit) => {
	const { services, params, actor, form } = visit;
	const enabled = form.get("enabled") === "on";
	const changed = await operations.switchEnvironment(params.id ?? "", enabled, actor, services);
	if (!changed) return notThere(visit, "environment");
	return doneAt(baseOf(visit), enabled ? "on" : "off", { switched: changed.id });
});

/** `GET`, `POST /console/:slug/environments/:id/rotate_key`: asks first, naming what stops working. */
export const replaceKeyPage = inConsole("environments", "environments:write", async (visit) => {
	const { services, params, actor, form, frame } = visit;
	const id = params.id ?? "";
	if (!visit.isPost) {
		const environment = await operations.findEnvironment(id, actor, services);
		if (!environment) return notThere(visit, "environment");
		return page(200, replaceKeyView({ frame, environment, version: environment.keyVersion }));
	}
	// The key that was shown when the question was asked: pressed twice, one key is replaced.
	const outcome = await operations.rotatePublicKey(id, Number(form.get("version")), actor, services);
	return outcome.kind === "unknown" ? notThere(visit, "environment") : doneAt(baseOf(visit), outcome.kind);
});

function baseOf({ frame }: Visit): string {
	return `${frame.base}/environments`;
}
