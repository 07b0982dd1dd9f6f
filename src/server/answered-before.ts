import type { ServerRequest } from "srvx";
import type { Before } from "../app.ts";
import type { Config } from "../config.ts";
import { problem } from "../http/problem.ts";
import { refuseOutsiders } from "../local-only.ts";
import type { StaticFiles } from "./static-files.ts";

/** What is no request for the app: one that is framed for two readings, one that names no host, one for another, one for a file. */
export function answeredBefore(files: StaticFiles, config: Config): Before {
	return (request: ServerRequest, url) => {
		const malformed = framingProblem(request);
		if (malformed !== null) return problem(400, malformed, { title: "Bad Request", headers: { connection: "close" } });
		if (!url) return problem(400, "The Host header names no host.", { title: "Bad Request" });
		return refuseOutsiders(url, config) ?? files(request, url.pathname);
	};
}

/** What Node lets pass, and a proxy in front of it may have read otherwise. */
function framingProblem({ headers, runtime }: ServerRequest): string | null {
	const sent = runtime?.node?.req;
	// RFC 9112 §3.2: more than one. Node keeps the first; others join them.
	const hosts = sent?.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length ?? 1;
	if (hosts > 1 || headers.get("host")?.includes(",")) return "There is more than one Host header.";
	// RFC 9112 §6.1: an HTTP/1.0 sender knows no transfer coding, so that its framing is faulty.
	const isFaulty = sent?.httpVersion === "1.0" && sent.headers["transfer-encoding"] !== undefined;
	return isFaulty ? "HTTP/1.0 has no transfer coding." : null;
}
