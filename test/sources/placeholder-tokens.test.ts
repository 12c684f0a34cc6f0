import fc from "fast-check";
import { expect, test } from "vitest";
import { mayHoldPlaceholder } from "../../src/sources/placeholder-scan.ts";
import { placeholderTokens } from "../../src/sources/placeholder-tokens.ts";
import { cutOffPem, lineValues } from "../../src/sources/placeholder-values.ts";

const shapes = (value: string) => placeholderTokens(value).map((one) => `${one.shape} ${one.text}`);

const found: [string, string[]][] = [
  ["changeme", ["word changeme"]],
  ["CHANGE_ME", ["word CHANGE_ME"]],
  ["ChangeMeNow!", ["word ChangeMeNow"]],
  ["youReallyNeedToChangeThis", ["word youReallyNeedToChangeThis"]],
  ["postgres://app:change-me@db:5432/app", ["word change-me"]],
  ["/shop/${var.env}/api/MAIL_CLIENT_ID", ["dollar-brace ${var.env}"]],
  ["Books of GetYourBooks, at your-shop", ["word your-shop"]],
  ["/${var.app}-${var.env}/ADMIN_PASSWORD", ["dollar-brace ${var.app}", "dollar-brace ${var.env}"]],
  ["arn:aws:ssm:eu-west-1:ACCOUNT_ID:parameter/shop/BUCKET_NAME", ["word ACCOUNT_ID"]],
  ["change-to-your-liking", ["word change-to-your-liking"]],
  ["dev-key-change-to-a-real-one", ["word dev-key-change-to-a-real-one"]],
  ["/home/USERNAME/app", ["word USERNAME"]],
  ["super-secret-change-in-production", ["word super-secret-change-in-production"]],
  ["https://api.your-domain.com/v1", ["word api.your-domain.com"]],
  ["yourpassword", ["word yourpassword"]],
  ["your secure password", ["word your secure password"]],
  ["PUT YOUR BUCKET NAME", ["word PUT YOUR BUCKET NAME"]],
  ["api_key_goes_here", ["word api_key_goes_here"]],
  ["generate-with-openssl-rand", ["word generate-with-openssl-rand"]],
  ["REPLACE_PROJECT_ID", ["word REPLACE_PROJECT_ID"]],
  ["gcr.io/PROJECT_ID/app:1", ["word PROJECT_ID"]],
  ["op://your-vault/api/KEY", ["word your-vault"]],
  ["TROQUE_PELA_SENHA", ["word TROQUE_PELA_SENHA"]],
  ["TODO", ["word TODO"]],
  ["sk_live_xxxxxxxxxx", ["masked sk_live_xxxxxxxxxx"]],
  ["192.168.1.X", ["masked 192.168.1.X"]],
  ["<base64-encoded-password>", ["angle <base64-encoded-password>"]],
  ["registry.acme.io/<PROJECT>/app", ["angle <PROJECT>"]],
  ["[YOUR-REGION]", ["bracket [YOUR-REGION]"]],
  ["{{ .Values.x }}", ["mustache {{ .Values.x }}"]],
  ["${DB_HOST}:${DB_PORT:-5432}", ["dollar-brace ${DB_HOST}", "dollar-brace ${DB_PORT:-5432}"]],
  ["$(NAME)", ["dollar-paren $(NAME)"]],
  ["#{Token}#", ["hash-brace #{Token}#"]],
  ["__TAG__", ["double-underscore __TAG__"]],
  ["shop.example.com", ["domain shop.example.com"]],
  ["ops@example.com", ["domain ops@example.com"]],
  ["arn:aws:iam::123456789012:role/x", ["identifier 123456789012"]],
  ["11111111-1111-1111-1111-111111111111", ["identifier 11111111-1111-1111-1111-111111111111"]],
];

test.each(found)("%s is found, with its text", (value, expected) => {
  expect(shapes(value)).toEqual(expected);
});

