import { expect, test } from "vitest";
import { createPlaces } from "../../src/places.ts";
import { pages, routes } from "../../src/routes.ts";

const host = "https://login.example";

test.each([...routes, ...pages].filter(({ path }) => !/[:*]/.test(path)))("$path leads to its own route", (route) => {
	expect(createPlaces("").at(host + route.path)?.found).toEqual(expect.objectContaining({ route, params: {} }));
	expect(createPlaces("/base").at(`${host}/base${route.path}`)?.found).toEqual(expect.objectContaining({ route }));
});

test("an address is remembered where it has neither names nor a query in it, and no secret therefore", () => {
	const places = createPlaces("");
	const login = places.at(`${host}/auth/login`);
	expect(login?.found?.route.path).toBe("/auth/login");
	expect(places.at(`${host}/auth/login`)).toBe(login);
	for (const path of ["/auth/login?apiKey=lk_1", "/v1/keys/key_1", "/recover/secret", "/nowhere"]) {
		expect(places.at(host + path)).not.toBe(places.at(host + path));
	}
});

test("whoever names hosts without end fills nothing", () => {
	const places = createPlaces("");
	const first = places.at(`${host}/auth/login`);
	for (let index = 0; index < 500; index++) places.at(`https://${index}.example/auth/login`);
	expect(places.at(`${host}/auth/login`)).not.toBe(first);
	expect(places.at(`${host}/auth/login`)).toEqual(first);
});

test("what is written differently is not the same address", () => {
	const places = createPlaces("");
	expect(places.at(`${host}/auth/login/`)?.found).toBeNull();
	expect(places.at(`${host}//auth/login`)?.found).toBeNull();
	expect(places.at(`${host}/AUTH/login`)?.found).toBeNull();
	expect(places.at(`${host}/x/../auth/login`)?.found?.route.path).toBe("/auth/login");
	expect(places.at("no address")).toBeNull();
});
