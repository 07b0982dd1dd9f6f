import { describe, expect, test } from "vitest";
import { type Api, foldedIdentifier } from "../../src/domain/api.ts";
import { newId, type Stores } from "./builders.ts";
import { addAccount } from "./register-builders.ts";

export function describeApis({ platform }: Stores): void {
	const { apis, register } = platform;

	describe("APIs", () => {
		test("one is found by its id and by its identifier, folded, as it was registered", async () => {
			const { id: accountId } = await addAccount(register);
			const orders = api({ accountId, tokenTtl: 600, algorithm: "EdDSA", servers: ["lkid_a"] });
			await register.add({ apis: [orders] });
			expect(await apis.api(orders.id)).toEqual({ ...orders, rev: 0 });
			expect(await apis.byFolded(foldedIdentifier(`${orders.identifier.toUpperCase()}/`))).toEqual({
				...orders,
				rev: 0,
			});
			expect(await apis.byFolded("https://nobody.example")).toBeNull();
		});

		test("an account sees its own and those of the whole deployment, and nobody else's", async () => {
			const [mine, other] = [await addAccount(register), await addAccount(register)];
			const [own, all, theirs] = [api({ accountId: mine.id }), api(), api({ accountId: other.id })];
			await register.add({ apis: [own, all, theirs] });
			const seen = (await apis.openTo(mine.id)).map(({ id }) => id);
			expect(seen).toEqual(expect.arrayContaining([own.id, all.id]));
			expect(seen).not.toContain(theirs.id);
		});
	});
}

function api(changes: Partial<Api> = {}): Api {
	const id = newId();
	const permission = { name: "orders:read", title: "See orders", description: "", members: true, selfRegistered: true };
	return {
		id,
		accountId: null,
		identifier: `https://${id.toLowerCase()}.example/v1`,
		name: "Orders",
		description: "",
		permissions: [permission],
		tokenTtl: null,
		algorithm: null,
		servers: [],
		...changes,
	};
}
