import { page } from "../../http/reply.ts";
import { countDeployment } from "../../operations/people/operators.ts";
import { exportLog, showAudit } from "../account/audit.ts";
import { visitAsOperator } from "../frame/visit-as-operator.ts";
import { overviewView } from "./overview.tsx";

/** `GET /operator` */
export const overviewPage = visitAsOperator("overview", async ({ services, frame }) => {
	const counts = await countDeployment(services);
	return page(200, overviewView({ frame, counts, issuer: services.config.issuer }));
});

/** `GET /operator/audit` */
export const operatorAuditPage = visitAsOperator("audit", (visit) => showAudit(visit, { accountId: null }));

/** `POST /operator/audit/export` */
export const operatorExportPage = visitAsOperator("audit", (visit) => exportLog(visit, visit.operator));
