/** What is stored of the passwords that nearly every test file signs in with: computed once for all. */
export const knownPasswords: ReadonlyMap<string, string> = new Map([
	["ada-demo-password", "scrypt$14$8$5$JhirF_ILMkgSoinE1RlzXQ$9DYwIL5Kc-yxc8Vb2ayqvOC1bBEMutCnm8V0_xGU1DA"],
	["grace-demo-password", "scrypt$14$8$5$-OtwB5PJDpFZ9HQ_TeEZsQ$sVZswJhBT9EUzudSUZBEz2qv5OUofiI2XlYs6rJGPIE"],
	["a password of their own", "scrypt$14$8$5$PRvDbeJUc51o-98rx0sLjQ$f6mJnDJAMpgCdFBf489zVlMaXlIcd8RO5jHa_hcmD3s"],
]);
