import { join } from "node:path";
import { expect, test } from "vitest";
import { readRules } from "../../../src/catalog/generated-files.ts";
import { runRule } from "../../support/run-rule.ts";

const rules = readRules(join(import.meta.dirname, "../../.."));

async function ordersOf(id: string): Promise<string[]> {
  const rule = rules.find((one) => one.id === `startup-order/${id}`)!;
  const orders: string[] = [];
  for (const example of rule.examples)
    for (const { order } of (await runRule(rule, example)).findings)
      orders.push(order === undefined ? "none" : `${order.first.name} ${order.how} ${order.second.name}`);
  return orders;
}

test.each([
  [
    "listen-before-connect",
    [
      "store.connectStore beside app.listen",
      "producer.connect beside express().listen",
      "producer.connect beside express().listen",
      "client.connect beside express().listen",
      "app.listen before store.connectStore",
      "bot.connect beside app.listen",
    ],
  ],
  ["ready-before-init", ["app.state.ready = True before service.warm_cache"]],
  // Where the framework starts the application no call of the repository stands.
  [
    "register-after-start",
    [
      "none",
      "none",
      "server.listen before server.get",
      "app.listen before app.useGlobalPipes",
      "app.listen before app.enableCors",
    ],
  ],
  ["routes-after-listen", ["app.listen before app.get", "app.listen before app.get"]],
  ["instrument-after-import", ["express before Sentry.init", "express before dd-trace.init"]],
  [
    "declared-order",
    [
      "parts.start_monitor before parts.add_handlers",
      "parts.run_health_checks before parts.open_database",
      "parts.run_health_checks before parts.start_queue",
      "store.openStore beside app.listen",
      "none",
      "parts.start_consumer before parts.connect_database",
      "boot.serve before boot.openStore",
    ],
  ],
])("a finding of %s says what is reached first", async (id, expected) => {
  expect(await ordersOf(id)).toEqual(expected);
});
