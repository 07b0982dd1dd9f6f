import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { en, type Words } from "../words/en.ts";

/** For widgets, whatever page they stand on: renderDocument() says in which language that is. */
export const SpokenWords = createContext<Words>(en);

export function useWords(): Words {
	return useContext(SpokenWords);
}
