/** Of which account the rows are, and whose: of a grant its client, of a session its credential. Others are not looked at. */
export interface Whose {
	readonly accountId?: string;
	readonly party?: string;
}
