import type { ProjectService } from "../../types/compose.ts";

/** Images whose own command serves until it is stopped, as Docker Hub's pages have it. */
const servingImage =
  /^(?:docker\.io\/)?(?:library\/)?(?:postgres|mysql|mariadb|redis|valkey\/valkey|mongo|rabbitmq|memcached|nginx|httpd|traefik|caddy|haproxy|elasticsearch|opensearchproject\/opensearch|influxdb|zookeeper|nats|postgis\/postgis|pgvector\/pgvector|grafana\/grafana|prom\/prometheus|confluentinc\/cp-kafka|axllent\/mailpit)(?:[:@]|$)/;

/** What such an image is told beside its options: its own server by name. */
const ownServer =
  /^(?:-|(?:postgres|mysqld|mariadbd|redis-server|valkey-server|mongod|memcached|nginx|httpd-foreground)(?=\s|$))/;

/** Servers by the name of their command, with the subcommand where one of several serves. */
const serving =
  /^(?:exec\s+)?(?:(?:poetry|pipenv|uv|pdm|hatch)\s+run\s+|python3?\s+-m\s+|(?:npx|pnpm\s+exec|yarn)\s+)?(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|celery\s(?:.*\s)?(?:worker|beat)|flask\s(?:.*\s)?run|fastapi\s+(?:run|dev)|(?:python3?\s+)?(?:\.\/)?manage\.py\s+runserver|streamlit\s+run|next\s+(?:start|dev)|nest\s+start|vite(?:\s+(?:dev|preview))?|puma|unicorn|sidekiq|php-fpm|apache2-foreground|supervisord|redis-server|tail\s+-[fF]|sleep\s+infinity)(?=\s|$)/;

/** What lets even a server end: a question of its version or configuration, a limit, a branch, a background. */
const mayEnd =
  /\|\||(?:^|[^&])&(?:[^&]|$)|(?:^|[\s;&|])(?:if|case|timeout|kill|trap)\s|\s(?:--help|-h|--version|--check-config|--print-config|-t|-T)(?:\s|$)/;

/**
 * The command by which a compose service certainly runs until something stops it; null where it may end by itself. Scripts, `node x.js`
 * and `java -jar` may be jobs as well as servers.
 */
export function servesBy({ image, build, entrypoint, command, ownStart }: ProjectService): string | null {
  const told = [entrypoint?.text, command?.text].filter((one) => one !== undefined).join(" ");
  if (build === null && entrypoint === null && image && servingImage.test(image.text)) {
    if (command === null || (ownServer.test(command.text) && !mayEnd.test(command.text))) return image.text;
  }
  // Without a command of its own it has that of its Dockerfile, if that is one line and no script.
  const written = told !== "" || build === null ? told : ownStart;
  const text = plain(written.slice(0, 2_000));
  if (text === "" || text.includes("\n") || mayEnd.test(text)) return null;
  const last =
    text
      .split(/\s*(?:&&|;)\s*/)
      .filter((part) => part !== "")
      .at(-1) ?? "";
  return serving.test(last) ? last : null;
}

/** The words of a command without `CMD`, brackets, quotes and the shell that runs it. */
function plain(text: string): string {
  return text
    .trim()
    .replace(/^(?:CMD|ENTRYPOINT)\s+/i, "")
    .replace(/^\[\s*|\s*\]$/g, "")
    .replace(/["']\s*,\s*["']/g, " ")
    .replace(/["']/g, "")
    .replace(/^(?:\/bin\/)?(?:ba)?sh\s+-l?c\s+/, "")
    .trim();
}
