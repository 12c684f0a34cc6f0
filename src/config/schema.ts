import * as z from "zod";

/**
 * The one schema of predeploy.yml: it validates, gives the types, and writes schema/predeploy.schema.json, by which a run takes a config that
 * fits (fitting.ts) without loading this file.
 * Defaults stand here and nowhere else. An unknown key is an error.
 */

// A file is held to it once a run: code that is made to do so faster does not pay, and some places forbid to make code.
z.config({ jitless: true });

const severity = z.enum(["error", "warning", "note"]);
const globs = z.array(z.string().min(1));
const count = z.number().int().min(0);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const deployed = z
  .union([
    z.strictObject({ ref: z.string().min(1) }),
    z.strictObject({ file: z.strictObject({ path: z.string().min(1), pattern: z.string().min(1) }) }),
    z.strictObject({ "github-environment": z.string().min(1) }),
    z.strictObject({ url: z.strictObject({ href: z.url({ protocol: /^https?$/ }), pointer: z.string() }) }),
  ])
  .describe("What runs there now: exactly one of ref, file, github-environment, url.");

const driftLimits = {
  "max-waiting": count.optional().describe("More waiting commits than this are a finding; unset: never."),
  "max-lost": count.default(0).describe("More lost commits than this are a finding."),
  "max-age-days": count
    .optional()
    .describe("The oldest waiting commit may be this many whole days old; unset: any age."),
  fixes: z
    .union([severity, z.literal("off")])
    .default("warning")
    .describe("Severity of a waiting fix commit."),
  paths: globs.default([]).describe("Only commits that touch these paths count; `!` excludes."),
  "ignore-whitespace": z.boolean().default(false).describe("Drop commits that change white space only."),
};

const namespace = z.enum(["ci", "store", "object", "process", "build"]);
const inventoryBase = {
  namespace: namespace.optional(),
  complete: z.boolean().optional().describe("Whether the list holds every name that exists there."),
};
const inventoryFile = z.string().min(1);
const inventory = z.union([
  z.strictObject({ declared: z.array(z.string()), ...inventoryBase }),
  z.strictObject({ "env-file": inventoryFile, ...inventoryBase }),
  z.strictObject({ "gcloud-secrets": inventoryFile, ...inventoryBase }),
  z.strictObject({ "github-secrets": inventoryFile, ...inventoryBase }),
  z.strictObject({ "github-variables": inventoryFile, ...inventoryBase }),
  z.strictObject({ "aws-secrets": inventoryFile, ...inventoryBase }),
  z.strictObject({ "aws-parameters": inventoryFile, ...inventoryBase }),
  z.strictObject({ "azure-secrets": inventoryFile, ...inventoryBase }),
  z.strictObject({ "vault-secrets": inventoryFile, ...inventoryBase }),
  z.strictObject({ doppler: inventoryFile, ...inventoryBase }),
  z.strictObject({ infisical: inventoryFile, ...inventoryBase }),
  z.strictObject({ kubectl: inventoryFile, ...inventoryBase }),
  z.strictObject({ sops: inventoryFile, ...inventoryBase }),
  z.strictObject({ "terraform-output": inventoryFile, ...inventoryBase }),
  z.strictObject({ github: z.literal(true), ...inventoryBase }),
  z.strictObject({ "secret-manager": z.strictObject({ project: z.string().min(1) }), ...inventoryBase }),
]);

const expectedValue = z.union([
  scalar,
  z.strictObject({
    "one-of": z.array(scalar).min(1).optional(),
    matches: z.string().optional(),
    forbidden: z.boolean().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    optional: z.boolean().optional(),
  }),
]);

const environment = z.strictObject({
  branch: z.string().min(1).optional().describe("What is deployed there; default: HEAD."),
  compare: z.array(z.string().min(1)).default([]).describe("Branches that should not run ahead of it."),
  files: globs.default([]).describe("Files that are deployed there as they are."),
  deployed: deployed.optional(),
  drift: z.strictObject(driftLimits).prefault({}),
  inventory: z.array(inventory).default([]),
  requires: z
    .array(z.string().min(1))
    .default([])
    .describe("Secrets and variables that must be provided whatever the code says."),
  values: z.record(z.string(), expectedValue).default({}),
});

const image = z.strictObject({
  dockerfile: z.string().min(1).optional(),
  context: z.string().min(1).default("."),
  target: z.string().min(1).optional(),
  args: z.record(z.string(), scalar).default({}),
  entry: z
    .union([z.string().min(1), z.array(z.string().min(1))])
    .optional()
    .describe("Modules (`app.main:app`) or files that start the process."),
  requires: globs.default([]).describe("Repository paths that must be in the image."),
  builder: z.enum(["buildkit", "classic"]).optional(),
  "python-path": z.array(z.string()).default([]),
});

