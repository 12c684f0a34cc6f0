const HOST = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}$/;
const INSIDE =
  /(?:^|\.)(?:localhost|local|localdomain|internal|lan|svc|cluster|test|invalid|consul|docker)(?:$|\.local$)/;
/** Addresses that a platform makes up: no file of a repository serves them. */
const GENERATED =
  /\.(?:run\.app|vercel\.app|herokuapp\.com|netlify\.app|onrender\.com|azurewebsites\.net|azurecontainerapps\.io|azurestaticapps\.net|windows\.net|amazonaws\.com|cloudfront\.net|awsapprunner\.com|pages\.dev|workers\.dev|fly\.dev|web\.app|firebaseapp\.com|appspot\.com|cloudfunctions\.net|googleapis\.com|github\.io|gitlab\.io|railway\.app|deno\.dev|ngrok\.io|ngrok-free\.app|ngrok\.app|supabase\.co|ondigitalocean\.app|readthedocs\.io|nip\.io|sslip\.io)$/;

/** The part of a host that somebody registers (second-level registries of countries included); null for what is no host of the public net. */
export function domainOf(host: string): string | null {
  const clean = host.replace(/^\*\./, "");
  if (clean.length > 255 || !HOST.test(clean) || INSIDE.test(clean) || GENERATED.test(clean)) return null;
  const labels = clean.split(".");
  const two = /^(?:co|com|org|net|gov|ac|edu|or|ne|go)$/.test(labels.at(-2) ?? "") && labels.at(-1)!.length === 2;
  return labels.length < (two ? 3 : 2) ? null : labels.slice(two ? -3 : -2).join(".");
}

/** Whether a served name covers a host; `*.x` stands for one label (RFC 6125, 6.4.3). */
export function covers(served: string, host: string): boolean {
  if (served === host) return true;
  if (!served.startsWith("*.") || !host.endsWith(served.slice(1))) return false;
  return !host.slice(0, host.length - served.length + 1).includes(".");
}
