/** A command that brings a database to the newest schema. Read-only forms (`status`, `check`, `--plan`, `generate`) are none. */
const migrationCommand =
  /\balembic\b[^;&|]*\bupgrade\b|\bprisma\s+(?:migrate\s+(?:deploy|dev|reset)|db\s+push)\b|\b(?:manage\.py|django-admin)\s+migrate\b|\bflyway\b[^;&|]*\bmigrate\b|\bliquibase\b[^;&|]*\bupdate\b|\bknex\b[^;&|]*\bmigrate:(?:latest|up)\b|\bsequelize(?:-cli)?\b[^;&|]*\bdb:migrate\b(?!:status)|\b(?:rails|rake)\s+db:(?:migrate|prepare|setup|schema:load)\b(?!:status)|\btypeorm\b[^;&|]*\bmigration:run\b|\bgoose\b[^;&|]*\bup\b|\bmigrate\b[^;&|]*\s-(?:-?path|-?source|-?database)\b[^;&|]*\bup\b|\bdbmate\b[^;&|]*\b(?:up|migrate)\b|\batlas\s+migrate\s+apply\b|\bsqlx\s+migrate\s+run\b|\bdiesel\s+migration\s+run\b|\bdrizzle-kit\s+(?:migrate|push)\b|\bnode-pg-migrate\s+up\b|\bdb-migrate\s+up\b|\bartisan\s+migrate\b(?!:status)|\bdoctrine:migrations:migrate\b|\bmikro-orm\s+migration:up\b|\bflask\s+db\s+upgrade\b|\baerich\s+upgrade\b|\bpiccolo\s+migrations\s+forwards\b|\becto\.migrate\b|\bdotnet\s+ef\s+database\s+update\b|\b(?:npm|pnpm|yarn|bun)(?:\s+run)?\s+(?:[\w:-]*:)?(?:db:)?migrat(?:e|ions?)(?::(?:deploy|up|run|latest|prod\w*))?(?=\s|$|["';&|])|(?:^|[\s/"'])(?:run[-_])?migrat(?:e|ions?)(?:\.(?:sh|py|js|ts|mjs))(?=\s|$|["';&|])/i;

/** Each of those commands has one of these words: the whole expression is long to compile, and most commands migrate nothing. */
const migrationWord = /migrat|upgrade|update|goose|drizzle|\bdb|dbmate/i;

/** The first migration command of a text, with where it stands in it; null without one. */
export function migrationIn(command: string): { text: string; index: number } | null {
  const text = command.slice(0, 10_000);
  const match = migrationWord.test(text) ? migrationCommand.exec(text) : null;
  return match ? { text: match[0].trim(), index: match.index } : null;
}

const migrationImage =
  /(?:^|\/)(?:flyway(?:\/flyway)?|liquibase(?:\/liquibase)?|migrate\/migrate|dbmate|atlas)(?:[:@]|$)/i;

export function isMigrationImage(image: string): boolean {
  return migrationImage.test(image);
}

/** `migrate`, `db-migrations`, `api-migrator`: a name says so as a whole token. */
export function isMigrationName(name: string): boolean {
  return /(?:^|[-_.])(?:db)?migrat(?:e|es|ion|ions|or|er)(?:$|[-_.\d])/i.test(name);
}

/** Commands that stay: a migration before one of them is part of a server's start, not a job of its own. */
const server =
  /\b(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|runserver|celery|rq\s+worker|dramatiq|node|nodemon|npm\s+(?:run\s+)?(?:start|serve|dev)\S*|yarn\s+(?:run\s+)?(?:start|serve|dev)\S*|pnpm\s+(?:run\s+)?(?:start|serve|dev)\S*|next\s+start|nest\s+start|bun\s+(?:run\s+)?start|puma|unicorn|rails\s+s(?:erver)?|sidekiq|php-fpm|apache2-foreground|nginx|java\s+-jar|supervisord|fastapi\s+run|flask\s+run|streamlit\s+run|exec\s+"?\$[@*]"?)/i;

/** A command that waits for ever: the container is there to be run things in. */
const idle =
  /\bsleep\s+(?:infinity|inf\b|\d{5,})|\btail\s+-[fF]\s+\/dev\/null\b|\bwhile\s+(?:true|:)\s*;\s*do\s+sleep\b/i;

export function isIdle(command: string): boolean {
  return idle.test(command.slice(0, 5_000));
}

/** True when a long-running command follows the migration. */
export function serverFollows(command: string, from: number): boolean {
  return server.test(command.slice(from, from + 5_000));
}

export function serverIn(command: string): boolean {
  return server.test(command.slice(0, 5_000));
}

/** Forms that ask whether the schema is there, or wait until it is. */
const waits =
  /\bwait[-_ ]?for[-_ ](?:\w+[-_ ])?migrations?\b|\bmigrate\s+--check\b|\balembic\b[^;&|\n]*\b(?:check|current)\b|\bshowmigrations\b|\buntil\b[^\n]*migrat|\babort_if_pending_migrations\b|\bmigrate:status\b|\bmigrate\s+status\b|\bmigration:show\b|\bflyway\b[^;&|\n]*\b(?:info|validate)\b|\bpending_migrations\b/i;

/** Whether what a service runs first waits for the migration by itself, or migrates. */
export function waitsForMigration(text: string): boolean {
  return waits.test(text.slice(0, 50_000)) || text.split("\n").some((line) => migrationIn(line) !== null);
}
