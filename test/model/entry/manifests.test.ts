import { expect, test } from "vitest";
import { entryPointsOf, summary } from "./processes.ts";

const deployment = (container: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  template:
    spec:
      containers:
        - name: worker
          image: registry.example.com/team/web:1.2
${container.replace(/^/gm, "          ")}
`;

const files = { "app/main.py": "", "app/worker.py": "", "conf/gunicorn.py": "" };

test("command and args of a container replace those of the image, with its variables", async () => {
  const points = await entryPointsOf({
    entrypoint: ["python"],
    cmd: ["app/main.py"],
    files: {
      ...files,
      "k8s/a.yaml": deployment(
        'command: [celery]\nargs: ["-A", "$(APP)", worker]\nenv:\n  - name: APP\n    value: app.worker',
      ),
      "k8s/b.yaml": deployment("args: [app/missing.py]"),
    },
  });
  expect(points.map((point) => [point.name, point.origin, point.image])).toEqual([
    ["web", "image", "web"],
    ["k8s/a.yaml:worker/worker", "kubernetes", "web"],
    ["k8s/b.yaml:worker/worker", "kubernetes", "web"],
  ]);
  expect(summary(points)).toEqual([
    "process app/main.py → app/main.py",
    "process app.worker (app.worker:app) → app/worker.py",
    "process app/missing.py → absent",
  ]);
  expect(points[2]?.parts[0]?.at).toMatchObject({ path: "k8s/b.yaml", start: { line: 11, column: 18 } });
});

test("what is mounted is unknown, and an image of somebody else is left alone", async () => {
  const points = await entryPointsOf({
    cmd: ["python", "app/main.py"],
    files: {
      ...files,
      "k8s/a.yaml": deployment(
        "command: [python, /etc/run/job.py]\nvolumeMounts:\n  - name: run\n    mountPath: /etc/run",
      ),
      "k8s/b.yaml": deployment("command: [python, other.py]").replace("registry.example.com/team/web:1.2", "redis:7"),
    },
  });
  expect(summary(points)).toEqual(["process app/main.py → app/main.py", "process /etc/run/job.py → unknown"]);
});
