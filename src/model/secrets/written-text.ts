import type { WiringEdge } from "../../types/secret-reference.ts";
import { isCompose } from "../path-class.ts";
import type { KnownVariable } from "./branches.ts";

/** Words of a name that may belong to a secret, or to an address that holds one. */
const SECRETIVE =
  /SECRET|PASSW|PASSPHRASE|CREDENTIAL|TOKEN|PRIVATE|API_?KEY|DSN|WEBHOOK|(?:^|_)(?:KEYS?|PASS|PWD?|PINS?|SALT|SEED|CERTS?|SIGNATURE|HASH|URLS?|URIS?)(?:_|$)/i;
/** The name of a mode, a switch or a number: what code compares with a literal. */
const MODE = /^[\w.+-]{0,40}$/;

/**
 * What a deploy writes out for a variable that is no secret by its name, for the branches of code that compare it. A function, which no printer of
 * data shows; the text decides branches and is never reported.
 */
export function writtenText(name: string, value: string | null | undefined): Pick<WiringEdge, "text"> {
  return typeof value === "string" && MODE.test(value) && !SECRETIVE.test(name) ? { text: () => value } : {};
}

/**
 * What edges that give one variable say of its text: the texts where each writes one out and is part of a whole list, else that it is there. Beside
 * such a list a compose file is for the own machine.
 */
export function textsGiven(edges: readonly WiringEdge[]): KnownVariable {
  if (edges.length === 0) return null;
  const deciding = edges.some((edge) => edge.closed) ? edges.filter((edge) => !isCompose(edge.path)) : edges;
  const texts = deciding.map((edge) => (edge.closed || edge.ofImage ? edge.text?.() : undefined));
  return texts.includes(undefined) ? "present" : [...new Set(texts as string[])];
}
