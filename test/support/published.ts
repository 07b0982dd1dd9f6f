import type { StrangerServer } from "../peers/stranger-server.ts";
import { demo } from "./target.ts";
import type { Registered } from "./tokens.ts";

let published = 0;

/** A client whose id is the URL of a document (Client ID Metadata Document) that says this of it. */
export function publish(server: StrangerServer, metadata: object): Registered {
	const path = `/published/${++published}.json`;
	const document = {
		client_id: server.origin + path,
		client_name: "Weather station",
		redirect_uris: ["https://weather.example/callback"],
		grant_types: ["authorization_code", "refresh_token"],
		...metadata,
	};
	const id = server.serveJson(document, {}, path);
	const { redirect_uris: redirectUris } = document;
	return { client: { ...demo.nativeApp.client, id, accountId: null, redirectUris }, secret: null };
}

/** Documents are fetched a few times for each network address: each time from another one. */
export function fromElsewhere(): { readonly "cf-connecting-ip": string } {
	published += 1;
	return { "cf-connecting-ip": `203.2.${Math.floor(published / 250)}.${published % 250}` };
}
