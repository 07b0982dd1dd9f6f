import * as v from "valibot";
import { described } from "../../http/described.ts";
import { readName } from "../../domain/display-name.ts";
import { atMost, bounds } from "../../domain/bounds.ts";
import { apiKeyTypes } from "../../domain/ports/api-keys.ts";
import { mostPolicies, readDescription, readTags } from "../../domain/api-key-text.ts";
import { parseScope } from "../../domain/scope.ts";

// The members of the requests about keys. What they take is a rule of the domain.

export const name = v.pipe(
	v.string("is a string"),
	v.check((text) => readName(text) !== null, "takes 1 to 100 printable characters"),
	v.metadata({
		minLength: 1,
		maxLength: 100,
		description: "1 to 100 printable characters; spaces around it are taken off.",
	}),
	v.transform((text) => readName(text) ?? ""),
);

export const description = v.pipe(
	v.string("is a string"),
	v.check((text) => readDescription(text) !== null, "takes 1 to 200 printable characters"),
	v.metadata({ minLength: 1, maxLength: 200, description: "1 to 200 printable characters: what it is for." }),
	v.transform((text) => readDescription(text) ?? ""),
);

export const tags = v.pipe(
	v.array(v.string("is a string"), "is an array of strings"),
	v.maxLength(bounds.tags.most, `takes ${atMost(bounds.tags)}`),
	v.check(
		(texts) => texts.length > bounds.tags.most || readTags(texts) !== null,
		`takes ${atMost(bounds.tags)} of 1 to 50 printable characters`,
	),
	v.description(`For sorting: ${atMost(bounds.tags)} of 1 to 50 printable characters.`),
	v.transform((texts) => [...(readTags(texts) ?? [])]),
);

export const type = described(
	v.picklist(apiKeyTypes, "is standard or integration"),
	"`integration`: with the built-in policy, and a key file.",
);

export const enabled = described(v.boolean("is true or false"), "Whether it opens anything.");

/** Ids of policies of the account. */
export const policies = v.pipe(
	v.array(v.pipe(v.string("is a string"), v.maxLength(100, "is no policy's id")), "is an array of policies' ids"),
	v.maxLength(mostPolicies, `takes at most ${mostPolicies}`),
	v.description("The ids of policies of the account."),
);

/** Of latchkey or of an API that the account sees, which its operation knows. */
const permission = v.pipe(
	v.string("is a string"),
	v.maxLength(100, "is no permission"),
	v.check((text) => parseScope(text)?.[0] === text, "is no permission"),
);

export const permissionList = v.pipe(
	v.array(permission, "is an array of permissions"),
	v.minLength(1, "takes at least one"),
	v.maxLength(bounds.policyPermissions.most, `takes ${atMost(bounds.policyPermissions)}`),
	v.description(
		"What it permits: names of latchkey's own permissions, and of those of the APIs that the account sees.",
	),
	v.transform((given) => [...new Set(given)]),
);
