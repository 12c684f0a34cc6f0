// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check, CheckOfRule } from "../../types/rule.ts";
import { awaitOfSync } from "./await-of-sync.ts";
import { capturedSingleton } from "./captured-singleton.ts";
import { circularImport } from "./circular-import.ts";
import { composeBuildPathMissing } from "./compose-build-path-missing.ts";
import { composeCompletedRestarts } from "./compose-completed-restarts.ts";
import { composeDependencyCycle } from "./compose-dependency-cycle.ts";
import { composeHealthyWithoutHealthcheck } from "./compose-healthy-without-healthcheck.ts";
import { composeMigrationNotAwaited } from "./compose-migration-not-awaited.ts";
import { composeStartedNotHealthy } from "./compose-started-not-healthy.ts";
import { composeUndefinedDependency } from "./compose-undefined-dependency.ts";
import { composeUnreadable } from "./compose-unreadable.ts";
import { declaredEntryUnmatched } from "./declared-entry-unmatched.ts";
import { declaredOrder } from "./declared-order.ts";
import { environmentBeforeDotenv } from "./environment-before-dotenv.ts";
import { errorHandlerBeforeRoutes } from "./error-handler-before-routes.ts";
import { instrumentAfterImport } from "./instrument-after-import.ts";
import { kubernetesHookOrder } from "./kubernetes-hook-order.ts";
import { kubernetesProbePathNotServed } from "./kubernetes-probe-path-not-served.ts";
import { kubernetesProbePortUnknown } from "./kubernetes-probe-port-unknown.ts";
import { kubernetesUnreadable } from "./kubernetes-unreadable.ts";
import { listenBeforeConnect } from "./listen-before-connect.ts";
import { middlewareOrder } from "./middleware-order.ts";
import { migrationAfterServer } from "./migration-after-server.ts";
import { moduleDoesNotCompile } from "./module-does-not-compile.ts";
import { procfileEntryMissing } from "./procfile-entry-missing.ts";
import { procfileMigrationInWeb } from "./procfile-migration-in-web.ts";
import { propertyCalled } from "./property-called.ts";
import { readyBeforeInit } from "./ready-before-init.ts";
import { registerAfterStart } from "./register-after-start.ts";
import { routesAfterListen } from "./routes-after-listen.ts";
import { unawaitedCall } from "./unawaited-call.ts";
import { unawaitedValue } from "./unawaited-value.ts";
import { unresolvedImport } from "./unresolved-import.ts";
import { workflowArtifactWithoutNeeds } from "./workflow-artifact-without-needs.ts";
import { workflowGateBypassed } from "./workflow-gate-bypassed.ts";
import { workflowJobOrder } from "./workflow-job-order.ts";
import { workflowNeedsOutput } from "./workflow-needs-output.ts";
import { workflowReusableMissing } from "./workflow-reusable-missing.ts";
import { workflowStepsOfOtherJob } from "./workflow-steps-of-other-job.ts";
import { workflowUnreadable } from "./workflow-unreadable.ts";

