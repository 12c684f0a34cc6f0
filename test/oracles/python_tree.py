"""Prints CPython's syntax tree of each file named on stdin, one JSON document a line, in the words of src/types/python.ts."""
import ast
import json
import sys

OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "MatMult": "@", "Div": "/", "Mod": "%", "Pow": "**", "LShift": "<<",
    "RShift": ">>", "BitOr": "|", "BitXor": "^", "BitAnd": "&", "FloorDiv": "//", "Not": "not", "Invert": "~",
    "UAdd": "+", "USub": "-", "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is",
    "IsNot": "is not", "In": "in", "NotIn": "not in",
}


def op(node):
    return OPERATORS[type(node).__name__]


def exprs(nodes):
    return [expr(n) for n in nodes]


def maybe(node):
    return None if node is None else expr(node)


def keywords(nodes):
    return [[k.arg, expr(k.value)] for k in nodes]


def params(a):
    out = []
    plain = a.posonlyargs + a.args
    defaults = [None] * (len(plain) - len(a.defaults)) + a.defaults
    for i, (p, d) in enumerate(zip(plain, defaults)):
        out.append(["plain", p.arg, maybe(p.annotation), maybe(d)])
        if i + 1 == len(a.posonlyargs):
            out.append(["marker", "", None, None])
    if a.vararg:
        out.append(["star", a.vararg.arg, maybe(a.vararg.annotation), None])
    elif a.kwonlyargs:
        out.append(["marker", "", None, None])
    for p, d in zip(a.kwonlyargs, a.kw_defaults):
        out.append(["plain", p.arg, maybe(p.annotation), maybe(d)])
    if a.kwarg:
        out.append(["double-star", a.kwarg.arg, maybe(a.kwarg.annotation), None])
    return out


def clauses(gens):
    return [[bool(g.is_async), expr(g.target), expr(g.iter), exprs(g.ifs)] for g in gens]


def joined(values):
    """Literal text joined, replacement fields as expressions; nested fields of format specifications follow their value."""
    out = []

    def add(v):
        if isinstance(v, ast.Constant):
            if out and isinstance(out[-1], str):
                out[-1] += v.value
            elif v.value:
                out.append(v.value)
        elif isinstance(v, ast.FormattedValue):
            out.append(expr(v.value))
            if v.format_spec:
                for inner in v.format_spec.values:
                    if isinstance(inner, ast.FormattedValue):
                        add(inner)

    for v in values:
        add(v)
    return out


def left_chain(node):
    result = expr(node.values[0])
    for v in node.values[1:]:
        result = ["boolean", "and" if isinstance(node.op, ast.And) else "or", result, expr(v)]
    return result


def expr(n):
    t = type(n).__name__
    if t == "Name":
        return ["name", n.id]
    if t == "Constant":
        v = n.value
        if isinstance(v, str):
            return ["string", v]
        if isinstance(v, bytes):
            return ["bytes"]
        if v is None or v is True or v is False:
            return ["constant", v]
        return ["constant", "..."] if v is ... else ["number"]
    if t == "JoinedStr":
        parts = joined(n.values)
        if all(isinstance(p, str) for p in parts):
            return ["string", "".join(parts)]
        return ["format", parts]
    if t == "Call":
        return ["call", expr(n.func), exprs(n.args), keywords(n.keywords)]
    if t == "Attribute":
        return ["attribute", expr(n.value), n.attr]
    if t == "Subscript":
        s = n.slice
        # a[b, c] and a[(b, c)] are one tree
        return ["subscript", expr(n.value), exprs(s.elts) if isinstance(s, ast.Tuple) and s.elts else [expr(s)]]
    if t == "Slice":
        return ["slice", [expr(p) for p in (n.lower, n.upper, n.step) if p is not None]]
    if t == "Await":
        return ["await", expr(n.value)]
    if t == "Yield":
        return ["yield", False, maybe(n.value)]
    if t == "YieldFrom":
        return ["yield", True, expr(n.value)]
    if t == "BinOp":
        return ["binary", op(n.op), expr(n.left), expr(n.right)]
    if t == "BoolOp":
        return left_chain(n)
    if t == "UnaryOp":
        return ["unary", op(n.op), expr(n.operand)]
    if t == "Compare":
        return ["comparison", exprs([n.left] + n.comparators), [op(o) for o in n.ops]]
    if t == "IfExp":
        return ["conditional", expr(n.test), expr(n.body), expr(n.orelse)]
    if t == "Lambda":
        return ["lambda", params(n.args), expr(n.body)]
    if t in ("List", "Tuple", "Set"):
        return [t.lower(), exprs(n.elts)]
    if t == "Dict":
        return ["dict", [[maybe(k), expr(v)] for k, v in zip(n.keys, n.values)]]
    if t in ("ListComp", "SetComp", "GeneratorExp"):
        form = {"ListComp": "list", "SetComp": "set", "GeneratorExp": "generator"}[t]
        return ["comprehension", form, expr(n.elt), None, clauses(n.generators)]
    if t == "DictComp":
        return ["comprehension", "dict", expr(n.key), expr(n.value), clauses(n.generators)]
    if t == "NamedExpr":
        return ["named", expr(n.target), expr(n.value)]
    if t == "Starred":
        return ["starred", False, expr(n.value)]
    raise ValueError(t)


