import type { Statement } from "../../types/code.ts";
import { eachExpression, eachStatement, expressionsOf } from "./program.ts";
import { writtenName } from "./values.ts";

/** Whether a middleware reads `request.session` without asking first whether there is one. */
export function readsSession(body: readonly Statement[]): boolean {
  let reads = false;
  let asks = false;
  eachStatement(body, (statement) => {
    if (statement.kind === "try") asks = true;
    for (const one of expressionsOf(statement)) {
      eachExpression(one, (at) => {
        if (
          at.kind === "attribute" &&
          at.name === "session" &&
          /^(?:request|req|conn|connection)$/.test(writtenName(at.of))
        )
          reads = true;
        if (
          at.kind === "index" &&
          at.at.kind === "string" &&
          at.at.value === "session" &&
          /(?:^|\.)scope$/.test(writtenName(at.of))
        )
          reads = true;
        if (at.kind === "call" && at.callee.kind === "name" && /^(?:hasattr|getattr)$/.test(at.callee.name))
          asks = true;
        if (at.kind === "binary" && /in$/.test(at.operator) && at.left.kind === "string" && at.left.value === "session")
          asks = true;
      });
    }
  });
  return reads && !asks;
}
