/**
 * Python as plain objects: what `src/sources/python.ts` makes of a file, free of any parser library.
 * Two fact kinds stand on it: `python-syntax` (this tree, in memory only: it is larger than the source and parsed only for files that
 * a rule really follows) and `python-imports` (every import of a file, found by a scanner without a tree, small and cacheable).
 * Offsets are UTF-16 code units into the text, `end` exclusive; `lineStarts` of the file turns them into positions.
 */
export interface PythonFile {
  body: PyStatement[];
  /** Offset of the first character of each line; lineStarts[0] = 0. */
  lineStarts: number[];
  /** Where the parser had to skip or invent text. An entry here is no proof that Python refuses the file. */
  damaged: PyRange[];
  /** Why the tree is not complete (too large, too deep, too slow), or null. */
  truncated: string | null;
}

export interface PyRange {
  start: number;
  end: number;
}

export interface PyName extends PyRange {
  text: string;
}

export type PyStatement =
  | PyFunction
  | PyClass
  | PyImport
  | PyFromImport
  | PyExpressionStatement
  | PyAssign
  | PyAnnotatedAssign
  | PyAugmentedAssign
  | PyReturn
  | PyRaise
  | PyDelete
  | PyAssert
  | PyScopeStatement
  | PySimpleStatement
  | PyIf
  | PyFor
  | PyWhile
  | PyTry
  | PyWith
  | PyMatch
  | PyTypeAlias
  | PyUnknownStatement;

export interface PyFunction extends PyRange {
  kind: "function";
  name: PyName;
  async: boolean;
  decorators: PyExpression[];
  parameters: PyParameter[];
  returns: PyExpression | null;
  body: PyStatement[];
}

export interface PyParameter extends PyRange {
  name: string;
  /** `/` and a bare `*` stand as markers with an empty name. */
  form: "plain" | "star" | "double-star" | "marker";
  annotation: PyExpression | null;
  default: PyExpression | null;
}

export interface PyClass extends PyRange {
  kind: "class";
  name: PyName;
  decorators: PyExpression[];
  bases: PyExpression[];
  keywords: PyKeyword[];
  body: PyStatement[];
}

/** `import a.b as c, d`. */
export interface PyImport extends PyRange {
  kind: "import";
  names: PyImported[];
}

/** `from ..m import a as b, c` and `from m import *` (one name `*`). */
export interface PyFromImport extends PyRange {
  kind: "from";
  /** Number of leading dots. */
  level: number;
  /** "" for `from . import x`. */
  module: string;
  names: PyImported[];
}

export interface PyImported extends PyRange {
  /** Dotted for `import a.b`. */
  name: string;
  alias: string | null;
}

export interface PyExpressionStatement extends PyRange {
  kind: "expression";
  value: PyExpression;
}

/** `a = b = value`: targets left to right. */
export interface PyAssign extends PyRange {
  kind: "assign";
  targets: PyExpression[];
  value: PyExpression;
}

export interface PyAnnotatedAssign extends PyRange {
  kind: "annotated";
  target: PyExpression;
  annotation: PyExpression;
  value: PyExpression | null;
}

export interface PyAugmentedAssign extends PyRange {
  kind: "augmented";
  target: PyExpression;
  operator: string;
  value: PyExpression;
}

export interface PyReturn extends PyRange {
  kind: "return";
  value: PyExpression | null;
}

export interface PyRaise extends PyRange {
  kind: "raise";
  value: PyExpression | null;
  cause: PyExpression | null;
}

export interface PyDelete extends PyRange {
  kind: "delete";
  targets: PyExpression[];
}

export interface PyAssert extends PyRange {
  kind: "assert";
  test: PyExpression;
  message: PyExpression | null;
}

export interface PyScopeStatement extends PyRange {
  kind: "global" | "nonlocal";
  names: string[];
}

export interface PySimpleStatement extends PyRange {
  kind: "pass" | "break" | "continue";
}

