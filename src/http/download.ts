import { empty } from "./reply.ts";

/** A file to be saved, never shown. Its name is ASCII of ours. */
export function download(
	status: number,
	{ media, text, fileName }: { readonly media: string; readonly text: string; readonly fileName: string },
): Response {
	const { headers } = empty(status, {
		"content-type": media,
		"content-disposition": `attachment; filename="${fileName}"`,
	});
	return new Response(text, { status, headers });
}
