import type { Api, ApiPermission } from "../../domain/api.ts";
import { bounds, moreThan } from "../../domain/bounds.ts";
import { page } from "../../http/reply.ts";
import * as operations from "../../operations/apis/apis.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { refuseVisit } from "../frame/refusal.ts";
import { type ApiVisit, mayNoMore, noApi, ownApiPages } from "./api-visit.ts";
import { type PermissionRow, permissionsFormView, type PermissionsFormProps } from "./permissions.tsx";
import { permissionRemovalView } from "./removal.tsx";

/** `GET`, `POST …/apis/:id/permissions`: all of them, and what is added. None is removed here. */
export const permissionsPage = ownApiPages("apis:write", async (visit, api) => {
	const { form, manager, services, base, frame, isPost } = visit;
	const url = `${base}/${api.id}`;
	const again = (status: number, said: Partial<PermissionsFormProps> & Pick<PermissionsFormProps, "fields" | "rows">) =>
		page(
			status,
			permissionsFormView({
				frame,
				title: `Permissions of ${api.name}`,
				action: `${url}/permissions`,
				cancel: url,
				errors: {},
				problem: null,
				...said,
			}),
		);
	if (!isPost) {
		const rows = [...rowsOf(api, url), newRow(api.permissions.length)];
		return again(200, { fields: await drawnFrom({ permissions: fieldsOf(api) }), rows });
	}
	const rows = readRows(form, url);
	const retry = (status: number, errors: PermissionsFormProps["errors"], problem: string | null = null) =>
		again(status, { fields: drawnOf(form), rows, errors, problem });
	if (form.has("more")) {
		if (rows.length >= bounds.apiPermissions.most)
			return retry(400, {}, `That would be ${moreThan(bounds.apiPermissions)}.`);
		return again(200, { fields: drawnOf(form), rows: [...rows, newRow(rows.length)] });
	}
	const drawn = rows.filter((row) => row.removeUrl !== null);
	const added = rows.filter((row) => row.removeUrl === null && row.name.trim() !== "");
	const settled = (now: Api) => {
		// One that somebody else has removed meanwhile stays so.
		const there = new Set(now.permissions.map(({ name }) => name));
		const typed = drawn.filter(({ name }) => there.has(name)).flatMap((row) => fieldsOfRow(toPermission(row)));
		return settle(form, { permissions: Object.fromEntries(typed) }, { permissions: fieldsOf(now) });
	};
	const edit = async (now: Api) => {
		const { values, conflicts } = await settled(now);
		if (isConflict(conflicts)) return "stale";
		const fresh = added.filter((row) => !isThere(row, now)).map(toPermission);
		return { permissions: [...now.permissions.map((each) => withFields(each, values.permissions)), ...fresh] };
	};
	const edited = await operations.editApi(api.id, { isForced: false, edit }, manager, services);
	const inOrder = [
		...api.permissions.map(({ name }) => drawn.find((row) => row.name === name)),
		...added.filter((row) => !isThere(row, api)),
	];
	switch (edited.kind) {
		case "written":
			return doneAt(url, "saved");
		case "stale": {
			const { values, conflicts } = await settled(edited.api);
			const now = edited.api.permissions.map((each) => withFields(each, values.permissions));
			const shown = [...rowsOf({ permissions: now }, url), ...added].map((row, index) => ({
				...row,
				key: String(index),
			}));
			const errors = Object.fromEntries(
				shown.flatMap(({ key, name }) =>
					members
						.filter((member) => conflicts[`${member} ${name}`] !== undefined)
						.map((member) => [`${fieldOf[member]}.${key}`, conflicts[`${member} ${name}`]]),
				),
			);
			const fields = await drawnFrom({ permissions: fieldsOf(edited.api) });
			return again(409, { fields, rows: shown, errors, problem: savedMeanwhile });
		}
		case "invalid": {
			const errors = edited.problems.map(({ field, detail }) => {
				const [, index = "", member = ""] = /^permissions\.(\d+)\.(.+)$/.exec(field) ?? [];
				return [`${member}.${inOrder[Number(index)]?.key ?? ""}`, detail] as const;
			});
			return retry(400, Object.fromEntries(errors));
		}
		case "permission_taken": {
			const whose = edited.by === null ? "An account's own API" : `The API ${edited.by}`;
			const folded = edited.permission.toLowerCase();
			const row = added.find(({ name }) => name.trim().toLowerCase() === folded);
			return retry(409, { [`name.${row?.key ?? ""}`]: `${whose} has a permission ${edited.permission} already.` });
		}
		case "not_permitted":
			return mayNoMore(visit);
		case "unknown":
			return noApi(visit);
		case "overtaken":
		// This form changes nothing that these are said of.
		case "identifier_taken":
		case "name_taken":
		case "full":
		case "in_use":
			return retry(409, {}, changedAllTheTime);
	}
});

