import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../config/usage-error.ts";
import { version } from "../version.ts";
import { type CheckFlags, checkOptionsOf } from "./flags.ts";
import { formatNames } from "./formats.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** Runs one command line and gives its exit code. Nothing escapes it: usage errors are 2, a bug is 70. */
export async function runProgram(terminal: Terminal): Promise<number> {
  let code: number = EXIT.pass;
  const program = makeProgram(terminal, (done) => {
    code = done;
  });
  try {
    await program.parseAsync(await withDefaultCommand(program, terminal), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
    const { terminal: escaped } = await import("../reports/escape.ts");
    if (error instanceof UsageError) {
      terminal.stderr.write(`predeploy: ${escaped(error.message)}\n`);
      return EXIT.usage;
    }
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.stderr.write(
      `predeploy: this is a bug of predeploy, please report it.\n${said
        .split("\n")
        .map((line) => `│ ${escaped(line)}`)
        .join("\n")}\n`,
    );
    return EXIT.bug;
  }
}

/** `predeploy PATH` and `predeploy --only x` mean `predeploy check …`. Throws UsageError for a command that is misspelt. */
async function withDefaultCommand(program: Command, { argv, cwd }: Terminal): Promise<string[]> {
  const [first, second] = argv;
  const commands = program.commands.map((one) => one.name());
  if (first === "help" && second !== undefined && second !== "help" && !commands.includes(second)) {
    const { didYouMean } = await import("../text/nearest.ts");
    throw new UsageError(`${second}: no such command.${didYouMean(second, commands) || listed(commands)}`);
  }
  const isCommand = first !== undefined && (first === "help" || commands.includes(first));
  const isGlobal = first === "--help" || first === "-h" || first === "--version" || first === "-V";
  if (isCommand || isGlobal) return [...argv];
  if (first !== undefined && /^[a-z][a-z-]*$/.test(first) && !existsSync(resolve(cwd, first))) {
    const { nearestNames } = await import("../text/nearest.ts");
    const [near] = nearestNames(first, [...commands, "--version"], 1);
    const what = near?.startsWith("--") ? "option" : "command";
    throw new UsageError(
      near === undefined
        ? `${first}: no such directory and no such command.${listed(commands)}`
        : `${first}: no such directory. Did you mean the ${what} \`${near}\`?`,
    );
  }
  return ["check", ...argv];
}

const listed = (commands: readonly string[]): string => ` Commands: ${commands.join(", ")}.`;

function makeProgram(terminal: Terminal, done: (code: number) => void): Command {
  const { stdout, stderr } = terminal;
  const program = new Command("predeploy")
    .description("Know before a staging deploy whether what is about to ship will start there.")
    .version(version, "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text.replace(/^error:/, "predeploy:").replace(/\n(?=\()/, " ")),
    })
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      "\nExit codes: 0 pass, 1 findings, 2 usage or config, 3 undecided, 70 a bug.\nRun `predeploy COMMAND --help` for the options of a command.",
    );

  addCheckOptions(
    program
      .command("check", { isDefault: false })
      .description("check the repository at PATH (default: here); the main job")
      .argument("[path]", "the repository's folder", "."),
  )
    .option("--write-baseline <file>", "accept today's findings: write them to FILE")
    .action(async (path: string, flags: CheckFlags) => {
      const { runCheckCommand } = await import("./check-command.ts");
      done(await runCheckCommand(terminal, path, flags));
    });

  addSelection(
    program
      .command("fix")
      .description("apply the safe fixes; with --review show each as a diff and ask")
      .argument("[path]", "the repository's folder", "."),
  )
    .option("--review", "show every fix, also those that need a look, and ask")
    .action(async (path: string, flags: Omit<CheckFlags, "failOn"> & { review?: boolean }) => {
      const { runFix } = await import("./fix-command.ts");
      done(await runFix(terminal, path, { ...flags, failOn: "error" }));
    });

  program
    .command("show")
    .description("print a model that the rules stand on")
    .argument("<model>", "image, imports, drift, startup, pipeline, secrets or environments")
    .argument("[path]", "the repository's folder", ".")
    .option("--config <file>", "the config file (default: predeploy.yml, .github/predeploy.yml)")
    .option("--environment <name>", "only this environment")
    .addOption(new Option("--format <name>", "text or json").choices(["text", "json"]).default("text"))
    .option("--online", "allow the network", false)
    .addOption(new Option("--offline", "open no socket (default)").conflicts("online"))
    .option("--deployed <sha>", "the commit that is deployed")
    .option("--present <name=true|false>", "whether a secret is there (repeatable)", append)
    .option("--verbose", "say more on standard error")
    .action(async (model: string, path: string, flags) => {
      const { runShow } = await import("./show.ts");
      done(await runShow(terminal, model, path, flags));
    });

  program
    .command("secrets")
    .description("write the workflow step that says which secrets are there, never what they hold")
    .argument("[path]", "the repository's folder", ".")
    .option("--emit-step", "print the step")
    .option("--config <file>", "the config file")
    .action(async (path: string, flags) => {
      const { runPresenceStep } = await import("./show.ts");
      done(await runPresenceStep(terminal, path, { ...flags, format: "text" }));
    });

  program
    .command("check-ignore")
    .description("which paths the builder leaves out, like git check-ignore")
    .requiredOption("--ignore-file <file>", "the .dockerignore to read")
    .addOption(new Option("--builder <name>", "whose rules").choices(["buildkit", "classic"]).default("buildkit"))
    .option("--stdin", "read the paths from standard input, one a line")
    .option("-v, --verbose", "print every path with the deciding line and pattern")
    .argument("[paths...]", "paths below the build context")
    .action(async (paths: string[], flags) => {
      const { runCheckIgnore } = await import("./check-ignore.ts");
      done(await runCheckIgnore(terminal, paths, flags));
    });

  program
    .command("init")
    .description("look at the repository and write a commented predeploy.yml and a workflow; never overwrites")
    .argument("[path]", "the repository's folder", ".")
    .action(async (path: string) => {
      const { runInit } = await import("./init-command.ts");
      done(await runInit(terminal, path));
    });

  program
    .command("merge")
    .description("join the JSON of shards into one result and report it")
    .argument("<files...>", "what `predeploy check --shard i/n --format json` wrote")
    .option("--format <name[=file]>", "as for check", append)
    .addOption(
      new Option(
        "--fail-on <severity>",
        "the least severity that fails (default: error, and what failed a part)",
      ).choices(["error", "warning", "note", "never"]),
    )
    .option("--allow-undecided", "rules that cannot decide do not fail the run")
    .option("--show-suppressed", "list what suppressions leave out")
    .option("--color", "colour the text")
    .option("--no-color", "do not colour the text")
    .option("--quiet", "findings without excerpts")
    .option("--verbose", "list everything that is folded")
    .action(async (files: string[], flags) => {
      const { runMerge } = await import("./merge.ts");
      done(await runMerge(terminal, files, flags));
    });

  program
    .command("explain")
    .description("why a rule exists, an example that fires, how to mend, its options")
    .argument("<rule>", "id of the rule, like dockerignore/pattern-invalid")
    .action(async (rule: string) => {
      const { explainRule } = await import("./explain.ts");
      const options = checkOptionsOf(terminal, ".", { failOn: "error", online: false });
      stdout.write(await explainRule(rule, options, stdout.isTTY ? (stdout.columns ?? null) : null));
    });

  program
    .command("rules")
    .description("every rule: id, severity, on or off here, what it needs")
    .argument("[path]", "the repository's folder", ".")
    .option("--config <file>", "the config file")
    .addOption(new Option("--format <name>", "text or json").choices(["text", "json"]).default("text"))
    .action(async (path: string, flags) => {
      const { listRules } = await import("./rules.ts");
      stdout.write(
        await listRules(
          checkOptionsOf(terminal, path, { failOn: "error", online: false, config: flags.config }),
          flags.format,
        ),
      );
    });

  for (const command of program.commands) command.exitOverride().configureOutput(program.configureOutput());
  return program;
}

