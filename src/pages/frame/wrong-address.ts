import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { type ProblemOptions, problem } from "../../http/problem.ts";
import { page } from "../../http/reply.ts";
import { problemView } from "../../ui/problem.tsx";

/** A refusal of the address itself, or of what is done with it: a page for who came by a browser, else a problem (RFC 9457). */
export async function wrongAddress(
	call: Pick<Call, "request" | "services">,
	status: 404 | 405,
	detail: string,
	headers: NonNullable<ProblemOptions["headers"]>,
): Promise<Response> {
	if (!wantsPage(call.request)) return problem(status, detail, { headers });
	const shell = await shellOf(call);
	const { nothingHere: nothing, notForBrowser } = shell.words.problems;
	const said = status === 404 ? nothing : { ...notForBrowser, detail: notForBrowser.detail(headers.allow ?? "") };
	return page(status, problemView({ shell, what: nothing.what, ...said }), headers);
}

/** Where no route lies, and where whoever asks may not see that one does. */
export function nothingHere(call: Call): Promise<Response> {
	return wrongAddress(call, 404, "There is nothing at this address.", {});
}

/**
 * RFC 9110 §12.5.1, as far as it tells people from programs: browsers accept `text/html` wherever somebody goes, and programs
 * that take JSON name it. Which of two is weighted higher says nothing of who asks.
 */
function wantsPage(request: Request): boolean {
	const accepted = (request.headers.get("accept") ?? "").toLowerCase().split(",");
	const types = accepted.flatMap((range) => {
		const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
		return parameters.some((each) => /^q=0(?:\.0*)?$/.test(each)) ? [] : [type];
	});
	return types.includes("text/html") && !types.some((type) => type.endsWith("json"));
}
