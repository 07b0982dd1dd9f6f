/** As package.json and CHANGELOG.md have it. */
export const version = "0.1.0";
