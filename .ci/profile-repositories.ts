import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { smallCorpus } from "../test/bench/corpora.ts";
import { makeRepository } from "../test/support/repository.ts";

/** Files of a repository by path. */
type Files = Readonly<Record<string, string>>;

const lines = (...all: string[]): string => `${all.join("\n")}\n`;

const empty: Files = { "README.md": "# Empty\n" };

const python: Files = {
  Dockerfile: lines(
    "FROM python:3.12",
    "WORKDIR /app",
    "COPY requirements.txt .",
    "RUN pip install -r requirements.txt",
    "COPY . .",
    'CMD ["python", "-m", "app.main"]',
  ),
  ".dockerignore": "docs\n*.md\n",
  "requirements.txt": "requests==2.32.0\n",
  "app/__init__.py": "",
  "app/main.py": lines(
    "import logging",
    "from app.names import name",
    "",
    'if __name__ == "__main__":',
    "    logging.info(name)",
  ),
  "app/names.py": 'name = "x"\n',
};

const javascript: Files = {
  Dockerfile: lines(
    "FROM node:24",
    "WORKDIR /app",
    "COPY package*.json ./",
    "RUN npm ci --omit=dev",
    "COPY . .",
    'CMD ["npm", "start"]',
  ),
  ".dockerignore": "node_modules\ndocs\n",
  "package.json": '{ "name": "a", "scripts": { "start": "node server.js" }, "dependencies": { "express": "5.0.0" } }\n',
  "server.js": lines(
    'const express = require("express");',
    'const { name } = require("./names");',
    "const app = express();",
    'app.get("/health", (_, response) => response.json({ name }));',
    "app.listen(process.env.PORT ?? 3000);",
  ),
  "names.js": 'module.exports = { name: "x" };\n',
};

const workflow = (run: string): string =>
  lines(
    "name: deploy",
    "on:",
    "  push:",
    "    branches: [main]",
    "jobs:",
    "  deploy:",
    "    runs-on: ubuntu-latest",
    "    environment: staging",
    "    steps:",
    "      - uses: actions/checkout@v4",
    "      - uses: docker/build-push-action@v6",
    "        with:",
    "          context: .",
    "          push: true",
    "          tags: ghcr.io/team/service:${{ github.sha }}",
    `      - run: ${run}`,
    "        env:",
    "          SECRET_KEY: ${{ secrets.SECRET_KEY }}",
    "          DATABASE_URL: ${{ secrets.DATABASE_URL }}",
  );

/** A service with a database, settings from the environment and a workflow that deploys it. */
const fastapi: Files = {
  Dockerfile: lines(
    "FROM python:3.12-slim AS build",
    "WORKDIR /app",
    "COPY pyproject.toml .",
    "RUN pip install .",
    "",
    "FROM build",
    "COPY app/ app/",
    "COPY start.sh .",
    "EXPOSE 8000",
    "HEALTHCHECK CMD curl -f http://localhost:8000/health || exit 1",
    'CMD ["./start.sh"]',
  ),
  ".dockerignore": ".git\n**/tests\n.env*\n!.env.example\n",
  "start.sh": lines(
    "#!/bin/sh",
    "set -e",
    "alembic upgrade head",
    'exec uvicorn app.main:app --host 0.0.0.0 --port "${PORT:-8000}"',
  ),
  "pyproject.toml": lines(
    "[project]",
    'name = "service"',
    'version = "1.0.0"',
    'dependencies = ["fastapi", "sqlalchemy"]',
  ),
  ".env.example": "SECRET_KEY=changeme\nDATABASE_URL=\n",
  "compose.yaml": lines(
    "services:",
    "  api:",
    "    build: .",
    "    environment:",
    "      SECRET_KEY: ${SECRET_KEY:?}",
    "      DATABASE_URL: postgresql://app:${DB_PASSWORD}@db:5432/app",
    "    depends_on:",
    "      db:",
    "        condition: service_healthy",
    '    ports: ["8000:8000"]',
    "  db:",
    "    image: postgres:17",
    "    environment:",
    "      POSTGRES_PASSWORD: ${DB_PASSWORD}",
    "    healthcheck:",
    '      test: ["CMD-SHELL", "pg_isready -U app"]',
  ),
  ".github/workflows/deploy.yml": workflow('ssh deploy@staging "docker compose up -d"'),
  "app/__init__.py": "",
  "app/settings.py": lines(
    "import os",
    "from pydantic_settings import BaseSettings",
    "",
    "",
    "class Settings(BaseSettings):",
    "    secret_key: str",
    "    database_url: str",
    '    mode: str = "staging"',
    "",
    "",
    "settings = Settings()",
    'TOKEN = os.environ.get("TOKEN", "")',
  ),
  "app/database.py": lines(
    "from sqlalchemy import create_engine",
    "from sqlalchemy.orm import sessionmaker",
    "from app.settings import settings",
    "",
    "engine = create_engine(settings.database_url)",
    "Session = sessionmaker(bind=engine)",
  ),
  "app/main.py": lines(
    "from contextlib import asynccontextmanager",
    "from fastapi import FastAPI",
    "from app.database import engine",
    "from app.routes import items",
    "",
    "",
    "@asynccontextmanager",
    "async def lifespan(app: FastAPI):",
    "    engine.connect()",
    "    yield",
    "    engine.dispose()",
    "",
    "",
    "app = FastAPI(lifespan=lifespan)",
    'app.include_router(items.router, prefix="/items")',
    "",
    "",
    '@app.get("/health")',
    "def health():",
    '    return {"ok": True}',
  ),
  "app/routes/__init__.py": "",
  "app/routes/items.py": lines(
    "from fastapi import APIRouter, HTTPException",
    "from app.database import Session",
    "",
    "router = APIRouter()",
    "",
    "",
    '@router.get("/{number}")',
    "def read(number: int):",
    "    with Session() as session:",
    "        if number < 0:",
    '            raise HTTPException(404, f"no {number}")',
    "        return [one for one in session.execute(number)]",
  ),
  "tests/test_items.py": lines("from app.main import app", "", "", "def test_read():", "    assert app"),
  "README.md": lines("# Service", "", "Copy `.env.example` to `.env` and fill it in."),
  "deploy.sh": lines(
    "#!/bin/sh",
    "set -eu",
    "docker build -t ghcr.io/team/service .",
    "docker push ghcr.io/team/service",
  ),
};

