import { expect, test } from "vitest";
import { presenceStep } from "../../src/reports/show-secrets.ts";
import { modelOf } from "../support/models.ts";

const job = (name: string, environment: string, steps: string) =>
  `  ${name}:\n    runs-on: ubuntu-latest\n${environment === "" ? "" : `    environment: ${environment}\n`}    steps:\n${steps}`;
const step = async (jobs: string) =>
  presenceStep(await modelOf("secrets", { ".github/workflows/deploy.yml": `on: push\njobs:\n${jobs}` }));

test("the step lists what is required, and names behind it what may be absent", async () => {
  const text = await step(
    job(
      "deploy",
      "staging",
      `      - run: ./deploy.sh "\${{ secrets.NEEDED }}" "\${{ secrets.needed }}" "\${{ vars.REGION }}" "\${{ secrets.HOST || 'localhost' }}"
      - if: env.SLACK != ''
        run: ./notify.sh
        env: { SLACK: "\${{ secrets.SLACK_URL }}", OWN: "\${{ secrets.GITHUB_TOKEN }}" }
`,
    ),
  );
  expect(text).toBe(`# In a job that runs in staging (\`environment:\`). Only true and false leave GitHub.
- uses: predeploy/predeploy@v1
  with:
    present: |
      NEEDED=\${{ secrets.NEEDED != '' }}
      REGION=\${{ vars.REGION != '' }}
# Left out, since they may be absent: HOST, SLACK_URL
`);
});

test("each environment gets a step of its own, with what its jobs and those without an environment need", async () => {
  const text = await step(
    job("test", "", '      - run: ./test.sh "${{ secrets.ALL }}"\n') +
      job("stage", "staging", '      - run: ./deploy.sh "${{ secrets.STAGE }}"\n') +
      job("ship", "production", '      - run: ./deploy.sh "${{ secrets.SHIP }}"\n'),
  );
  const [production, staging] = text.split("\n\n");
  expect(production).toContain("runs in production");
  expect(production!.match(/^ {6}(\w+)/gm)!.map((one) => one.trim())).toEqual(["ALL", "SHIP"]);
  expect(staging!.match(/^ {6}(\w+)/gm)!.map((one) => one.trim())).toEqual(["ALL", "STAGE"]);
});

test("nothing to list", async () => {
  expect(await step(job("test", "", "      - run: ./test.sh\n"))).toContain("No workflow of this repository names");
  expect(await step(job("test", "", "      - run: echo \"${{ secrets.A || 'b' }}\"\n"))).toContain(
    "Nothing is required",
  );
});
