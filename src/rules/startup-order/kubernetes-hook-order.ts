import type { Report } from "../../types/finding.ts";
import type { KubernetesModel, ModelObject } from "../../types/kubernetes.ts";
import type { Check } from "../../types/rule.ts";
import type { Location } from "../../types/text.ts";
import { isMigrationImage, isMigrationName, migrationIn, waitsForMigration } from "./migration.ts";

export const kubernetesHookOrder: Check<"kubernetes", "startup-order/kubernetes-hook-order"> = {
  needs: ["kubernetes"],
  *run({ kubernetes }) {
    yield* reports(kubernetes);
  },
};

const workloads = /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Rollout|Pod)$/;

/** When an object is applied: the phase, then the wave or weight inside it. */
interface Moment {
  /** `argo`: PreSync 0, Sync 1, PostSync 2; `helm`: pre-hooks 0, the release itself 1, post-hooks 2. */
  phase: number;
  wave: number;
  /** The annotation that says so; null for the defaults. */
  at: Location | null;
  written: string;
}

function* reports({ objects, templates }: KubernetesModel): Generator<Report> {
  const all = [...objects, ...templates];
  for (const job of all) {
    if (job.kind !== "Job" || !isMigration(job)) continue;
    const others = ofSameName(
      job,
      all.filter((one) => workloads.test(one.kind) && belong(job, one)),
    );
    // Where waves put some workloads behind the migration, one without a wave that has nothing else in common with it is left out on purpose.
    const isChosen = others.some((other) => isBehind(job, other));
    for (const other of others) {
      if (awaitsMigration(other)) continue;
      if (isChosen && argoMoment(other) === null && !isOfOneImage(job, other)) continue;
      const report = byArgo(job, other) ?? byHelm(job, other);
      if (!report) continue;
      yield report;
      break;
    }
  }
}

/** Whether a workload's own annotation puts it behind the migration. */
function isBehind(job: ModelObject, workload: ModelObject): boolean {
  const late = argoMoment(workload);
  if (late === null) return false;
  const early = argoMoment(job) ?? { phase: 1, wave: 0 };
  return early.phase < late.phase || (early.phase === late.phase && early.wave < late.wave);
}

function compare(job: ModelObject, early: Moment, workload: ModelObject, late: Moment): Report | null {
  const at = early.at ?? late.at;
  if (!at || early.phase < late.phase || (early.phase === late.phase && early.wave < late.wave)) return null;
  const equal = early.phase === late.phase && early.wave === late.wave;
  const name = shown(job.name?.text ?? "the migration");
  const other = `${workload.kind} ${shown(workload.name?.text ?? "")}`.trimEnd();
  const mend = /^hook \S*(?:install|upgrade)/.test(early.written)
    ? "Write `pre-install,pre-upgrade`, or `post-install,pre-upgrade` where the release itself brings the database."
    : "Give the Job an earlier phase or wave.";
  return {
    message: equal
      ? `The migration ${name} is applied together with ${other} (${early.written}): new pods may start before the schema is there. ${mend}`
      : `The migration ${name} runs after ${other} has been rolled out (${early.written}, against ${late.written}): the new pods start on the old schema. ${mend}`,
    subject: name,
    at,
    severity: equal ? "warning" : "error",
    related: [{ ...(late.at ?? workload.name?.at ?? workload.at), message: `${other}: ${late.written}` }],
  };
}

/** What a template puts into a name is not known. */
const shown = (text: string): string => text.replace(/_{3,}/g, "…");

/** The pods themselves wait until the schema is there, or migrate. */
const awaitsMigration = (workload: ModelObject): boolean =>
  (workload.pod?.initContainers ?? []).some((container) => {
    const command = [...container.command, ...container.args].map((word) => word.text).join(" ");
    return waitsForMigration(command) || /wait.*migrat/i.test(container.name?.text ?? "");
  });

/** Of several workloads those that the Job is named after (`api-migrate` of `api`), where there are such. */
function ofSameName(job: ModelObject, all: readonly ModelObject[]): readonly ModelObject[] {
  const words = (object: ModelObject) => (object.name?.text ?? "").toLowerCase().split(/[^a-z0-9]+/);
  const own = words(job).filter((word) => word !== "" && !/^(?:db)?migrat|^(?:db|database|job|run|schema)$/.test(word));
  const named = all.filter((one) => own.length > 0 && own.every((word) => words(one).includes(word)));
  return named.length > 0 ? named : all;
}

function annotation(object: ModelObject, name: string): { text: string; at: Location } | null {
  const found = object.annotations.find((each) => each.name === name);
  return found
    ? { text: found.value.text, at: found.value.at.start.line === found.at.start.line ? found.at : found.value.at }
    : null;
}

const argoPhases: Record<string, number> = { PreSync: 0, Sync: 1, PostSync: 2 };

