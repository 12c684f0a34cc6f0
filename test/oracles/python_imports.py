"""Prints every import of each file named on stdin as CPython's ast sees it, one JSON list a line, in the form of PythonImports."""
import ast
import json
import sys

CATCHES = ["ImportError", "ModuleNotFoundError", "Exception", "BaseException"]


def last(node):
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def caught(kind):
    if kind is None:
        return "bare"
    names = [last(n) for n in (kind.elts if isinstance(kind, ast.Tuple) else [kind])]
    return next((c for c in CATCHES if c in names), None)


def raises(body):
    for s in body:
        if isinstance(s, ast.Raise):
            return True
        if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call):
            f = s.value.func
            if isinstance(f, ast.Name) and f.id in ("exit", "quit"):
                return True
            if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and (f.value.id, f.attr) in (("sys", "exit"), ("os", "_exit")):
                return True
    return False


def never(test):
    if isinstance(test, ast.Constant):
        return test.value is False or (test.value == 0 and type(test.value) is int)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(last(v) == "TYPE_CHECKING" for v in test.values)
    return last(test) == "TYPE_CHECKING"


def inverted(test):
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and last(test.operand) == "TYPE_CHECKING"


def nearer(inner, outer):
    return outer if inner is None or (inner["raises"] and not outer["raises"]) else inner


class Visitor:
    def __init__(self, source):
        self.lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.out = []

    def column(self, line, offset):
        return len(self.lines[line - 1].encode("utf-8")[:offset].decode("utf-8").encode("utf-16-le")) // 2 + 1

    def add(self, kind, node, level, module, names, state):
        guard = None
        for g in reversed(state["guards"]):
            guard = nearer(guard, g)
        self.out.append({
            "kind": kind, "line": node.lineno, "column": self.column(node.lineno, node.col_offset), "level": level,
            "module": module, "names": names, "scope": state["scope"], "guard": guard, "typeOnly": state["type"],
        })

    def names(self, node):
        return [{"name": a.name, "alias": a.asname, "line": a.lineno, "column": self.column(a.lineno, a.col_offset)} for a in node.names]

    def visit(self, node, state):
        if isinstance(node, ast.Import):
            return self.add("import", node, 0, "", self.names(node), state)
        if isinstance(node, ast.ImportFrom):
            return self.add("from", node, node.level, node.module or "", self.names(node), state)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for n in node.decorator_list + [node.args] + ([node.returns] if node.returns else []):
                self.visit(n, state)
            path = state["path"] + [node.name]
            inner = {**state, "path": path, "scope": ".".join(path), "guards": []}
            return self.body(node.body, inner)
        if isinstance(node, ast.ClassDef):
            for n in node.decorator_list + node.bases + node.keywords:
                self.visit(n, state)
            return self.body(node.body, {**state, "path": state["path"] + [node.name]})
        if isinstance(node, ast.If):
            self.visit(node.test, state)
            self.body(node.body, {**state, "type": state["type"] or never(node.test)})
            return self.body(node.orelse, {**state, "type": state["type"] or inverted(node.test)})
        if isinstance(node, (ast.Try, getattr(ast, "TryStar", ast.Try))):
            handler = next(((caught(h.type), h) for h in node.handlers if caught(h.type)), None)
            guard = [{"catches": handler[0], "raises": raises(handler[1].body)}] if handler else []
            self.body(node.body, {**state, "guards": state["guards"] + guard})
            for h in node.handlers:
                if h.type:
                    self.visit(h.type, state)
                inside = [{"catches": "handler", "raises": False}] if caught(h.type) else []
                self.body(h.body, {**state, "guards": state["guards"] + inside})
            self.body(node.orelse, state)
            return self.body(node.finalbody, state)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            inner = state
            for item in node.items:
                self.visit(item, state)
                c = item.context_expr
                if isinstance(c, ast.Call) and last(c.func) == "suppress" and any(last(a) in CATCHES for a in c.args):
                    inner = {**state, "guards": state["guards"] + [{"catches": "suppress", "raises": False}]}
            return self.body(node.body, inner)
        if isinstance(node, ast.Call) and last(node.func) in ("import_module", "__import__") and node.args:
            a = node.args[0]
            if isinstance(a, ast.Constant) and isinstance(a.value, str) and a.value and all(c.isalnum() or c in "._" for c in a.value):
                level = len(a.value) - len(a.value.lstrip("."))
                self.add("dynamic", a, level, a.value[level:], [], state)
        for child in ast.iter_child_nodes(node):
            self.visit(child, state)

    def body(self, nodes, state):
        for n in nodes:
            self.visit(n, state)


sys.setrecursionlimit(10000)
for line in sys.stdin:
    try:
        with open(line.rstrip("\n"), "rb") as f:
            source = f.read()
        text = source.decode("utf-8")
        v = Visitor(text)
        v.body(ast.parse(source).body, {"path": [], "scope": None, "guards": [], "type": False})
        print(json.dumps(sorted(v.out, key=lambda i: (i["line"], i["column"]))))
    except (SyntaxError, ValueError, RecursionError, UnicodeDecodeError):
        print("null")
