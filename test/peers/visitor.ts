import { answerQuestion, createPerson, type SignInDetails } from "../support/person.ts";

/** A person at a browser without JavaScript who goes wherever they are sent: to latchkey and to the sites of its clients. */
export interface Visitor {
	/**
	 * Opens a link and all that it leads to; at latchkey signs in and presses this button of the consent page. Where the way
	 * leaves the web, or nobody listens, the last URL is as far as they came, with status 0. Whoever lets a device in ends at
	 * latchkey. By POST the link is a button of the client's own page.
	 */
	visit(link: string, how?: { readonly press?: string; readonly method?: string }): Promise<Visit>;
}

export interface Visit {
	readonly url: string;
	readonly status: number;
	readonly body: string;
	/** Every URL that was opened or led to, in order, but for those within latchkey. */
	readonly hops: readonly string[];
}

const mostHops = 20;

export function createVisitor(issuer: string, who: SignInDetails): Visitor {
	const latchkey = new URL(issuer).origin;
	const person = createPerson(latchkey);
	/** Of each site. */
	const cookies = new Map<string, Map<string, string>>();

	/** At a client's site: what it answers, and where that leads. */
	async function open(url: URL, method: string): Promise<Response> {
		const jar = cookies.get(url.origin) ?? new Map<string, string>();
		cookies.set(url.origin, jar);
		const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
		const response = await fetch(url, { method, redirect: "manual", headers: cookie ? { cookie } : {} });
		for (const line of response.headers.getSetCookie()) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			if (value === "" || /;\s*max-age=0(?:;|$)/i.test(line)) jar.delete(name);
			else jar.set(name, value);
		}
		return response;
	}

	return {
		async visit(link, { press = "Allow", method = "GET" } = {}) {
			const hops = [link];
			for (let url = new URL(link); hops.length < mostHops; hops.push(url.href)) {
				if (url.origin === latchkey) {
					const { left, ...page } = await answerQuestion(person, url.href, who, press);
					if (left !== null) {
						url = left;
						continue;
					}
					if (page.status !== 200) throw new Error(`${page.url} answered ${page.status}:\n${page.html}`);
					return { url: page.url, status: page.status, body: page.html, hops };
				}
				const response = await (/^https?:$/.test(url.protocol)
					? open(url, hops.length === 1 ? method : "GET").catch(() => null)
					: null);
				if (response === null) return { url: url.href, status: 0, body: "", hops };
				const location = response.headers.get("location");
				if (location === null) return { url: url.href, status: response.status, body: await response.text(), hops };
				url = new URL(location, url);
			}
			throw new Error(`More than ${mostHops} redirects: ${hops.join(" ")}`);
		},
	};
}
