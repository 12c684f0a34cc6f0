import { inRepository } from "../../text/paths.ts";
import type { Setting } from "../../types/settings.ts";

const SENSITIVE =
  /(?:^|_)(?:PASSWORD|PASSWD|PASS|PWD|SECRETS?|TOKENS?|CREDENTIALS?|PRIVATE|DSN|SALT|PEPPER|SIGNATURE|WEBHOOK)(?:_|$)|KEY$|KEYS$|CONNECTION_STRING|DATABASE_UR[IL]|(?:DB|REDIS|MONGO\w*|POSTGRES\w*|AMQP|BROKER|CELERY\w*)_UR[IL]$/i;

/** Whether a name holds a secret by custom. Its value is compared only with what predeploy.yml itself says. */
export const isSensitive = (name: string): boolean => SENSITIVE.test(name);

/** A value as a program would get it, or what it is taken from. `${X:-d}` is d, as compose and shells have it. */
export function literalOf(text: string): Pick<Setting, "value" | "reference"> {
  const fallback = /^\$\{[A-Za-z_]\w*:?-([^${}]*)\}$/.exec(text);
  if (fallback) return { value: fallback[1]!, reference: null };
  const open = /\$\{[^}]{0,200}\}?|\$\([^)]{0,200}|\$[A-Za-z_]\w*|\{\{[^}]{0,200}|<%|`|%[A-Z_]{2,60}%/.exec(
    text.slice(0, 20_000),
  );
  return open ? { value: null, reference: open[0].slice(0, 80) } : { value: text, reference: null };
}

/** A value whose dollar signs mean nothing (single quotes of a shell, a literal of a program). */
export const exactly = (text: string): Pick<Setting, "value" | "reference"> => ({ value: text, reference: null });

/** The name of an environment variable, by its form. */
export const isVariable = (name: string): boolean => /^[A-Z][A-Z0-9_]*$/.test(name) && name.length > 1;

/** A relative path from a folder of the repository; null for one that leaves it, is absolute or remote. */
export function joinPath(directory: string, written: string): string | null {
  if (written === "" || /^[a-z][a-z0-9+.-]*:|^\/|^[\w.-]+@|[?{}$\n]/i.test(written)) return null;
  return inRepository(directory, written);
}
