import { describe, expect, test } from "vitest";
import { extraTokens, isCounterpart, nearSecretNames } from "../../../src/model/secrets/near-names.ts";

describe("names that are near", () => {
  test.each([
    ["jwt-secret-key-staging", "jwt-secret-staging"],
    ["google-client-id-staging", "google-oauth-client-id-staging"],
    ["JWT_SECRET", "jwt-secret-key"],
    ["SECRET_JWT", "jwt_secret"],
    ["oauthClientId", "oauth-clientid"],
    ["STRIPE_API_KEYS", "STRIPE_API_KEY"],
    ["POSTGRES_PASSWROD", "POSTGRES_PASSWORD"],
  ])("%s and %s", (a, b) => {
    expect(extraTokens(a, b)).not.toBeNull();
    expect(extraTokens(b, a)).toBe(extraTokens(a, b));
  });
});

describe("names that are not", () => {
  test.each([
    ["redis-host", "redis-port"],
    ["jwt-secret-staging", "jwt-secret-production"],
    ["API_KEY", "API_TOKEN"],
    ["DB_PASSWORD", "DB_USER"],
    ["SECRET_KEY", "SECRET"],
    ["MAIL_PORT", "MAIL_SERVER_CLIENT_LOCAL_PORT"],
    ["", "x"],
  ])("%s and %s", (a, b) => {
    expect(extraTokens(a, b)).toBeNull();
  });
});

test("the nearest come first, three at most, never the name itself", () => {
  const known = [
    "jwt-secret-old-unused-key",
    "jwt-secret",
    "jwt-key-secret",
    "jwt-secret-key-two",
    "jwt-secret-key",
    "other",
  ];
  expect(nearSecretNames("jwt-secret-key", known)).toEqual(["jwt-key-secret", "jwt-secret", "jwt-secret-key-two"]);
});

test("a counterpart differs by the environment's word alone", () => {
  for (const [left, right] of [
    ["jwt-key-staging", "jwt-key-production"],
    ["PROD_DB_URL", "DB_URL_STG"],
    ["db-url", "db-url"],
  ])
    expect(isCounterpart(left!, right!), `${left} ${right}`).toBe(true);
  for (const [left, right] of [
    ["jwt-key-staging", "jwt-secret-key-production"],
    ["staging", "production"],
    ["mail-key-staging", "mail-token-production"],
  ])
    expect(isCounterpart(left!, right!), `${left} ${right}`).toBe(false);
});