/** The same in TypeScript, with a manifest for Kubernetes. */
const typescript: Files = {
  Dockerfile: lines(
    "FROM node:24 AS build",
    "WORKDIR /app",
    "COPY package*.json ./",
    "RUN npm ci",
    "COPY . .",
    "RUN npm run build",
    "",
    "FROM node:24-slim",
    "WORKDIR /app",
    "COPY --from=build /app/node_modules node_modules",
    "COPY --from=build /app/dist dist",
    "ENV NODE_ENV=production",
    'CMD ["node", "dist/main.js"]',
  ),
  ".dockerignore": "node_modules\ndist\n.env\n",
  "package.json": lines(
    "{",
    '  "name": "service",',
    '  "scripts": { "build": "tsc", "start": "node dist/main.js", "test": "vitest run" },',
    '  "dependencies": { "express": "5.0.0", "pg": "8.0.0" },',
    '  "devDependencies": { "typescript": "5.9.0" }',
    "}",
  ),
  "tsconfig.json": '{ "compilerOptions": { "outDir": "dist", "rootDir": "src", "strict": true } }\n',
  "src/main.ts": lines(
    'import express from "express";',
    'import { connect } from "./database";',
    'import { config } from "./config";',
    'import { items } from "./routes/items";',
    "",
    "async function start(): Promise<void> {",
    "  await connect();",
    "  const app = express();",
    '  app.use("/items", items);',
    "  app.listen(config.port, () => console.log(`listens on ${config.port}`));",
    "}",
    "",
    "void start();",
  ),
  "src/config.ts": lines(
    "const need = (name: string): string => {",
    "  const value = process.env[name];",
    "  if (!value) throw new Error(`${name} is not set`);",
    "  return value;",
    "};",
    "",
    'export const config = { port: Number(process.env.PORT ?? 3000), databaseUrl: need("DATABASE_URL") };',
  ),
  "src/database.ts": lines(
    'import { Pool } from "pg";',
    'import { config } from "./config";',
    "",
    "export const pool = new Pool({ connectionString: config.databaseUrl });",
    "",
    "export async function connect(): Promise<void> {",
    '  await pool.query("select 1");',
    "}",
  ),
  "src/routes/items.ts": lines(
    'import { Router } from "express";',
    'import { pool } from "../database";',
    "",
    "export const items = Router();",
    'items.get("/", async (_, response) => {',
    '  const { rows } = await pool.query("select * from items");',
    "  response.json(rows);",
    "});",
  ),
  "deploy/deployment.yaml": lines(
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata:",
    "  name: service",
    "spec:",
    "  selector:",
    "    matchLabels: { app: service }",
    "  template:",
    "    metadata:",
    "      labels: { app: service }",
    "    spec:",
    "      containers:",
    "        - name: service",
    "          image: ghcr.io/team/service",
    "          ports: [{ containerPort: 3000 }]",
    "          readinessProbe:",
    "            httpGet: { path: /items, port: 3000 }",
    "          env:",
    "            - name: DATABASE_URL",
    "              valueFrom:",
    "                secretKeyRef: { name: service, key: database-url }",
  ),
  ".github/workflows/deploy.yml": workflow("kubectl apply -f deploy/"),
};

/** What small repositories hold, one of each kind. */
const profileRepositories: Readonly<Record<string, Files>> = { empty, python, javascript, fastapi, typescript };

/** Makes the repositories that short runs are known by, each in a folder below `scratch`, and gives the folders: those that the tests ship, and small ones of each language. */
export function makeProfileRepositories(scratch: string): string[] {
  const made: string[] = [];
  const next = (name: string): string => {
    const directory = join(scratch, name);
    mkdirSync(directory);
    made.push(directory);
    return directory;
  };
  for (const [name, files] of Object.entries(profileRepositories)) makeRepository(next(name), { files });
  smallCorpus(next("service"), 50);
  for (const path of ["image-broken", "image-mended", "incident-modules-broken", "staging-start/mended"]) {
    const directory = next(path.replace("/", "-"));
    cpSync(join(import.meta.dirname, "../test/repositories", path), directory, { recursive: true });
    makeRepository(directory, { files: {} });
  }
  return made;
}
