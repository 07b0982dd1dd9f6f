import "./older-node.ts";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "srvx";
import { type App, createApp } from "../app.ts";
import { checkMail, type Config, ConfigError, readConfig } from "../config.ts";
import { systemRandom } from "../crypto/random.ts";
import type { Seconds } from "../domain/brands.ts";
import type { Mail } from "../domain/mail.ts";
import { thrown } from "../domain/log-line.ts";
import { seedDemo } from "../operations/upkeep/seed-demo.ts";
import type { Log } from "../operations/log.ts";
import { createOutbound } from "../operations/clients/outbound.ts";
import { createServices } from "../operations/upkeep/create-services.ts";
import { FolderRefused } from "../platform/node/folder-refused.ts";
import { type NodePlatform, openPlatform } from "../platform/node/platform.ts";
import { smtpMail } from "../platform/node/smtp-mail.ts";
import { answeredBefore } from "./answered-before.ts";
import { clientAddress } from "./client-address.ts";
import { closeGently } from "./close-gently.ts";
import { publicFetch } from "./public-fetch.ts";
import { checkRuntime } from "./runtime.ts";
import { readSettings, type Settings } from "./settings.ts";
import { readStaticFiles } from "./static-files.ts";
import { every } from "./timers.ts";

export interface Surroundings {
	readonly variables: Readonly<Record<string, string | undefined>>;
	/** Where the static files are, and the migrations: folders that a bundle has beside it. */
	readonly folders: { readonly public: URL; readonly migrations: URL };
	readonly now: () => Seconds;
	readonly log: Log;
	/** Where a developer reads the mail that goes nowhere. */
	readonly show?: (text: string) => void;
	readonly times?: ConnectionTimes;
}

/** In milliseconds: how long a connection may keep the server waiting. Only Node heeds them. */
interface ConnectionTimes {
	/** Between two requests. */
	readonly keepAliveTimeout: number;
	/** For a request's headers, and for the whole of it, whether or not anybody reads its body: http/body.ts gives up before. */
	readonly headersTimeout: number;
	readonly requestTimeout: number;
	/** How often these two are looked at. Node's own 30 s would let a request take that much longer. */
	readonly connectionsCheckingInterval: number;
}

const usualTimes: ConnectionTimes = {
	// A proxy drops idle connections after a minute or less. It has to be first: what it sent into a closed one would be lost.
	keepAliveTimeout: 75_000,
	headersTimeout: 20_000,
	requestTimeout: 60_000,
	connectionsCheckingInterval: 1000,
};

export interface RunningServer {
	readonly app: App;
	readonly port: number;
	/** Accepts nothing more, finishes what is under way, but waits no longer than {@link patience}, and closes the storage. */
	stop(): Promise<void>;
}

/** In milliseconds. A request takes a few; one with a password may have to wait for other hashes. */
const patience = 10_000;

/** Answers requests from the moment on that it resolves. Throws a {@link ConfigError} for whatever its operator can put right. */
export async function startServer(surroundings: Surroundings): Promise<RunningServer> {
	const { variables, folders, now, log, show, times = usualTimes } = surroundings;
	checkRuntime(process.versions);
	const config = readConfig(variables);
	const settings = readSettings(variables);
	const mail = checkMail(mailBy(settings, config), "SMTP_URL", config);
	const files = await readStaticFiles(folders.public, config.basePath);
	const storage = openStorage(settings, folders.migrations, now);
	/** Requests, whether or not their clients are still there, and what goes on after their answers. */
	const underWay = new Set<Promise<unknown>>();
	const stopping = new AbortController();

	const services = createServices(config, storage.platform, {
		now,
		random: systemRandom,
		log,
		later: (work) => void finish(work),
		// What was only counted is written now, and not in a few seconds.
		pause: (span) => sleep(span * 1000, undefined, { signal: stopping.signal }).catch(() => {}),
		outbound: createOutbound(config, publicFetch(config)),
		readStatic: (path) => readFile(new URL(`static/${path}`, folders.public), "utf8"),
		mail,
		...(show && { show }),
	});
	const app = createApp(services, answeredBefore(files, config));
	const server = serve({
		manual: true,
		silent: true,
		gracefulShutdown: false,
		hostname: settings.host,
		port: settings.port,
		fetch: (request) => {
			const address = clientAddress(settings.clientAddress, request.headers, request.ip ?? null);
			return finish(closeWhereLast(app.fetch(request, address)));
		},
		node: times,
	});
	try {
		if (config.demoData) await seedDemo(services);
		await server.serve();
	} catch (error) {
		storage.close();
		throw whyNotListening(error, settings);
	}
	const timers = [
		every(60, () => orLog("upkeep.failed", () => storage.upkeep((subject) => app.sendDueLogouts(subject)))),
		every(60, () => orLog("webhooks.failed", () => app.catchUpWebhooks())),
		every(3600, () => orLog("cron.failed", () => app.scheduled())),
	];

	return { app, port: Number(new URL(server.url ?? "").port || "80"), stop };

	async function stop(): Promise<void> {
		stopping.abort();
		let timeout: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise((resolve) => (timeout = setTimeout(resolve, patience)));
		await Promise.race([finished(), late]);
		clearTimeout(timeout);
		storage.close();
	}

	async function finished(): Promise<void> {
		await Promise.all([closeGently(server), ...timers.map((timer) => timer.stop())]);
		while (underWay.size > 0) await Promise.allSettled(underWay);
	}

	function finish<Value>(work: Promise<Value>): Promise<Value> {
		underWay.add(work);
		return work.finally(() => underWay.delete(work));
	}

	/**
	 * Or a client that goes on asking would keep its connection, and so the server, open; and one that drips its body would do so
	 * (RFC 9110 §15.5.9).
	 */
	async function closeWhereLast(answered: Promise<Response> | Response): Promise<Response> {
		const response = await answered;
		if (stopping.signal.aborted || response.status === 408) response.headers.set("connection", "close");
		return response;
	}

	async function orLog(event: string, work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			log(event, thrown(error));
		}
	}
}

function mailBy({ smtp }: Settings, { issuer, mailFrom }: Config): Mail | null {
	if (!smtp) return null;
	if (!mailFrom)
		throw new ConfigError("MAIL_FROM", "is missing: SMTP_URL says by whom mail is sent, and not from whom");
	return smtpMail(smtp, mailFrom, new URL(issuer).hostname);
}

function openStorage({ folder, lostFiles }: Settings, migrations: URL, now: () => Seconds): NodePlatform {
	try {
		return openPlatform(folder, { now, migrations, lost: lostFiles });
	} catch (error) {
		throw error instanceof FolderRefused ? new ConfigError("DATA_FOLDER", `cannot be used: ${error.message}`) : error;
	}
}

/** Node's codes and Deno's names. */
function whyNotListening(error: unknown, { host, port }: Settings): unknown {
	const { code, name } = error as { code?: unknown; name?: unknown };
	switch (code ?? name) {
		case "EADDRINUSE":
		case "AddrInUse":
			return new ConfigError("PORT", `is in use: ${port}`);
		case "EACCES":
		case "PermissionDenied":
			return new ConfigError("PORT", `may not be opened by this user: ${port}`);
		case "EADDRNOTAVAIL":
		case "ENOTFOUND":
		case "AddrNotAvailable":
			return new ConfigError("HOST", `is no address of this machine: ${host}`);
		default:
			return error;
	}
}
