import type { Config } from "./schema.ts";

/** What an empty predeploy.yml means; written out so that a run without one need not load the schema. Held to it by a test. */
export const defaultConfig: Config = {
  version: 1,
  ignore: [],
  environments: {},
  drift: [],
  images: {},
  startup: [],
  pipeline: [],
  accessors: [],
  placeholders: { words: [], allow: [], templates: [] },
  checklist: [],
  migrations: { "sql-directories": [] },
  rules: {},
  suppress: [],
};
