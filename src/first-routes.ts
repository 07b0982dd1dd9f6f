import { loginEndpoint } from "./login/login.ts";
import { tokenEndpoint } from "./oauth/token.ts";
import { postUserinfoEndpoint, userinfoEndpoint } from "./oauth/userinfo.ts";
import { introspectEndpoint } from "./oauth/introspect.ts";
import { verifyEndpoint } from "./api/keys/verify.ts";
import { jwksEndpoint } from "./oauth/jwks.ts";
import { postEventsEndpoint } from "./api/events/events.ts";
import { postAccessTokenEndpoint, postOrganizationAccessTokenEndpoint } from "./api/pairs/refresh-pair.ts";
import { metadataEndpoint, openidConfigurationEndpoint } from "./oauth/metadata.ts";
import { revokeEndpoint } from "./oauth/revoke.ts";
import type { Route } from "./endpoint/route.ts";

/**
 * What programs ask again and again, and so most often in an isolate that has just started: nothing else is evaluated before it
 * answers, no page, and no documentation but these routes' own. A path with names in it is compared with one after the other.
 */
export const firstRoutes: readonly Route[] = [
	{ path: "/auth/login", POST: loginEndpoint },
	{ path: "/oauth/token", POST: tokenEndpoint },
	{ path: "/oauth/userinfo", GET: userinfoEndpoint, POST: postUserinfoEndpoint },
	{ path: "/oauth/introspect", POST: introspectEndpoint },
	{ path: "/v1/keys/verify", POST: verifyEndpoint },
	{ path: "/.well-known/jwks.json", GET: jwksEndpoint },
	{ path: "/.well-known/oauth-authorization-server", GET: metadataEndpoint },
	{ path: "/.well-known/openid-configuration", GET: openidConfigurationEndpoint },
	{ path: "/oauth/revoke", POST: revokeEndpoint },
	{ path: "/v1/events", POST: postEventsEndpoint },
	{ path: "/v4/oauth/access_token", POST: postAccessTokenEndpoint },
	{ path: "/api/v4/oauth/access_token", POST: postAccessTokenEndpoint },
	{ path: "/api/v4/organizations/:org/oauth/access_token", POST: postOrganizationAccessTokenEndpoint },
];
