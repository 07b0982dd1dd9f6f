import { describe, expect, test } from "vitest";
import { changeClient } from "../../../src/domain/client-change.ts";
import { editable, toDraft } from "../../../src/domain/client-draft.ts";
import { editableOf, editableOptions, tidyOptions, withOptions } from "../../../src/domain/client-option-values.ts";
import type { Client, ClientOptions } from "../../../src/domain/client.ts";
import type { Hash } from "../../../src/domain/brands.ts";

const registered: ClientOptions = {
	registration: { hash: "hash" as Hash, version: 3 },
	registeredAt: 7,
	softwareId: "radar",
	assertionAlg: "ES256",
	idTokenAlg: "ES256",
	postLogoutRedirectUris: ["https://radar.example/out"],
};

const client: Client = {
	id: "client",
	accountId: "account",
	kind: "application",
	name: "Radar",
	description: "",
	logoSvg: null,
	redirectUris: ["https://radar.example/done"],
	authMethods: ["client_secret_basic"],
	secrets: [],
	grantTypes: ["authorization_code"],
	scope: ["events:read"],
	rotation: "rotate",
	accessTokenTtl: 3600,
	options: registered,
	state: "active",
	notBefore: 0,
};

describe("an edit of a client", () => {
	test("takes away what can be edited and is not said, and keeps everything else", () => {
		const { registration, registeredAt, softwareId, assertionAlg } = registered;
		const kept = { registration, registeredAt, softwareId, assertionAlg };
		expect(withOptions(registered, editableOptions, {})).toEqual(kept);
		expect(withOptions(registered, editableOptions, { resources: ["urn:x"] })).toEqual({
			...kept,
			resources: ["urn:x"],
		});
	});

	test("is made of what stands in the register, not of what the form was shown with", () => {
		const edit = editable(toDraft({ ...client, options: { ...registered, softwareId: "as it was shown" } }));
		const moved = { ...client, options: { ...registered, registration: { hash: "newer" as Hash, version: 4 } } };
		const verdict = changeClient(moved, { kind: "edit", edit, permitted: [] }, 0);
		expect(verdict).toEqual({ kind: "changed", client: moved });
	});

	test("adds or takes away only the grant without a person", () => {
		const permitted = ["events:read"];
		const alone = editable({ ...toDraft(client), actsForItself: true });
		const verdict = changeClient(client, { kind: "edit", edit: alone, permitted }, 0);
		expect(verdict).toMatchObject({ client: { grantTypes: ["authorization_code", "client_credentials"] } });
		const back = changeClient(
			{ ...client, grantTypes: ["client_credentials", "authorization_code"] },
			{ kind: "edit", edit: editable(toDraft(client)), permitted },
			0,
		);
		expect(back).toMatchObject({ client: { grantTypes: ["authorization_code"] } });
	});
});

describe("options", () => {
	test("that people set are those of a draft", () => {
		const { idTokenAlg, postLogoutRedirectUris } = registered;
		expect(editableOf(registered)).toEqual({ idTokenAlg, postLogoutRedirectUris });
	});

	test("that say no more than their default are left out", () => {
		const said = { requirePkce: false, idTokenAlg: "RS256", postLogoutRedirectUris: [], jwksUri: " ", resources: [] };
		expect(tidyOptions(said as ClientOptions)).toEqual({});
		expect(tidyOptions({ requirePkce: true, resources: [" urn:x "] })).toEqual({
			requirePkce: true,
			resources: ["urn:x"],
		});
	});
});
