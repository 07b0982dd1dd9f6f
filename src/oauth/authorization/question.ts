import type { AskingDevice } from "../../pages/consent/asking-device.tsx";
import type { AuthorizationRequest } from "./request.ts";

/** A request on its way to a person. */
export interface Question {
	readonly request: AuthorizationRequest;
	/** Where it is put, as path and query: whoever signs in or out comes back here. */
	readonly page: string;
	/** Where its form posts to, with every parameter of the request. */
	readonly form: string;
	/** Where it is asked from, if not by a redirect: then the person stays here (RFC 8628). */
	readonly device?: AskingDevice;
}
