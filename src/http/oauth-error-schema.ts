import * as v from "valibot";
import { described, titled } from "./described.ts";

/** What a refusal of OAuth has in its body. */
export const oauthErrorSchema = titled(
	"OAuthError",
	v.object({
		error: described(v.string(), "What is wrong, as a code."),
		error_description: described(v.string(), "For the developer of the client."),
	}),
);