/** An `elif` is an `if` alone in `orElse`. */
export interface PyIf extends PyRange {
  kind: "if";
  test: PyExpression;
  body: PyStatement[];
  orElse: PyStatement[];
}

export interface PyFor extends PyRange {
  kind: "for";
  async: boolean;
  target: PyExpression;
  iterable: PyExpression;
  body: PyStatement[];
  orElse: PyStatement[];
}

export interface PyWhile extends PyRange {
  kind: "while";
  test: PyExpression;
  body: PyStatement[];
  orElse: PyStatement[];
}

export interface PyTry extends PyRange {
  kind: "try";
  body: PyStatement[];
  handlers: PyHandler[];
  orElse: PyStatement[];
  finalBody: PyStatement[];
}

export interface PyHandler extends PyRange {
  /** Null for a bare `except:`; a tuple for several. */
  type: PyExpression | null;
  name: string | null;
  /** `except*`. */
  group: boolean;
  body: PyStatement[];
}

export interface PyWith extends PyRange {
  kind: "with";
  async: boolean;
  items: PyWithItem[];
  body: PyStatement[];
}

export interface PyWithItem extends PyRange {
  value: PyExpression;
  target: PyExpression | null;
}

export interface PyMatch extends PyRange {
  kind: "match";
  subject: PyExpression;
  cases: PyCase[];
}

export interface PyCase extends PyRange {
  /** Names that the pattern binds. */
  binds: PyName[];
  /** True for `case _:` and `case name:`, which match anything. */
  irrefutable: boolean;
  guard: PyExpression | null;
  body: PyStatement[];
}

/** `type X = …` (Python 3.12). */
export interface PyTypeAlias extends PyRange {
  kind: "type-alias";
  name: PyExpression;
  value: PyExpression;
}

/** Text that is no statement of Python 3, with what could be read inside. */
export interface PyUnknownStatement extends PyRange {
  kind: "unknown";
  body: PyStatement[];
}

export type PyExpression =
  | PyNameExpression
  | PyString
  | PyFormatString
  | PyNumber
  | PyConstant
  | PyCall
  | PyAttribute
  | PySubscript
  | PySlice
  | PyAwait
  | PyYield
  | PyBinary
  | PyBoolean
  | PyUnary
  | PyComparison
  | PyConditional
  | PyLambda
  | PyCollection
  | PyDict
  | PyComprehension
  | PyNamedExpression
  | PyStarred
  | PyUnknownExpression;

export interface PyNameExpression extends PyRange {
  kind: "name";
  name: string;
}

/** A literal string, neighbours joined, escapes resolved. */
export interface PyString extends PyRange {
  kind: "string";
  value: string;
  bytes: boolean;
}

/** A string with replacement fields: literal parts and expressions in text order. */
export interface PyFormatString extends PyRange {
  kind: "format";
  parts: (string | PyExpression)[];
}

export interface PyNumber extends PyRange {
  kind: "number";
  text: string;
}

export interface PyConstant extends PyRange {
  kind: "constant";
  value: true | false | null | "...";
}

export interface PyCall extends PyRange {
  kind: "call";
  callee: PyExpression;
  /** Positional, `*x` as `starred`. */
  arguments: PyExpression[];
  keywords: PyKeyword[];
}

/** `name=value`; name null for `**value`. */
export interface PyKeyword extends PyRange {
  name: string | null;
  value: PyExpression;
}

export interface PyAttribute extends PyRange {
  kind: "attribute";
  object: PyExpression;
  name: PyName;
}

export interface PySubscript extends PyRange {
  kind: "subscript";
  object: PyExpression;
  /** `a[b, c]` has two. */
  indexes: PyExpression[];
}

export interface PySlice extends PyRange {
  kind: "slice";
  parts: PyExpression[];
}

export interface PyAwait extends PyRange {
  kind: "await";
  value: PyExpression;
}

