import fc from "fast-check";
import { expect, test } from "vitest";
import type { Inventory } from "../../../src/types/secrets.ts";
import { modelOf } from "../../support/models.ts";

/** What an inventory of one kind and file says: its names, or why it cannot be read. */
async function read(kind: string, text: string, file = "list.json"): Promise<string | Inventory> {
  const model = await modelOf("secrets", {
    "predeploy.yml": `environments: { staging: { inventory: [{ ${kind}: ${file}, complete: true }] } }\n`,
    [file]: text,
  });
  return model.inventories[0] ?? model.unreadable[0]!.reason;
}
const json = (value: unknown) => JSON.stringify(value, null, 2);

interface Row {
  kind: string;
  title: string;
  text: string;
  file?: string;
  /** Names, with what is wrong with one behind it. */
  names?: string[];
  partial?: string;
  unreadable?: string;
}

const rows: Row[] = [
  // Secret Manager: the full name of each secret, one list over all pages.
  {
    kind: "gcloud-secrets",
    title: "--format=json",
    text: json([
      {
        name: "projects/104/secrets/db-password",
        createTime: "2026-01-05T10:00:00Z",
        replication: { automatic: {} },
        etag: '"1"',
        labels: { team: "a" },
      },
      {
        name: "projects/104/secrets/mail_key",
        replication: { userManaged: { replicas: [{ location: "europe-west1" }] } },
      },
    ]),
    names: ["db-password", "mail_key"],
  },
  {
    kind: "gcloud-secrets",
    title: "one page of the REST list",
    text: json({ secrets: [{ name: "projects/104/secrets/a-key" }], nextPageToken: "x", totalSize: 2 }),
    names: ["a-key"],
    partial: "one page",
  },
  {
    kind: "gcloud-secrets",
    title: "--format='value(name)'",
    file: "list.txt",
    text: "db-password\nprojects/104/secrets/mail-key\n",
    names: ["db-password", "mail-key"],
  },
  {
    kind: "gcloud-secrets",
    title: "the table",
    file: "list.txt",
    text: "NAME         CREATED              REPLICATION_POLICY  LOCATIONS\ndb-password  2026-01-05T10:00:00  automatic           -\nmail-key     2026-01-05T10:00:00  user_managed        europe-west1\n",
    names: ["db-password", "mail-key"],
  },
  {
    kind: "gcloud-secrets",
    title: "an error in its place",
    file: "list.txt",
    text: "ERROR: (gcloud.secrets.list) PERMISSION_DENIED: Permission denied on resource\n",
    unreadable: "not a list of names",
  },
  { kind: "gcloud-secrets", title: "nothing at all", text: "", unreadable: "not a list" },
  { kind: "gcloud-secrets", title: "an empty list", text: "[]", names: [] },
  {
    kind: "gcloud-secrets",
    title: "a list that was cut off",
    text: '[{ "name": "projects/1/secrets/a" }, { "na',
    unreadable: "not complete",
  },
  // Secrets Manager: ARN with six characters behind the name, Name without.
  {
    kind: "aws-secrets",
    title: "list-secrets",
    text: json({
      SecretList: [
        {
          ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
          Name: "prod/db",
          LastChangedDate: 1767607200,
          SecretVersionsToStages: { "1": ["AWSCURRENT"] },
          Tags: [],
        },
      ],
    }),
    names: ["prod/db"],
  },
  {
    kind: "aws-secrets",
    title: "--include-planned-deletion",
    text: json({ SecretList: [{ Name: "old", DeletedDate: "2026-01-05T10:00:00+00:00" }] }),
    names: ["old (it is scheduled for deletion)"],
  },
  {
    kind: "aws-secrets",
    title: "--max-items",
    text: json({ SecretList: [{ Name: "a" }], NextToken: "eyJ" }),
    names: ["a"],
    partial: "one page",
  },
  {
    kind: "aws-secrets",
    title: "--query 'SecretList[].Name'",
    text: json(["prod/db", "prod/mail"]),
    names: ["prod/db", "prod/mail"],
  },
  {
    kind: "aws-secrets",
    title: "--query … --output text",
    file: "list.txt",
    text: "prod/db\tprod/mail\n",
    names: ["prod/db", "prod/mail"],
  },
  {
    kind: "aws-secrets",
    title: "an error in its place",
    file: "list.txt",
    text: "\nAn error occurred (AccessDeniedException) when calling the ListSecrets operation\n",
    unreadable: "not a list of names",
  },
  {
    kind: "aws-parameters",
    title: "describe-parameters",
    text: json({
      Parameters: [
        {
          Name: "/app/staging/DB_URL",
          ARN: "arn:aws:ssm:eu-west-1:1:parameter/app/staging/DB_URL",
          Type: "SecureString",
          KeyId: "alias/aws/ssm",
          Version: 3,
          Tier: "Standard",
          Policies: [],
          DataType: "text",
        },
      ],
    }),
    names: ["/app/staging/DB_URL"],
  },
  {
    kind: "aws-parameters",
    title: "one page",
    text: json({ Parameters: [], NextToken: "x" }),
    names: [],
    partial: "one page",
  },
  {
    kind: "aws-parameters",
    title: "the other list",
    text: json({ SecretList: [] }),
    unreadable: "describe-parameters",
  },
  // Key Vault: names from the identifier, disabled ones cannot be read.
  {
    kind: "azure-secrets",
    title: "az keyvault secret list",
    text: json([
      {
        attributes: {
          created: "2026-01-05T10:00:00+00:00",
          enabled: true,
          expires: null,
          notBefore: null,
          recoveryLevel: "Recoverable+Purgeable",
          updated: "2026-01-05T10:00:00+00:00",
        },
        contentType: null,
        id: "https://shop.vault.azure.net/secrets/db-password",
        managed: null,
        name: "db-password",
        tags: {},
      },
      { attributes: { enabled: false }, id: "https://shop.vault.azure.net/secrets/old", name: "old" },
    ]),
    names: ["db-password", "old (it is disabled)"],
  },
  {
    kind: "azure-secrets",
    title: "the REST list",
    text: json({
      value: [{ id: "https://shop.vault.azure.net/secrets/mail-key", attributes: { enabled: true } }],
      nextLink: "https://shop.vault.azure.net/secrets?skip=1",
    }),
    names: ["mail-key"],
    partial: "one page",
  },
  { kind: "azure-secrets", title: "--query '[].name'", text: json(["db-password"]), names: ["db-password"] },
  {
    kind: "azure-secrets",
    title: "--query '[].name' -o tsv",
    file: "list.txt",
    text: "db-password\nmail-key\n",
    names: ["db-password", "mail-key"],
  },
  // Vault: keys of one path; a folder's content is another list.
  { kind: "vault-secrets", title: "-format=json", text: json(["api", "worker"]), names: ["api", "worker"] },
  {
    kind: "vault-secrets",
    title: "with a folder",
    text: json(["api", "team/"]),
    names: ["api"],
    partial: "the folder team/ is not listed",
  },
  {
    kind: "vault-secrets",
    title: "the REST answer",
    text: json({ request_id: "1", data: { keys: ["api"] } }),
    names: ["api"],
  },
  {
    kind: "vault-secrets",
    title: "the table",
    file: "list.txt",
    text: "Keys\n----\napi\nteam/\n",
    names: ["api"],
    partial: "the folder team/ is not listed",
  },
  { kind: "vault-secrets", title: "nothing there", text: "{}", unreadable: "vault kv list" },
  // Doppler and Infisical: names of variables; Doppler puts three of its own among them.
  {
    kind: "doppler",
    title: "secrets --only-names --json",
    text: json({ DOPPLER_CONFIG: {}, DOPPLER_ENVIRONMENT: {}, DOPPLER_PROJECT: {}, DATABASE_URL: {} }),
    names: ["DATABASE_URL"],
  },
  {
    kind: "doppler",
    title: "secrets --json",
    text: json({ DATABASE_URL: { computed: "x", computedVisibility: "masked", note: "" } }),
    names: ["DATABASE_URL"],
  },
  {
    kind: "infisical",
    title: "export --format=json",
    text: json([{ key: "DATABASE_URL", value: "x", type: "shared", _id: "1", tags: [] }]),
    names: ["DATABASE_URL"],
  },
  {
    kind: "infisical",
    title: "secrets of the API",
    text: json([{ secretKey: "DATABASE_URL", secretValue: "x" }]),
    names: ["DATABASE_URL"],
  },
  // GitHub.
  {
    kind: "github-secrets",
    title: "gh secret list --json name,updatedAt",
    text: json([{ name: "KEY", updatedAt: "2026-01-05T10:00:00Z" }]),
    names: ["KEY"],
  },
  {
    kind: "github-secrets",
    title: "gh secret list in a pipe",
    file: "list.txt",
    text: "KEY\t2026-01-05T10:00:00Z\nOTHER\t2026-01-05T10:00:00Z\n",
    names: ["KEY", "OTHER"],
  },
  {
    kind: "github-secrets",
    title: "one page of the REST list",
    text: json({ total_count: 31, secrets: [{ name: "KEY" }] }),
    names: ["KEY"],
    partial: "1 of 31",
  },
  {
    kind: "github-secrets",
    title: "gh api --paginate --slurp",
    text: json([
      { total_count: 2, secrets: [{ name: "KEY" }] },
      { total_count: 2, secrets: [{ name: "OTHER" }] },
    ]),
    names: ["KEY", "OTHER"],
  },
  {
    kind: "github-secrets",
    title: "a slurped page that is not all",
    text: json([{ total_count: 3, secrets: [{ name: "KEY" }] }]),
    names: ["KEY"],
    partial: "1 of 3",
  },
  { kind: "github-secrets", title: "a list of something else", text: json([{ id: 1 }]), unreadable: "GitHub secrets" },
  {
    kind: "github-variables",
    title: "gh variable list in a pipe",
    file: "list.txt",
    text: "REGION\teurope west\t2026-01-05T10:00:00Z\n",
    names: ["REGION"],
  },
  // Kubernetes: objects and their keys, by namespace.
  {
    kind: "kubectl",
    title: "get secret,cm -o json",
    text: json({
      apiVersion: "v1",
      kind: "List",
      items: [
        { kind: "Secret", metadata: { name: "app", namespace: "shop" }, type: "Opaque", data: { key: "eA==" } },
        {
          kind: "ConfigMap",
          metadata: { name: "app", namespace: "shop" },
          data: { mode: "x" },
          binaryData: { logo: "eA==" },
        },
      ],
    }),
    names: ["app", "app/key", "app", "app/mode", "app/logo"],
  },
  { kind: "kubectl", title: "get secret -o json", text: json({ kind: "SecretList", items: [] }), names: [] },
  {
    kind: "kubectl",
    title: "get secret,cm -o name",
    file: "list.txt",
    text: "secret/app\nconfigmap/app\n",
    names: ["app", "app"],
  },
  {
    kind: "kubectl",
    title: "the table",
    file: "list.txt",
    text: "NAME   TYPE     DATA   AGE\napp    Opaque   1      2d\n",
    unreadable: "kubectl get secret,cm -o name",
  },
  {
    kind: "kubectl",
    title: "a list of pods",
    text: json({ kind: "List", items: [{ kind: "Pod", metadata: { name: "x" } }] }),
    unreadable: "kubectl",
  },
  // SOPS: keys are clear text, its own entry is none of them.
  {
    kind: "sops",
    title: "YAML",
    file: "secrets.enc.yaml",
    text: "DATABASE_URL: ENC[AES256_GCM,data:x,type:str]\nEMPTY: ''\nplain_unencrypted: x\nsops:\n    version: 3.9.0\n",
    names: ["DATABASE_URL", "EMPTY"],
  },
  {
    kind: "sops",
    title: "JSON",
    text: json({ DATABASE_URL: "ENC[AES256_GCM,data:x,type:str]", sops: {} }),
    names: ["DATABASE_URL"],
  },
  {
    kind: "sops",
    title: "dotenv",
    file: ".env.enc",
    text: "DATABASE_URL=ENC[AES256_GCM,data:x,type:str]\nsops_version=3.9.0\nsops_mac=ENC[x]\n",
    names: ["DATABASE_URL"],
  },
  {
    kind: "sops",
    title: "a file in clear text",
    file: "secrets.yaml",
    text: "DATABASE_URL: x\n",
    unreadable: "a SOPS file",
  },
  {
    kind: "sops",
    title: "a dotenv file in clear text",
    file: ".env.enc",
    text: "DATABASE_URL=x\n",
    unreadable: "a SOPS file",
  },
  {
    kind: "terraform-output",
    title: "output -json",
    text: json({ db_url: { sensitive: true, type: "string", value: "x" } }),
    names: ["db_url"],
  },
];