def body(nodes):
    return [stmt(n) for n in nodes]


def binds(p):
    out = []
    for child in ast.walk(p):
        name = getattr(child, "name", None) or getattr(child, "rest", None)
        if name:
            out.append(name)
    return sorted(out)


def stmt(n):
    t = type(n).__name__
    if t in ("FunctionDef", "AsyncFunctionDef"):
        return ["function", n.lineno, n.name, t[0] == "A", exprs(n.decorator_list), params(n.args), maybe(n.returns), body(n.body)]
    if t == "ClassDef":
        return ["class", n.lineno, n.name, exprs(n.decorator_list), exprs(n.bases), keywords(n.keywords), body(n.body)]
    if t == "Import":
        return ["import", n.lineno, [[a.name, a.asname] for a in n.names]]
    if t == "ImportFrom":
        return ["from", n.lineno, n.level, n.module or "", [[a.name, a.asname] for a in n.names]]
    if t == "Expr":
        return ["expression", n.lineno, expr(n.value)]
    if t == "Assign":
        return ["assign", n.lineno, exprs(n.targets), expr(n.value)]
    if t == "AnnAssign":
        return ["annotated", n.lineno, expr(n.target), expr(n.annotation), maybe(n.value)]
    if t == "AugAssign":
        return ["augmented", n.lineno, expr(n.target), op(n.op) + "=", expr(n.value)]
    if t == "Return":
        return ["return", n.lineno, maybe(n.value)]
    if t == "Raise":
        return ["raise", n.lineno, maybe(n.exc), maybe(n.cause)]
    if t == "Delete":
        # `del a, b` and `del (a, b)` are told apart by CPython only
        targets = n.targets
        if len(targets) == 1 and isinstance(targets[0], ast.Tuple):
            targets = targets[0].elts
        return ["delete", n.lineno, exprs(targets)]
    if t == "Assert":
        return ["assert", n.lineno, expr(n.test), maybe(n.msg)]
    if t in ("Global", "Nonlocal"):
        return [t.lower(), n.lineno, n.names]
    if t in ("Pass", "Break", "Continue"):
        return [t.lower(), n.lineno]
    if t == "If":
        return ["if", n.lineno, expr(n.test), body(n.body), body(n.orelse)]
    if t in ("For", "AsyncFor"):
        return ["for", n.lineno, t[0] == "A", expr(n.target), expr(n.iter), body(n.body), body(n.orelse)]
    if t == "While":
        return ["while", n.lineno, expr(n.test), body(n.body), body(n.orelse)]
    if t in ("Try", "TryStar"):
        handlers = [[h.lineno, maybe(h.type), h.name, t == "TryStar", body(h.body)] for h in n.handlers]
        return ["try", n.lineno, body(n.body), handlers, body(n.orelse), body(n.finalbody)]
    if t in ("With", "AsyncWith"):
        return ["with", n.lineno, t[0] == "A", [[expr(i.context_expr), maybe(i.optional_vars)] for i in n.items], body(n.body)]
    if t == "Match":
        return ["match", n.lineno, expr(n.subject), [[binds(c.pattern), maybe(c.guard), body(c.body)] for c in n.cases]]
    if t == "TypeAlias":
        return ["type-alias", n.lineno, expr(n.name), expr(n.value)]
    raise ValueError(t)


sys.setrecursionlimit(10000)
for line in sys.stdin:
    try:
        with open(line.rstrip("\n"), "rb") as f:
            source = f.read()
        source.decode("utf-8")
        tree = body(ast.parse(source).body)
        print(json.dumps(tree))
    except (SyntaxError, ValueError, RecursionError, UnicodeDecodeError, KeyError) as e:
        print("null")
