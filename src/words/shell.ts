import type { Brand } from "../domain/brand.ts";

/** What stands around whatever a page says. */
export interface Shell {
	/** Whose page it is. */
	readonly brand: Brand;
}
