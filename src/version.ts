declare const PREDEPLOY_VERSION: string | undefined;

/** The version of package.json, put in by the bundler. */
export const version: string = typeof PREDEPLOY_VERSION === "string" ? PREDEPLOY_VERSION : "0.0.0-source";
