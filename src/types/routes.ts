/** What one source file says of HTTP routes, before files are put together. Plain data. */
export interface RouteSyntax {
  /** Literal paths of routes, as written. */
  routes: string[];
  /** Literal prefixes under which routers are included; "" for an include without prefix. */
  prefixes: string[];
  /** Prefixes that routers give themselves; "" for a router without. */
  routerPrefixes: string[];
  /** Prefixes below which anything may be served (mounts, static files). */
  mounts: string[];
  /** Names that are included as routers; they must be known. */
  included: string[];
  /** Names of routers that this file makes. */
  routers: string[];
  /** Something that may serve paths which are not written here; the text that says so. */
  open: string | null;
}

/** The HTTP paths that one build's program can serve, read generously: every prefix with every router. */
export interface RouteSet {
  /** Name of the build. */
  build: string;
  /** Patterns without trailing slash; a segment `*` stands for any one segment. Empty path: "". */
  paths: string[];
  /** Where paths may come from that are not seen (a variable prefix, a catch-all, somebody else's router); null when the set is closed. */
  open: string | null;
}

export interface RoutesModel {
  sets: RouteSet[];
  /** The set of the program in an image, by the image's name; null where no build or several fit. */
  ofImage(image: string): RouteSet | null;
}
