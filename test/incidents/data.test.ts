import { demonstrate } from "./incident.ts";

const alembic = {
  "alembic.ini": "[alembic]\nscript_location = db\n",
  "db/env.py": "",
  "db/versions/a1_start.py":
    "from alembic import op\nimport sqlalchemy as sa\n\nrevision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n    op.create_table('threads', sa.Column('id', sa.Integer))\n",
};
const revision = (id: string, parent: string, body = "pass") =>
  `from alembic import op\nimport sqlalchemy as sa\n\nrevision = '${id}'\ndown_revision = '${parent}'\n\n\ndef upgrade():\n    ${body}\n`;
const query = (guard: string) =>
  `def threads(db, user):\n    return db.query(Thread).filter(${guard}Thread.meta["user"].astext == user).all()\n`;

demonstrate([
  {
    what: "a list endpoint answers 500: rows whose JSON metadata is NULL",
    rules: ["migrations/nullable-json-filter"],
    files: {
      ...alembic,
      "app/models.py": 'class Thread(Base):\n    __tablename__ = "threads"\n    meta = Column(JSONB)\n',
    },
    broken: { "app/api.py": query("") },
    mended: { "app/api.py": query("Thread.meta.isnot(None), ") },
  },
  {
    what: "its remedy adds a column NOT NULL to a table that has rows",
    rules: ["migrations/unsafe-statement"],
    files: alembic,
    broken: {
      "db/versions/b2_meta.py": revision(
        "b2",
        "a1",
        "op.add_column('threads', sa.Column('meta', sa.Text(), nullable=False))",
      ),
    },
    mended: {
      "db/versions/b2_meta.py": revision(
        "b2",
        "a1",
        "op.add_column('threads', sa.Column('meta', sa.Text(), nullable=True))",
      ),
    },
  },
  {
    what: "migrations split after a merge",
    rules: ["migrations/multiple-heads"],
    files: { ...alembic, "db/versions/b2_users.py": revision("b2", "a1") },
    broken: { "db/versions/c3_orders.py": revision("c3", "a1") },
    mended: { "db/versions/c3_orders.py": revision("c3", "b2") },
  },
  {
    what: "migrations are started and not awaited",
    rules: ["startup-order/compose-migration-not-awaited"],
    files: { Dockerfile: "FROM python:3.13\n" },
    broken: {
      "compose.yaml":
        "services:\n  migrate: { build: ., command: alembic upgrade head }\n  api: { build: ., command: 'uvicorn app.main:app', depends_on: [migrate] }\n",
    },
    mended: {
      "compose.yaml":
        "services:\n  migrate: { build: ., command: alembic upgrade head }\n  api: { build: ., command: 'uvicorn app.main:app', depends_on: { migrate: { condition: service_completed_successfully } } }\n",
    },
  },
]);