/** Null where no Argo CD annotation says anything. */
function argoMoment(object: ModelObject): Moment | null {
  const hook = annotation(object, "argocd.argoproj.io/hook");
  const wave = annotation(object, "argocd.argoproj.io/sync-wave");
  if (!hook && !wave) return null;
  const names = (hook?.text ?? "Sync").split(",").map((each) => each.trim());
  const phases = names.map((each) => argoPhases[each]).filter((each) => each !== undefined);
  // SyncFail, Skip and PostDelete are no part of a good deploy.
  if (phases.length === 0) return null;
  const number = Number.parseInt(wave?.text ?? "0", 10);
  if (Number.isNaN(number)) return null;
  const phase = Math.min(...phases);
  return {
    phase,
    wave: number,
    at: (phase !== 1 ? hook : (wave ?? hook))?.at ?? null,
    written: [hook ? `hook ${hook.text}` : null, wave ? `wave ${number}` : "wave 0"].filter(Boolean).join(", "),
  };
}

/** Null where no Helm hook is named. Weights order the hooks of one phase. */
function helmMoment(object: ModelObject): Moment | null {
  const hook = annotation(object, "helm.sh/hook");
  if (!hook) return null;
  const names = hook.text.split(",").map((each) => each.trim());
  const weight = annotation(object, "helm.sh/hook-weight");
  const wave = Number.parseInt((weight?.text ?? "0").replace(/["']/g, ""), 10) || 0;
  const written = `hook ${hook.text}${weight ? `, weight ${wave}` : ""}`;
  // One that also runs before (`pre-upgrade,post-install`) is in time where there is something to migrate.
  if (names.some((each) => /^pre-(?:install|upgrade)$/.test(each)))
    return { phase: 0, wave, at: weight?.at ?? hook.at, written };
  if (names.some((each) => /^post-(?:install|upgrade)$/.test(each))) return { phase: 2, wave, at: hook.at, written };
  return null;
}

function byArgo(job: ModelObject, workload: ModelObject): Report | null {
  const [own, other] = [argoMoment(job), argoMoment(workload)];
  // Without any annotation nothing says that Argo CD applies these files.
  if (!own && !other) return null;
  if ((!own && isHook(job)) || (!other && isHook(workload))) return null;
  const unmarked = (at: Location | null): Moment => ({ phase: 1, wave: 0, at, written: "no annotation, wave 0" });
  return compare(job, own ?? unmarked(job.name?.at ?? job.at), workload, other ?? unmarked(null));
}

function byHelm(job: ModelObject, workload: ModelObject): Report | null {
  const own = helmMoment(job);
  return (
    own &&
    compare(job, own, workload, helmMoment(workload) ?? { phase: 1, wave: 0, at: null, written: "the release itself" })
  );
}

/** A hook of a kind that is no part of a good deploy. */
function isHook(object: ModelObject): boolean {
  return annotation(object, "argocd.argoproj.io/hook") !== null || annotation(object, "helm.sh/hook") !== null;
}

function isMigration(job: ModelObject): boolean {
  if (job.name && isMigrationName(job.name.text)) return true;
  return (job.pod?.containers ?? []).some((container) => {
    const command = [...container.command, ...container.args].map((word) => word.text).join(" ");
    return (
      migrationIn(command) !== null ||
      (container.image !== null && isMigrationImage(container.image.text)) ||
      (container.name !== null && isMigrationName(container.name.text))
    );
  });
}

function imageNames(object: ModelObject): string[] {
  return (object.pod?.containers ?? []).flatMap((container) => container.image?.text.replace(/[:@][^/]*$/, "") ?? []);
}

/** Whether both run an image that is named here. */
function isOfOneImage(job: ModelObject, workload: ModelObject): boolean {
  const images = imageNames(workload);
  return imageNames(job).some((image) => images.includes(image) && !/_{3,}/.test(image));
}

function label(object: ModelObject, name: string): string | null {
  const value = object.labels.find((each) => each.name === name)?.value.text;
  return value && !/^_+$/.test(value) ? value : null;
}

const supporting =
  /(?:^|\/)(?:postgres|postgis|timescaledb|pgvector|mysql|mariadb|mongo|redis|valkey|rabbitmq|kafka|zookeeper|memcached|elasticsearch|opensearch|clickhouse|minio|nats|vault|consul|etcd)/i;

/** The Job and the workload are of one application: same image, same label, or the same folder when the workload is no database or broker. */
function belong(job: ModelObject, workload: ModelObject): boolean {
  if ((job.namespace?.text ?? null) !== (workload.namespace?.text ?? null) && job.namespace && workload.namespace)
    return false;
  const images = imageNames(workload);
  if (images.some((image) => supporting.test(image))) return false;
  if (isOfOneImage(job, workload)) return true;
  const own = imageNames(job);
  const folder = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
  if (folder(job.path) !== folder(workload.path)) return false;
  for (const name of ["app.kubernetes.io/instance", "app.kubernetes.io/part-of", "app.kubernetes.io/name", "app"]) {
    const [a, b] = [label(job, name), label(workload, name)];
    if (a !== null && a === b) return true;
  }
  // A migration with a tool's image, or a name of its own, in the folder of the application.
  return (
    own.some((image) => isMigrationImage(image) || /_{3,}/.test(image)) || images.some((image) => /_{3,}/.test(image))
  );
}
