import { expect, test } from "vitest";
import { firstRoutes } from "../../src/first-routes.ts";
import { createPlaces } from "../../src/places.ts";
import { pages, routes } from "../../src/routes.ts";

const host = "https://login.example";

test.each([...routes, ...pages].filter(({ path }) => !/[:*]/.test(path)))(
	"$path leads to its own route",
	async (route) => {
		const found = async (basePath: string) => (await createPlaces(basePath).at(host + basePath + route.path))?.found;
		expect(await found("")).toEqual(expect.objectContaining({ route, params: {} }));
		expect(await found("/base")).toEqual(expect.objectContaining({ route }));
	},
);

test("what is asked most is found without the rest of the table, and is the same with it", async () => {
	const places = createPlaces("");
	const addresses = firstRoutes.map(({ path }) => host + path.replace(":org", "acme"));
	const before = addresses.map((address) => places.at(address));
	expect(before).toEqual(
		firstRoutes.map((route) => expect.objectContaining({ found: expect.objectContaining({ route }) })),
	);
	await places.at(`${host}/docs`);
	expect(addresses.map((address) => places.at(`${address}?again`))).toEqual(
		firstRoutes.map((route) => expect.objectContaining({ found: expect.objectContaining({ route }) })),
	);
});

test("an address is remembered where it has neither names nor a query in it, and no secret therefore", async () => {
	const places = createPlaces("");
	const login = await places.at(`${host}/auth/login`);
	expect(login?.found?.route.path).toBe("/auth/login");
	expect(await places.at(`${host}/auth/login`)).toBe(login);
	for (const path of ["/auth/login?apiKey=lk_1", "/v1/keys/key_1", "/recover/secret", "/nowhere"]) {
		expect(await places.at(host + path)).not.toBe(await places.at(host + path));
	}
});

test("whoever names hosts without end fills nothing", async () => {
	const places = createPlaces("");
	const first = await places.at(`${host}/auth/login`);
	for (let index = 0; index < 500; index++) await places.at(`https://${index}.example/auth/login`);
	expect(await places.at(`${host}/auth/login`)).not.toBe(first);
	expect(await places.at(`${host}/auth/login`)).toEqual(first);
});

test("what is written differently is not the same address", async () => {
	const places = createPlaces("");
	expect((await places.at(`${host}/auth/login/`))?.found).toBeNull();
	expect((await places.at(`${host}//auth/login`))?.found).toBeNull();
	expect((await places.at(`${host}/AUTH/login`))?.found).toBeNull();
	expect((await places.at(`${host}/x/../auth/login`))?.found?.route.path).toBe("/auth/login");
	expect(places.at("no address")).toBeNull();
});