const names = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const pairs = [
  ["before", "after"],
  ["last", "among"],
] as const;
const alone = ["awaited", "once", "exists", "optional"] as const;
const questionsOf = (entry: Readonly<Record<string, unknown>>): readonly string[] =>
  [...pairs.flat(), ...alone].filter((key) => entry[key] !== undefined);
const startupEntry = z
  .strictObject({
    id: z.string().min(1).optional(),
    root: z
      .string()
      .min(1)
      .default("auto")
      .describe("`PATH:function`, `PATH:Class.method`, `PATH` (top level) or `auto`."),
    before: names.optional(),
    after: names.optional(),
    last: z.string().min(1).optional(),
    among: names.optional(),
    awaited: z.string().min(1).optional(),
    once: z.string().min(1).optional(),
    exists: z.string().min(1).optional(),
    optional: z.string().min(1).optional(),
    on: z.enum(["reversed", "all-paths"]).default("reversed"),
    completed: z.enum(["attempted", "succeeded"]).default("attempted"),
    "zero-iterations": z.boolean().default(false),
    severity: severity.optional(),
  })
  .refine((entry) => questionsOf(entry).length > 0, {
    error:
      "asks for nothing: write `before` and `after`, `last` and `among`, `awaited`, `once`, `exists` or `optional`",
  })
  .refine((entry) => pairs.every(([one, other]) => (entry[one] === undefined) === (entry[other] === undefined)), {
    error: "has one of `before` and `after`, or of `last` and `among`, without the other",
  })
  // The same for editors, and for fitting.ts.
  .meta({
    anyOf: [...pairs, ...alone.map((one) => [one])].map((required) => ({ required })),
    dependentRequired: Object.fromEntries(
      pairs.flatMap(([one, other]) => [
        [one, [other]],
        [other, [one]],
      ]),
    ),
  });

const pipelineEntry = z.strictObject({
  id: z.string().min(1).optional(),
  workflow: z.string().min(1),
  before: z.string().min(1),
  after: z.string().min(1),
  severity: severity.optional(),
});

// A list of what has one gets its default as a prefault: zod leaves a default out of the JSON Schema where a value is transformed.
const date = z.union([z.iso.date(), z.date().transform((value) => value.toISOString().slice(0, 10))]);

const ruleSetting = z.union([
  severity,
  z.literal("off"),
  z.literal("on"),
  z.boolean(),
  z.record(z.string(), z.unknown()),
]);

/** The shape of predeploy.yml. */
export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1).default(1),
    ignore: globs.default([]).describe("Files that are never read."),
    environments: z.record(z.string(), environment).default({}),
    drift: z
      .array(z.strictObject({ head: z.string().min(1), base: z.string().min(1), ...driftLimits }))
      .default([])
      .describe("Branch against branch."),
    images: z.record(z.string(), image).default({}),
    startup: z.array(startupEntry).default([]),
    pipeline: z.array(pipelineEntry).default([]),
    accessors: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          "default-argument": count.optional(),
          required: z.boolean().optional(),
        }),
      )
      .default([])
      .describe("The code's own ways to read a variable."),
    placeholders: z
      .strictObject({
        words: z.array(z.string().min(1)).default([]),
        allow: z
          .array(
            z.strictObject({
              path: z.string().min(1),
              token: z.string().min(1),
              reason: z.string().min(1),
              until: date.optional(),
            }),
          )
          .prefault([]),
        templates: globs.default([]),
      })
      .prefault({}),
    checklist: z
      .array(
        z.strictObject({
          file: z.string().min(1).optional(),
          section: z.string().min(1).optional(),
          "pull-request": z.boolean().optional(),
        }),
      )
      .default([]),
    migrations: z.strictObject({ "sql-directories": z.array(z.string().min(1)).default([]) }).prefault({}),
    rules: z.record(z.string(), ruleSetting).default({}),
    suppress: z
      .array(
        z.strictObject({
          rule: z.string().min(1),
          path: z.string().min(1).optional(),
          subject: z.string().optional(),
          reason: z.string().min(1),
          until: date.optional(),
        }),
      )
      .prefault([]),
  })
  .describe("Configuration of predeploy");

export type Config = z.infer<typeof configSchema>;
export type EnvironmentConfig = Config["environments"][string];
export type ImageConfig = Config["images"][string];
export type DriftEntry = Config["drift"][number];
export type StartupEntry = Config["startup"][number];
export type PipelineEntry = Config["pipeline"][number];
export type InventoryEntry = EnvironmentConfig["inventory"][number];
