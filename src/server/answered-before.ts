import type { Before } from "../app.ts";
import type { Config } from "../config.ts";
import { problem } from "../http/problem.ts";
import { refuseOutsiders } from "../local-only.ts";
import type { StaticFiles } from "./static-files.ts";

/** What is no request for the app: one that names no host, one for another, one for a file. */
export function answeredBefore(files: StaticFiles, config: Config): Before {
	return (request) => {
		if (!URL.canParse(request.url)) return problem(400, "The Host header names no host.", { title: "Bad Request" });
		const url = new URL(request.url);
		return refuseOutsiders(url.href, config) ?? files(request, url.pathname);
	};
}