/** What `check` takes: what to look at, and how to tell it. */
function addCheckOptions(command: Command): Command {
  return addSelection(command)
    .option("--format <name[=file]>", `${formatNames.join(", ")}; repeatable, at most one without a file`, append)
    .addOption(
      new Option("--fail-on <severity>", "the least severity that fails the run")
        .choices(["error", "warning", "note", "never"])
        .default("error"),
    )
    .option("--shard <i/n>", "run one part of the rules; join the parts with `predeploy merge`")
    .option("--allow-undecided", "rules that cannot decide do not fail the run")
    .option("--show-suppressed", "list what suppressions leave out")
    .option("--color", "colour the text")
    .option("--no-color", "do not colour the text")
    .option("--quiet", "findings without excerpts");
}

function addSelection(command: Command): Command {
  return command
    .option("--environment <name>", "only this environment (default: all)")
    .option("--config <file>", "the config file (default: predeploy.yml, .github/predeploy.yml)")
    .option("--only <names>", "only these families or rules, separated by commas", names)
    .option("--skip <names>", "not these families or rules", names)
    .option("--base <ref>", "report only what was introduced since REF, and count what is older")
    .option("--baseline <file>", "leave out the findings in FILE")
    .option("--online", "allow the network (default: off)", false)
    .addOption(new Option("--offline", "open no socket (default)").conflicts("online"))
    .option("--present <name=true|false>", "whether a secret is there (repeatable)", append)
    .option("--deployed <sha>", "the commit that is deployed")
    .option("--verify-files", "in CI too: compare the files on disk with git's index")
    .option("--no-cache", "read everything anew: always so, nothing is kept between runs")
    .option("--verbose", "say more on standard error");
}

function names(value: string, earlier: string[] | undefined): string[] {
  const list = value
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  if (list.length === 0) throw new InvalidArgumentError("Name at least one family or rule.");
  return [...(earlier ?? []), ...list];
}

const append = (value: string, earlier: string[] | undefined) => [...(earlier ?? []), value];