export interface PyYield extends PyRange {
  kind: "yield";
  from: boolean;
  value: PyExpression | null;
}

export interface PyBinary extends PyRange {
  kind: "binary";
  operator: string;
  left: PyExpression;
  right: PyExpression;
}

export interface PyBoolean extends PyRange {
  kind: "boolean";
  operator: "and" | "or";
  left: PyExpression;
  right: PyExpression;
}

export interface PyUnary extends PyRange {
  kind: "unary";
  operator: "not" | "+" | "-" | "~";
  value: PyExpression;
}

export interface PyComparison extends PyRange {
  kind: "comparison";
  /** One more than operators. */
  operands: PyExpression[];
  operators: string[];
}

export interface PyConditional extends PyRange {
  kind: "conditional";
  test: PyExpression;
  body: PyExpression;
  orElse: PyExpression;
}

export interface PyLambda extends PyRange {
  kind: "lambda";
  parameters: PyParameter[];
  body: PyExpression;
}

export interface PyCollection extends PyRange {
  kind: "list" | "tuple" | "set";
  items: PyExpression[];
}

export interface PyDict extends PyRange {
  kind: "dict";
  /** Key null for `**value`. */
  entries: { key: PyExpression | null; value: PyExpression }[];
}

export interface PyComprehension extends PyRange {
  kind: "comprehension";
  form: "list" | "set" | "dict" | "generator";
  /** The key for a dict. */
  element: PyExpression;
  /** The value of a dict comprehension. */
  value: PyExpression | null;
  clauses: PyComprehensionClause[];
}

/** `for target in iterable` followed by its `if`s. */
export interface PyComprehensionClause extends PyRange {
  async: boolean;
  target: PyExpression;
  iterable: PyExpression;
  conditions: PyExpression[];
}

/** `name := value`. */
export interface PyNamedExpression extends PyRange {
  kind: "named";
  target: PyNameExpression;
  value: PyExpression;
}

export interface PyStarred extends PyRange {
  kind: "starred";
  /** `**x` in a type or parameter position. */
  double: boolean;
  value: PyExpression;
}

/** What is no known expression, with the expressions inside. */
export interface PyUnknownExpression extends PyRange {
  kind: "unknown";
  parts: PyExpression[];
}

/** Every import of a file, in text order. */
export interface PythonImports {
  imports: PythonImport[];
}

/** One import statement, or one call of `importlib.import_module` / `__import__` with a literal name (`dynamic`). */
export interface PythonImport {
  kind: "import" | "from" | "dynamic";
  /** 1-based place of the statement; of the literal for `dynamic`. */
  line: number;
  column: number;
  /** Number of leading dots. */
  level: number;
  /** "" for `import …` (see `names`) and `from . import x`. */
  module: string;
  /** What is imported: modules for `import`, names or `*` for `from`, none for `dynamic`. */
  names: PythonImportedName[];
  /** Qualified name of the enclosing function, null at module level; class bodies run with what holds them. */
  scope: string | null;
  guard: PythonImportGuard | null;
  /** Under `if TYPE_CHECKING:` (or `if False:`): never runs. */
  typeOnly: boolean;
}

export interface PythonImportedName {
  name: string;
  alias: string | null;
  line: number;
  column: number;
}

/** The nearest handler that catches a failing import; one that ends without raising wins over one that raises. */
export interface PythonImportGuard {
  /** `suppress`: a `with suppress(ImportError)`; `handler`: the import itself stands in such a handler and runs only after a failure. */
  catches: "ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException" | "bare" | "suppress" | "handler";
  /** The handler raises again, or ends the process, on its own level. */
  raises: boolean;
}

/** A place where Python refuses a file. */
export interface PythonBreak {
  line: number;
  column: number;
  /** What is wrong, one clause. */
  what: string;
  /** The version that first accepts it; null: none does. */
  since: "3.10" | "3.11" | "3.12" | "3.14" | null;
}
