import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A certificate authority of its own and one server's certificate from it, as PEM. */
export interface Certificates {
	readonly ca: string;
	readonly cert: string;
	readonly key: string;
	/** The same in files: what NODE_EXTRA_CA_CERTS and a web server's configuration take. */
	readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** For every name of this machine, good for a day; the files are put into the folder. */
export async function makeCertificates(folder: string): Promise<Certificates> {
	// An hour in the past, for clients whose clock is a little behind.
	const common = { keyType: "ec", algorithm: "sha256", notBeforeDate: new Date(Date.now() - 3_600_000) } as const;
	const notAfterDate = new Date(Date.now() + 86_400_000);
	const authority = await generate([{ name: "commonName", value: "latchkey test authority" }], {
		...common,
		notAfterDate,
		extensions: [
			{ name: "basicConstraints", cA: true, critical: true },
			{ name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
		],
	});
	const server = await generate([{ name: "commonName", value: "localhost" }], {
		...common,
		notAfterDate,
		ca: { key: authority.private, cert: authority.cert },
		extensions: [
			{ name: "basicConstraints", cA: false, critical: true },
			{ name: "keyUsage", digitalSignature: true, critical: true },
			{ name: "extKeyUsage", serverAuth: true },
			{
				name: "subjectAltName",
				altNames: [
					{ type: 2, value: "localhost" },
					{ type: 7, ip: "127.0.0.1" },
					{ type: 7, ip: "::1" },
				],
			},
		],
	});
	const pem = { ca: authority.cert, cert: server.cert, key: server.private };
	const files = { ca: join(folder, "ca.pem"), cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
	await writeFile(files.ca, pem.ca);
	await writeFile(files.cert, pem.cert);
	await writeFile(files.key, pem.key, { mode: 0o600 });
	return { ...pem, files };
}
