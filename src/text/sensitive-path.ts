import { baseName } from "./paths.ts";

const sample = /(^|[._-])(example|exemple|ejemplo|exemplo|esempio|beispiel|sample|template|dist|tpl|test)($|[._-])/i;
const secret =
  /^(\.env(\..+)?|.*\.(pem|key|p12|pfx|jks|keystore|tfstate|tfstate\.backup)|id_(rsa|dsa|ecdsa|ed25519)|\.npmrc|\.pypirc|\.netrc|.*service[-_]?account.*\.json|credentials(\.json)?|kubeconfig)$/i;

/** True for a path whose name says that it holds secrets: it must not come into an image unseen. */
export function isSensitivePath(path: string): boolean {
  const name = baseName(path);
  return (secret.test(name) && !sample.test(name)) || /(^|\/)\.git\//.test(path);
}
