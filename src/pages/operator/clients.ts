import type { DeploymentClient } from "../../domain/ports/deployment-clients.ts";
import { page } from "../../http/reply.ts";
import {
	clientIdOf,
	endForAll,
	findDeploymentClient,
	listDeploymentClients,
	pathIdOf,
} from "../../operations/clients/deployment-clients.ts";
import { doneAt, nextUrl } from "../frame/address.ts";
import { notForRole, notThereAtAll } from "../frame/refusal.ts";
import { type OperatorVisit, visitAsOperator } from "../frame/visit-as-operator.ts";
import { clientsView, clientView, endClientView } from "./clients.tsx";
import { onlyOperators } from "./operators.ts";

const base = "/operator/clients";

/** `GET /operator/clients?search=` */
export const clientsPage = visitAsOperator("clients", async (visit) => {
	const { url, services, frame } = visit;
	const search = (url.searchParams.get("search") ?? "").trim();
	const cursor = url.searchParams.get("cursor");
	const found = await listDeploymentClients(search, { cursor, limit: 50 }, services);
	if (!found) return notThereAtAll(visit, "page of this list");
	const kept = search === "" ? {} : { search };
	const clients = found.rows.map(linked);
	return page(200, clientsView({ frame, search, clients, nextUrl: nextUrl(visit, found.next, kept) }));
});

/** `GET /operator/clients/:client_id` */
export const clientPage = visitAsOperator("clients", async (visit) => {
	const found = await findHere(visit);
	if (!found) return notThereAtAll(visit, "client");
	const { client, granted } = found;
	return page(200, clientView({ frame: visit.frame, client: linked(client), granted }));
});

/** `GET`, `POST /operator/clients/:client_id/end`: asks first, since there is no way back. */
export const endClientPage = visitAsOperator("clients", async (visit) => {
	const { services, operator, frame } = visit;
	const found = await findHere(visit);
	if (!found) return notThereAtAll(visit, "client");
	const client = linked(found.client);
	if (!visit.isPost) return page(200, endClientView({ frame, client, granted: found.granted }));
	switch (await endForAll(client.id, operator, services)) {
		case "ended":
			return doneAt(client.url, "ended");
		case "unknown":
			return notThereAtAll(visit, "client");
		case "not_permitted":
			return notForRole(visit, onlyOperators);
	}
});

async function findHere({ params, services }: OperatorVisit) {
	const id = clientIdOf(params.client_id ?? "");
	return id === null ? null : findDeploymentClient(id, services);
}

function linked(client: DeploymentClient) {
	return { ...client, url: `${base}/${pathIdOf(client.id)}` };
}