test.each(rows)("$kind: $title", async ({ kind, text, file, names, partial, unreadable }) => {
  const inventory = await read(kind, text, file);
  if (typeof inventory === "string") {
    expect(inventory).toContain(unreadable ?? "to be read");
    return;
  }
  expect(unreadable).toBeUndefined();
  expect(inventory.names.map((one) => (one.unusable ? `${one.name} (${one.unusable})` : one.name))).toEqual(names);
  expect(inventory.complete).toBe(partial === undefined);
  if (partial !== undefined) expect(inventory.partial).toContain(partial);
});

test("no list makes a reader throw, and every name stands where it is said to", async () => {
  const kinds = [...new Set(rows.map((one) => one.kind))];
  const part = fc.constantFrom(
    ...rows.map((one) => one.text),
    ...'[]{}",:\n\t /x#'.split(""),
    "name",
    "Keys\n----\n",
    "NAME ",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...kinds),
      fc.array(part, { maxLength: 4 }),
      fc.nat(400),
      async (kind, parts, cut) => {
        const text = parts.join("").slice(0, cut);
        const inventory = await read(kind, text, cut % 2 === 0 ? "list.json" : "list.txt");
        if (typeof inventory === "string") return;
        const lines = text.split("\n");
        for (const { at } of inventory.names) {
          expect(at.start.line).toBeLessThanOrEqual(lines.length);
          expect(at.end.column).toBeLessThanOrEqual(lines[at.end.line - 1]!.length + 1);
        }
      },
    ),
    { numRuns: 150 },
  );
});
