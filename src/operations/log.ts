/** One line for the operator. Never a secret, a token or a password. */
export type Log = (event: string, detail: Readonly<Record<string, string | number | boolean | null>>) => void;
