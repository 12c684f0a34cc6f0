/** Words in names, paths and services that say which environment is meant. */
const WORDS: Readonly<Record<string, string>> = {
  staging: "staging",
  stage: "staging",
  stg: "staging",
  production: "production",
  prod: "production",
  prd: "production",
  live: "production",
  dev: "development",
  development: "development",
  preview: "preview",
  qa: "qa",
  uat: "uat",
  test: "test",
  sandbox: "sandbox",
};

/** The environments that a text names as whole words, in their common spelling. */
export function environmentsIn(text: string): string[] {
  const found = new Set<string>();
  for (const word of text.toLowerCase().split(/[^a-z]+/)) if (Object.hasOwn(WORDS, word)) found.add(WORDS[word]!);
  return [...found];
}

/** Those of the configured environments that a text is about; null where it says nothing, so that all may be meant. */
export function configuredIn(text: string, configured: readonly string[]): string[] | null {
  const words = environmentsIn(text);
  if (words.length === 0) return null;
  const named = configured.filter((name) => words.includes(environmentsIn(name)[0] ?? name.toLowerCase()));
  // A name of an environment that the config does not know: none of the configured ones is meant.
  return named;
}