test.each(found)("%s passes the scan over bytes", (value) => {
  expect(mayHoldPlaceholder(Buffer.from(`key: ${value}\n`))).toBe(true);
});

test.each([
  "info",
  "Changement de programme",
  "Please change your password before you go on",
  "topics.todo-items",
  "alarm-state-change-to-pager",
  "arn:aws:ssm:eu-west-1:210987654321:parameter/shop/live/BUCKET_NAME",
  "/guides/a-career-change-to-teaching",
  '$${"Basic " + base64.encode(text.encode(pair))}',
  "/site/publications/notice-how-we-keep-your-data/notice-how-we-keep-your-data",
  "yourls/yourls:1.9",
  "$${ESCAPED}",
  "${{ secrets.TOKEN }}",
  "Map<String,List<Integer>>",
  "AWS::SSM::Parameter::Value<String>",
  "(?P<year>\\d+)",
  "<b>bold</b>",
  "Ann <ann@acme.io>",
  "__address__",
  "__init__",
  "0.0.0.0/0",
  "%{[host][name]}",
  "%PATH%",
  "placeholder.png",
  "somewhere",
  "dummy",
  "example",
  "arn:aws:iam::481516234210:role/x",
  "mv .env.example .env",
  "BREAKING CHANGE",
  "config.yml.example",
  "op://database/production/api-account/API_SERVICE_ACCOUNT_CLIENT_ID",
  "0-StartHere",
  "arn:aws:route53:::change/*",
  "`kubectl describe pod <podname>`, then `kubectl logs <podname>`",
  "FILL_NUM",
  "All of GetYourBooks is open at night, says GetYourBooks.",
])("%s holds nothing", (value) => {
  expect(shapes(value)).toEqual([]);
});

test("a fallback says how surely it asks to be replaced", () => {
  const [weak] = placeholderTokens("${SECRET:-change-me}");
  expect(weak).toMatchObject({ name: "SECRET", fallback: { operator: ":-", word: "change-me" } });
  expect(placeholderTokens("${SECRET:?please change me}")[0]?.fallback?.word).toBeNull();
  expect(placeholderTokens("${TAG:-latest}")[0]?.fallback?.word).toBeNull();
});

test("ranges lie in the value, in order, and do not overlap", () => {
  const piece = fc.constantFrom(
    "${",
    "}",
    "{{",
    "<",
    ">",
    "your-",
    "change",
    "_me",
    " ",
    "/",
    "@",
    "$(",
    ")",
    "__",
    "X",
    "x",
    "[",
    "]",
    "#{",
    "é",
    ".",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const value = pieces.join("");
      let last = 0;
      for (const token of placeholderTokens(value)) {
        expect(token.start).toBeGreaterThanOrEqual(last);
        expect(token.end).toBeGreaterThan(token.start);
        expect(token.end).toBeLessThanOrEqual(value.length);
        last = token.end;
      }
    }),
  );
});

test("any text can be read line by line, with places inside it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      for (const value of lineValues(text)) expect(text.startsWith(value.text, value.start)).toBe(true);
    }),
  );
});

test("a certificate without its body is one placeholder, a real one is none", () => {
  expect(cutOffPem("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----")?.shape).toBe("pem");
  expect(cutOffPem("-----BEGIN RSA PRIVATE KEY-----\\nMIIE...")?.text).toBe("-----BEGIN RSA PRIVATE KEY-----…");
  expect(cutOffPem("if the text starts with -----BEGIN PRIVATE KEY----- it is a key. And so on...")).toBeNull();
  expect(cutOffPem(`-----BEGIN CERTIFICATE-----\n${"MIIC".repeat(40)}\n-----END CERTIFICATE-----`)).toBeNull();
  expect(cutOffPem(`-----BEGIN CERTIFICATE-----\n${"MIIChere".repeat(20)}\n-----END CERTIFICATE-----`)).toBeNull();
});
