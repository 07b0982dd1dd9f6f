import type { GenericSchema } from "valibot";

/** What the OpenAPI document says of an endpoint. Its schemas are those that the request is validated with. */
export interface Documentation {
	readonly tag: string;
	readonly summary: string;
	/** CommonMark. */
	readonly description?: string;
	readonly query?: Readonly<Record<string, { readonly description: string; readonly example?: string }>>;
	readonly body?: {
		readonly media: readonly string[];
		readonly schema: GenericSchema;
		readonly example: unknown;
	};
	readonly answers: Readonly<
		Record<number, { readonly description: string; readonly media?: string; readonly schema?: GenericSchema }>
	>;
}
