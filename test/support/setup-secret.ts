/** SETUP_SECRET of every deployment that the tests start. */
export const setupSecret = "the-setup-secret-of-this-deployment";
