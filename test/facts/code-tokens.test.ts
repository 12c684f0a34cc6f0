import { expect, test } from "vitest";
import { codeTokens } from "../../src/facts/code-tokens.ts";

const usesIn = (text: string) =>
  codeTokens.extract({ bytes: () => Buffer.from(text), text: () => text }).tokens.map((one) => one.use);

test.each<[string, string, string[]]>([
  ["a test whose branch exits", 'if [ "$A" = "CHANGE_ME" ]; then exit 1; fi', ["compare"]],
  ["a test that exits on its line", '[[ "$A" == "CHANGE_ME" ]] && exit 1', ["compare"]],
  [
    "a test whose branch puts a value in",
    'if [ "$A" = "CHANGE_ME" ]; then\n  A="$(openssl rand -hex 16)"\nfi',
    ["compare"],
  ],
  ["a case that returns", 'case "$A" in\n  "CHANGE_ME")\n    return 2 ;;\nesac', ["compare"]],
  ["a test that only warns", 'if [ "$A" = "CHANGE_ME" ]; then\n  echo warn\nfi\nexit 1', ["other"]],
  ["a search whose branch exits", 'if grep -q "CHANGE_ME" .env; then\n  echo no\n  exit 1\nfi', ["compare"]],
  ["a search that only tells", 'grep -rn "CHANGE_ME" k8s && echo "found"', ["other"]],
  ["a search whose failure is swallowed", "check \"! grep -r 'CHANGE_ME' k8s/secrets/ || true\"\nexit 1", ["other"]],
  ["a substitution", 'sed -i "s/CHANGE_ME/$A/" .env', ["replace"]],
  ["a search with a substitution", 'grep -q "CHANGE_ME" f && sed -i "s|CHANGE_ME|$A|" f', ["replace", "replace"]],
  ["a use of a variable", 'curl -X POST "${HOOK_URL}" || exit 1', []],
  ["the text of a variable", "sed -i 's|${HOOK_URL}|x|' f", ["replace"]],
])("a shell script: %s", (_name, text, expected) => {
  expect(usesIn(`#!/bin/sh\n${text}\n`)).toEqual(expected);
});

test.each<[string, string, string[]]>([
  ["a program that refuses a default", 'if (secret === "CHANGE_ME") throw new Error("set it");', ["compare"]],
  [
    "a table of what is put in for tokens",
    'tokens = {\n  "<BUCKET_NAME>": bucket,\n  "change-me": None,\n}',
    ["replace", "other"],
  ],
  ["a placeholder that has a name", 'export const HOST_PLACEHOLDER: string = "__HOST__";', ["replace"]],
  ["a value that has one", 'const PASSWORD_PLACEHOLDER = "change-me";', ["other"]],
  ["a program that replaces a token", 'text.replace("__HOST__", host)', ["replace"]],
  ["a template string that uses a variable", "if (a === `${HOST_URL}`) throw 1;", []],
])("%s", (_name, text, expected) => {
  expect(usesIn(text)).toEqual(expected);
});
