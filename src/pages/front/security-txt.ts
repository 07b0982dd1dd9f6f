import { problem } from "../../http/problem.ts";
import { empty } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";

const day = 86_400;
/** RFC 9116 §2.5.5: less than a year into the future. */
const preset = 180 * day;

/** RFC 9116: whom to tell of a weakness of this deployment. There where the configuration names somebody. */
function showSecurityTxt({ services }: Call): Response {
	const { issuer, securityContacts, securityExpires } = services.config;
	if (securityContacts.length === 0) return problem(404, "Nobody is named here to report to.");
	const expires = securityExpires ?? new Date((services.now() - (services.now() % day) + preset) * 1000);
	const lines = [
		...securityContacts.map((contact) => `Contact: ${contact}`),
		`Expires: ${expires.toISOString()}`,
		`Canonical: ${issuer}/.well-known/security.txt`,
	];
	const { headers } = empty(200, {
		"cache-control": "public, max-age=300",
		"content-type": "text/plain; charset=utf-8",
	});
	return new Response(`${lines.join("\n")}\n`, { headers });
}

export const securityTxtEndpoint = endpoint(showSecurityTxt, {
	tag: "Discovery",
	summary: "Whom to tell of a weakness of this deployment",
	description: "RFC 9116, made of `SECURITY_CONTACT` and `SECURITY_EXPIRES`.",
	credentials: [],
	answers: {
		200: { description: "`Contact`, `Expires` and `Canonical`.", media: "text/plain" },
		404: { description: "This deployment names nobody." },
	},
});
