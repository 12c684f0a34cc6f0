// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { awaitOfSync } from "./await-of-sync.ts";
import { capturedSingleton } from "./captured-singleton.ts";
import { declaredEntryUnmatched } from "./declared-entry-unmatched.ts";
import { declaredOrder } from "./declared-order.ts";
import { environmentBeforeDotenv } from "./environment-before-dotenv.ts";
import { errorHandlerBeforeRoutes } from "./error-handler-before-routes.ts";
import { instrumentAfterImport } from "./instrument-after-import.ts";
import { listenBeforeConnect } from "./listen-before-connect.ts";
import { middlewareOrder } from "./middleware-order.ts";
import { propertyCalled } from "./property-called.ts";
import { readyBeforeInit } from "./ready-before-init.ts";
import { registerAfterStart } from "./register-after-start.ts";
import { routesAfterListen } from "./routes-after-listen.ts";
import { unawaitedCall } from "./unawaited-call.ts";
import { unawaitedValue } from "./unawaited-value.ts";
import { unresolvedImport } from "./unresolved-import.ts";

export const checks: Readonly<Record<string, Check>> = {
  "startup-order/await-of-sync": awaitOfSync as unknown as Check,
  "startup-order/captured-singleton": capturedSingleton as unknown as Check,
  "startup-order/declared-entry-unmatched": declaredEntryUnmatched as unknown as Check,
  "startup-order/declared-order": declaredOrder as unknown as Check,
  "startup-order/environment-before-dotenv": environmentBeforeDotenv as unknown as Check,
  "startup-order/error-handler-before-routes": errorHandlerBeforeRoutes as unknown as Check,
  "startup-order/instrument-after-import": instrumentAfterImport as unknown as Check,
  "startup-order/listen-before-connect": listenBeforeConnect as unknown as Check,
  "startup-order/middleware-order": middlewareOrder as unknown as Check,
  "startup-order/property-called": propertyCalled as unknown as Check,
  "startup-order/ready-before-init": readyBeforeInit as unknown as Check,
  "startup-order/register-after-start": registerAfterStart as unknown as Check,
  "startup-order/routes-after-listen": routesAfterListen as unknown as Check,
  "startup-order/unawaited-call": unawaitedCall as unknown as Check,
  "startup-order/unawaited-value": unawaitedValue as unknown as Check,
  "startup-order/unresolved-import": unresolvedImport as unknown as Check,
};
