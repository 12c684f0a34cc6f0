import { expect, test } from "vitest";
import { entryPointsOf } from "./processes.ts";

const MAKEFILE = `
MODULE = shop.main
PORT ?= 8000
STAGE := $(shell cat stage)
TOOL = python
ifdef DEBUG
TOOL = python3
endif
export LOG_LEVEL = info

.PHONY: run migrate

run: migrate assets | cache ## starts it
	# the server
	@exec gunicorn $(MODULE):app \\
		--bind :$(PORT)

migrate:
	-python manage.py migrate

assets cache: ; python $@.py $<

both:
	$(MAKE) migrate
	cd jobs && python $$JOB
staged:
	python $(STAGE).py
tool:
	$(TOOL) tool.py
%.out: %.in
	python convert.py
`;

const FILES = {
  Makefile: MAKEFILE,
  "manage.py": "",
  "shop/main.py": "",
  "jobs/daily.py": "",
  "tool.py": "",
  "assets.py": "",
  "cache.py": "",
  "sub/Makefile": "up:\n\tpython up.py\n",
  "sub/up.py": "",
  "jobs/Makefile": ".ONESHELL:\n.DEFAULT_GOAL := daily\nother: ; python other.py\ndaily:\n\tcd ..\n\tpython tool.py\n",
};

test.each([
  [
    "what a target needs comes first, an error that is passed over goes on",
    "make run",
    ["before manage.py", "before assets.py", "before cache.py", "process shop.main:app"],
  ],
  [
    "no target: the first that is none of make's own",
    "make",
    ["before manage.py", "before assets.py", "before cache.py", "process shop.main:app"],
  ],
  [
    "a variable that is given",
    "make run MODULE=other.main",
    ["before manage.py", "before assets.py", "before cache.py"],
  ],
  ["a folder, and a file", "make -C sub up && make -s -f sub/Makefile up", ["before up.py", "process up.py"]],
  ["make within make, and a dollar for the shell", "JOB=daily.py make both", ["before manage.py", "process daily.py"]],
  ["one shell for a recipe, and a target by default", "make -C jobs", ["process tool.py"]],
  ["what is not known", "make staged tool", []],
  ["a target that is not here, and one of a pattern", "make gone; make a.out", []],
] as const)("%s", async (_, cmd, expected) => {
  const [point] = await entryPointsOf({ cmd, files: FILES });
  expect(point?.parts.map((part) => `${part.role} ${part.subject}`)).toEqual(expected);
});

test("a part is optional, chained and placed as the Makefile has it", async () => {
  const [point] = await entryPointsOf({ cmd: "make run", files: FILES });
  const migrate = point?.parts[0];
  const serve = point?.parts.at(-1);
  expect([migrate?.optional, serve?.optional]).toEqual([true, false]);
  expect(serve?.at).toMatchObject({ path: "Makefile", start: { line: 15 } });
  expect(serve?.chain.map(({ message }) => message)).toEqual(["target `run`"]);
  expect(point?.variables).toContain("LOG_LEVEL");
});
