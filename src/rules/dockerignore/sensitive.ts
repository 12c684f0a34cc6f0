import { baseName } from "../../text/paths.ts";

const SAMPLE = /(^|[._-])(example|exemple|ejemplo|exemplo|esempio|beispiel|sample|template|dist|tpl|test)($|[._-])/i;
const SECRET =
  /^(\.env(\..+)?|.*\.(pem|key|p12|pfx|jks|keystore|tfstate|tfstate\.backup)|id_(rsa|dsa|ecdsa|ed25519)|\.npmrc|\.pypirc|\.netrc|.*service[-_]?account.*\.json|credentials(\.json)?|kubeconfig)$/i;

/** True for a path whose name says that it holds secrets: it must not come back into an image unseen. */
export function isSensitive(path: string): boolean {
  const name = baseName(path);
  return (SECRET.test(name) && !SAMPLE.test(name)) || /(^|\/)\.git\//.test(path);
}
