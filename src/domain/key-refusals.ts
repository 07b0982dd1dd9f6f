/** Why a key that was once good is not: what a verification tells, and what is counted. */
export const keyRefusals = [
	"key_disabled",
	"key_deleted",
	"key_expired",
	"code_disabled",
	"code_expired",
	"link_disabled",
	"network_refused",
	"rate_limited",
	"uses_spent",
] as const;