/** `GET`, `POST …/apis/:id/permissions/remove` with `name` */
export const removePermissionPage = ownApiPages("apis:write", async (visit, api) => {
	const { form, url, manager, services, base, frame, isPost } = visit;
	const permission = (isPost ? form.get("name") : url.searchParams.get("name")) ?? "";
	const apiUrl = `${base}/${api.id}`;
	if (!api.permissions.some(({ name }) => name === permission)) {
		return isPost ? doneAt(apiUrl, "removed") : refuseVisit(visit, 404, "Not there", "The API has no such permission.");
	}
	if (!isPost) {
		const use = await operations.usesOf([permission], api, services);
		const asked = { frame, name: api.name, permission, use, action: `${apiUrl}/permissions/remove` };
		return page(200, permissionRemovalView({ ...asked, cancelUrl: `${apiUrl}/permissions` }));
	}
	const edit = (now: Api) => ({ permissions: now.permissions.filter(({ name }) => name !== permission) });
	const edited = await operations.editApi(api.id, { isForced: true, edit }, manager, services);
	if (edited.kind === "written") return doneAt(apiUrl, "removed");
	if (edited.kind === "not_permitted") return mayNoMore(visit);
	return edited.kind === "unknown" ? noApi(visit) : refuseVisit(visit, 409, "Not removed", changedAllTheTime);
});

const members = ["title", "description", "members", "selfRegistered"] as const;
const fieldOf = { title: "title", description: "description", members: "may", selfRegistered: "may" } as const;

/** Each member of each permission as a field of its own, so that of two who edit at once both are heard. */
function fieldsOf({ permissions }: Pick<Api, "permissions">): Readonly<Record<string, string>> {
	return Object.fromEntries(permissions.flatMap(fieldsOfRow));
}

function fieldsOfRow(permission: ApiPermission) {
	return members.map((member) => [`${member} ${permission.name}`, String(permission[member])] as const);
}

function withFields({ name }: ApiPermission, values: Readonly<Record<string, string>>): ApiPermission {
	const said = (member: (typeof members)[number]) => values[`${member} ${name}`] ?? "";
	return {
		name,
		title: said("title"),
		description: said("description"),
		members: said("members") === "true",
		selfRegistered: said("selfRegistered") === "true",
	};
}

function rowsOf({ permissions }: Pick<Api, "permissions">, url: string): readonly PermissionRow[] {
	return permissions.map(({ name, title, description, members: isMembers, selfRegistered }, index) => ({
		key: String(index),
		name,
		title,
		description,
		may: [...(isMembers ? ["members"] : []), ...(selfRegistered ? ["self_registered"] : [])],
		removeUrl: removeUrlOf(name, url),
	}));
}

function newRow(index: number): PermissionRow {
	return { key: String(index), name: "", title: "", description: "", may: [], removeUrl: null };
}

/** The same form sent twice adds once: what is there as it was to be is there. */
function isThere(row: PermissionRow, { permissions }: Api): boolean {
	return permissions.some(
		(each) => JSON.stringify(fieldsOfRow(each)) === JSON.stringify(fieldsOfRow(toPermission(row))),
	);
}

function removeUrlOf(name: string, url: string): string {
	return `${url}/permissions/remove?${new URLSearchParams({ name }).toString()}`;
}

/** What the form has of rows, in their order: `of.<key>` of what was there when it was drawn, `name.<key>` of what is new. */
function readRows(form: ApiVisit["form"], url: string): readonly PermissionRow[] {
	const rows = [...form].flatMap(([field, name]) => {
		const [, kind, key] = /^(of|name)\.(\d{1,3})$/.exec(field) ?? [];
		return key === undefined ? [] : [{ key, name, removeUrl: kind === "of" ? removeUrlOf(name, url) : null }];
	});
	return rows.slice(0, bounds.apiPermissions.most + 1).map(({ key, ...row }) => ({
		...row,
		key,
		title: form.get(`title.${key}`) ?? "",
		description: form.get(`description.${key}`) ?? "",
		may: chosenValues(form, `may.${key}`),
	}));
}

function toPermission({ name, title, description, may }: PermissionRow): ApiPermission {
	return {
		name: name.trim(),
		title: title.trim(),
		description: description.trim(),
		members: may.includes("members"),
		selfRegistered: may.includes("self_registered"),
	};
}