export const checks: Readonly<Record<string, CheckOfRule>> = {
  "startup-order/await-of-sync": { needs: ["startup"], check: () => awaitOfSync as unknown as Check },
  "startup-order/captured-singleton": { needs: ["startup"], check: () => capturedSingleton as unknown as Check },
  "startup-order/circular-import": { needs: ["closures","startup"], check: () => circularImport as unknown as Check },
  "startup-order/compose-build-path-missing": { needs: ["compose"], check: () => composeBuildPathMissing as unknown as Check },
  "startup-order/compose-completed-restarts": { needs: ["compose"], check: () => composeCompletedRestarts as unknown as Check },
  "startup-order/compose-dependency-cycle": { needs: ["compose"], check: () => composeDependencyCycle as unknown as Check },
  "startup-order/compose-healthy-without-healthcheck": { needs: ["compose"], check: () => composeHealthyWithoutHealthcheck as unknown as Check },
  "startup-order/compose-migration-not-awaited": { needs: ["compose"], check: () => composeMigrationNotAwaited as unknown as Check },
  "startup-order/compose-started-not-healthy": { needs: ["compose"], check: () => composeStartedNotHealthy as unknown as Check },
  "startup-order/compose-undefined-dependency": { needs: ["compose"], check: () => composeUndefinedDependency as unknown as Check },
  "startup-order/compose-unreadable": { needs: ["compose"], check: () => composeUnreadable as unknown as Check },
  "startup-order/declared-entry-unmatched": { needs: ["startup"], check: () => declaredEntryUnmatched as unknown as Check },
  "startup-order/declared-order": { needs: ["startup"], check: () => declaredOrder as unknown as Check },
  "startup-order/environment-before-dotenv": { needs: ["startup"], check: () => environmentBeforeDotenv as unknown as Check },
  "startup-order/error-handler-before-routes": { needs: ["startup"], check: () => errorHandlerBeforeRoutes as unknown as Check },
  "startup-order/instrument-after-import": { needs: ["startup"], check: () => instrumentAfterImport as unknown as Check },
  "startup-order/kubernetes-hook-order": { needs: ["kubernetes"], check: () => kubernetesHookOrder as unknown as Check },
  "startup-order/kubernetes-probe-path-not-served": { needs: ["kubernetes","routes"], check: () => kubernetesProbePathNotServed as unknown as Check },
  "startup-order/kubernetes-probe-port-unknown": { needs: ["kubernetes"], check: () => kubernetesProbePortUnknown as unknown as Check },
  "startup-order/kubernetes-unreadable": { needs: ["kubernetes"], check: () => kubernetesUnreadable as unknown as Check },
  "startup-order/listen-before-connect": { needs: ["startup"], check: () => listenBeforeConnect as unknown as Check },
  "startup-order/middleware-order": { needs: ["startup"], check: () => middlewareOrder as unknown as Check },
  "startup-order/migration-after-server": { needs: ["imageContents"], check: () => migrationAfterServer as unknown as Check },
  "startup-order/module-does-not-compile": { needs: ["brokenSources"], check: () => moduleDoesNotCompile as unknown as Check },
  "startup-order/procfile-entry-missing": { needs: ["entries","closures"], check: () => procfileEntryMissing as unknown as Check },
  "startup-order/procfile-migration-in-web": { needs: ["procfiles"], check: () => procfileMigrationInWeb as unknown as Check },
  "startup-order/property-called": { needs: ["startup"], check: () => propertyCalled as unknown as Check },
  "startup-order/ready-before-init": { needs: ["startup"], check: () => readyBeforeInit as unknown as Check },
  "startup-order/register-after-start": { needs: ["startup"], check: () => registerAfterStart as unknown as Check },
  "startup-order/routes-after-listen": { needs: ["startup"], check: () => routesAfterListen as unknown as Check },
  "startup-order/unawaited-call": { needs: ["startup"], check: () => unawaitedCall as unknown as Check },
  "startup-order/unawaited-value": { needs: ["startup"], check: () => unawaitedValue as unknown as Check },
  "startup-order/unresolved-import": { needs: ["closures","builds"], check: () => unresolvedImport as unknown as Check },
  "startup-order/workflow-artifact-without-needs": { needs: ["workflows"], check: () => workflowArtifactWithoutNeeds as unknown as Check },
  "startup-order/workflow-gate-bypassed": { needs: ["workflows"], check: () => workflowGateBypassed as unknown as Check },
  "startup-order/workflow-job-order": { needs: ["workflows","config"], check: () => workflowJobOrder as unknown as Check },
  "startup-order/workflow-needs-output": { needs: ["workflows"], check: () => workflowNeedsOutput as unknown as Check },
  "startup-order/workflow-reusable-missing": { needs: ["workflows","files"], check: () => workflowReusableMissing as unknown as Check },
  "startup-order/workflow-steps-of-other-job": { needs: ["workflows"], check: () => workflowStepsOfOtherJob as unknown as Check },
  "startup-order/workflow-unreadable": { needs: ["workflows"], check: () => workflowUnreadable as unknown as Check },
};
