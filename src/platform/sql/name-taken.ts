/** Whether a write failed because the account has that name already. */
export function isNameTaken(error: unknown): boolean {
	return error instanceof Error && /UNIQUE constraint failed: (\w+)\.account_id, \1\.name/.test(error.message);
}
